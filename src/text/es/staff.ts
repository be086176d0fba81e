import type { staff as english } from '../en/staff.ts'
import { counted, noun } from './counted.ts'

const links: (typeof english)['links'] = {
  heading: 'Los últimos enlaces',
  none: 'Aquí todavía no se ha creado ningún enlace.',
  lede: 'Abrir un enlace no lo gasta; pulsar su botón sí.',
  earlier: (n) => counted(n, 'enlace anterior', 'enlaces anteriores'),
  sent: 'Enviado',
  forWhom: 'Para',
  state: 'Qué fue de él',
  opens: 'Veces que se abrió',
  opensAfter: (n) => noun(n, 'vez que se abrió', 'veces que se abrió'),
  anybody: 'Quien lo tenga',
  madeBy: {
    portal: 'En un correo para entrar',
    application: (name) => `Lo creó ${name}`,
    staff: 'Lo creó alguien del equipo',
    operator: 'Lo creó quien administra el portal',
  },
  someApplication: 'un sistema que ya no se conoce',
  leadsTo: (where) => `lleva a ${where}`,
  landings: {
    hub: 'su página de inicio',
    hours: 'sus horas',
    shifts: 'sus turnos',
    profile: 'su perfil',
    staff: 'las páginas del equipo',
    volunteer: 'las horas de una persona, para el equipo',
    elsewhere: 'otra página',
  },
  states: {
    usable: (when) => `Vale hasta: ${when}`,
    spent: (when) => `Usado: ${when}`,
    expired: (when) => `Vencido: ${when}`,
    replaced: (when) => `Desactivado: ${when}; se pidieron otros más recientes`,
    sibling_spent: (when) => `Desactivado: ${when}; entró con otro enlace`,
    not_me: (when) => `Desactivado: ${when}; quien lo leyó no lo había pedido`,
    withdrawn: (when) => `Desactivado: ${when}; se retiró`,
  },
  whatHappened: 'Quién lo abrió',
  moreOpens: (n) => `Y ${n} más.`,
  reasons: {
    nothing_unusual: 'No hubo nada fuera de lo común.',
    cookie_missing: 'No fue en el navegador donde se pidió.',
    address_differs: 'No fue desde la red para la que se creó.',
    announced_prefetch: 'El navegador avisó de que todavía nadie miraba.',
    names_itself_preview: 'Dio el nombre de un programa que hace vistas previas.',
    names_itself_scanner: 'Dio el nombre de un programa que lee correos o páginas.',
    no_browser: 'No se presentó como navegador.',
    asked_for_headers_only: 'Miró si la página existe, sin leerla.',
    no_navigation: 'La página se cargó, pero nadie fue a ella.',
    within_seconds: 'Llegó antes de que alguien pudiera leer el correo.',
  },
}

const volunteer: (typeof english)['volunteer'] = {
  looking: (name) => `Estás viendo a ${name} como parte del equipo.`,
  noted: 'Esa persona ve lo mismo en “Mis horas”. Queda constancia de que lo has visto.',
  notedState: 'Queda constancia de que lo has visto.',
  account: 'Su cuenta aquí',
  standing: 'Situación',
  signsInWith: 'Entra con',
  lastSignIn: 'Última vez que entró',
  notLately: 'No en las últimas semanas',
  back: 'Volver a las páginas del equipo',
  again: 'Intentar otra vez',
  standings: {
    active: 'Todo en orden',
    no_record: 'Sin registro de voluntariado',
    orphaned: 'Su registro ya no está en VOMO',
    stale: 'Otro correo en VOMO',
    disabled: 'Desactivada',
  },
  states: {
    no_record: {
      heading: 'Detrás de esta cuenta no hay registro de voluntariado',
      what: 'El equipo no lo necesita. En VOMO no hay nadie del voluntariado que le corresponda.',
      next: 'Si también hace voluntariado, añade a esa persona en VOMO con la dirección con la que entra. La próxima vez que entre se encontrará.',
    },
    orphaned: {
      heading: 'Su registro ya no está en VOMO',
      what: 'Allí se quitó, o se unió con otro.',
      next: 'Si se unió con otro, esa persona entra con el correo de aquel. Si se quitó por error, el soporte de VOMO puede decir qué es posible.',
    },
    stale: {
      heading: 'VOMO tiene ahora otro correo de esa persona',
      what: 'Hasta que alguien demuestre que la nueva dirección es suya, aquí no se muestra este registro a nadie.',
      next: 'Que entre con la nueva dirección, y todo será como antes. Si el cambio fue un error, vuelve a poner la dirección anterior en VOMO.',
    },
    disabled: {
      heading: 'Su inicio de sesión está desactivado',
      what: 'Sus horas en VOMO siguen como están.',
      next: 'Quien administra este portal puede activarlo de nuevo.',
    },
    out_of_reach: {
      heading: 'Por un momento no podemos mostrar su registro',
      what: 'VOMO no responde ahora mismo, y aquí no hay ninguna copia.',
      next: 'No se ha perdido nada. En un minuto puede que funcione otra vez.',
    },
  },
  resume: (name) => ({
    total: (n, figure) => `${name} ha dado ${figure} ${noun(n, 'hora', 'horas')}`,
    totalNone: `${name} todavía no tiene horas`,
    totalNoneWhat: 'Cuando quien organiza un turno las anote, aparecerán aquí.',
    empty: 'Aquí todavía no hay nada. Los turnos aparecen cuando alguien se apunta en VOMO.',
  }),
  item: 'Algo que llevó, no tiempo',
  items: (n) => `${counted(n, 'cosa', 'cosas')} que llevó, no tiempo`,
}

export const staff: typeof english = {
  title: 'Equipo',
  heading: (organisation) => `La puerta de entrada de ${organisation}`,
  roles: { viewer: 'consulta', coordinator: 'coordinación', owner: 'titular' },
  you: (address, role) => `Entraste con ${address}. Tu función: ${role}.`,
  signIns: (people, days) =>
    `${counted(people, 'persona entró', 'personas entraron')} en los últimos ${days} días.`,
  notMailed: {
    heading: 'A quién no se pudo enviar un enlace',
    none: 'Todas las personas que lo pidieron en los últimos siete días constan en VOMO.',
    lede: 'Peticiones de los últimos siete días, según lo que lo impidió. Las direcciones no se guardan.',
    reasons: {
      none: 'Nadie del voluntariado tiene en VOMO esa dirección',
      several: 'Dos registros de VOMO comparten la dirección: únelos allí o cambia uno',
      incomplete: 'La dirección forma parte de tantas otras que la búsqueda de VOMO no termina',
      too_many_requests: 'La misma dirección lo pidió una y otra vez',
      other: 'Otra cosa',
    },
    reason: 'Qué lo impidió',
    count: 'Peticiones',
  },
  deadMails: {
    heading: 'Correos que no llegaron',
    none: 'Se aceptaron todos los correos de los últimos meses.',
    to: 'Para',
    when: 'Cuándo',
    why: 'Qué dijo el servidor de correo',
    bounced: (code) => `devuelto (${code})`,
    failed: (code) => `no aceptado (${code})`,
  },
  standing: {
    heading: 'Registros que conviene mirar',
    none: 'Ningún registro impide entrar a nadie.',
    stale: (n) =>
      `Se cerró la sesión de ${counted(n, 'persona', 'personas')} porque su correo cambió en VOMO; se arregla al entrar con el nuevo.`,
    orphaned: (n) =>
      `${counted(n, 'persona', 'personas')} sin registro en VOMO. Si se unió con otro, se entra con el correo de aquel.`,
  },
  links,
  volunteer,
}
