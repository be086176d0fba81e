import type { staff as english } from '../../en/staff/staff.ts'
import { counted, noun } from '../counted.ts'

const links: (typeof english)['links'] = {
  heading: 'Los últimos enlaces',
  none: 'Aquí todavía no se ha creado ningún enlace.',
  lede: 'Abrir un enlace no cuenta como usarlo. Tocar su botón sí.',
  all: 'Ver todos los enlaces',
  sent: 'Enviado',
  forWhom: 'Para',
  state: 'Estado',
  opens: 'Veces que se abrió',
  opensAfter: (n) => noun(n, 'vez que se abrió', 'veces que se abrió'),
  anyone: 'Cualquiera que lo tenga',
  madeBy: {
    portal: 'En un correo de inicio de sesión',
    application: (name) => `Lo creó ${name}`,
    staff: 'Lo creó alguien del equipo',
    operator: 'Lo creó quien administra el portal',
  },
  someApplication: 'un sistema que ya no está configurado',
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
    usable: (when) => `Válido hasta: ${when}`,
    spent: (when) => `Usado: ${when}`,
    expired: (when) => `Vencido: ${when}`,
    replaced: (when) => `Cancelado: ${when}. Se pidieron otros más recientes`,
    sibling_spent: (when) => `Cancelado: ${when}. Inició sesión con otro enlace`,
    not_me: (when) => `Cancelado: ${when}. Avisó que no lo había pedido`,
    withdrawn: (when) => `Cancelado: ${when}. Quien lo creó lo canceló`,
  },
  whatHappened: 'Quién lo abrió',
  moreOpens: (n) => `Y ${n} más.`,
  reasons: {
    nothing_unusual: 'No hubo nada fuera de lo común.',
    cookie_missing: 'No fue en el navegador donde se pidió.',
    address_differs: 'No fue desde la red para la que se creó.',
    announced_prefetch: 'El navegador avisó que todavía nadie lo miraba.',
    names_itself_preview: 'Se identificó como un programa que hace vistas previas.',
    names_itself_scanner: 'Se identificó como un programa que revisa correos o páginas.',
    no_browser: 'No se presentó como navegador.',
    asked_for_headers_only: 'Comprobó que la página existe, sin leerla.',
    no_navigation: 'La página se cargó, pero nadie la visitó.',
    within_seconds: 'Llegó antes de que alguien pudiera leer el correo.',
  },
}

const volunteer: (typeof english)['volunteer'] = {
  looking: (name) => `Estás viendo a ${name} como parte del equipo.`,
  noted: 'Esa persona ve lo mismo en “Mis horas”. Esta consulta queda registrada.',
  notedState: 'Esta consulta queda registrada.',
  account: 'Su cuenta aquí',
  standing: 'Estado',
  signsInWith: 'Inicia sesión con',
  lastSignIn: 'Último inicio de sesión',
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
      heading: 'Esta cuenta no tiene registro de voluntariado',
      what: 'El equipo no lo necesita. En VOMO no hay ningún registro con esta dirección.',
      next: 'Si también hace voluntariado, agrega a esa persona en VOMO con la misma dirección. La encontraremos la próxima vez que inicie sesión.',
    },
    orphaned: {
      heading: 'Su registro ya no está en VOMO',
      what: 'Se eliminó allí, o se combinó con otro.',
      next: 'Si se combinó, esa persona puede iniciar sesión con el correo del otro registro. Si se eliminó por error, el soporte de VOMO puede decirte qué es posible.',
    },
    stale: {
      heading: 'VOMO tiene ahora otro correo de esa persona',
      what: 'Nadie puede ver este registro aquí hasta que inicie sesión con la nueva dirección.',
      next: 'Cuando inicie sesión con la nueva dirección, todo funcionará como antes. Si el cambio fue un error, vuelve a poner la dirección anterior en VOMO.',
    },
    disabled: {
      heading: 'Su inicio de sesión está desactivado',
      what: 'Sus horas en VOMO no han cambiado.',
      next: 'Quienes administran este portal pueden activarlo de nuevo.',
    },
    out_of_reach: {
      heading: 'No podemos mostrar su registro en este momento',
      what: 'VOMO no responde ahora mismo, y aquí no hay ninguna copia.',
      next: 'No se ha perdido nada. Inténtalo otra vez en un minuto.',
    },
  },
  resume: (name) => ({
    total: (n, figure) => `${name} ha dado ${figure} ${noun(n, 'hora', 'horas')}`,
    totalNone: `${name} todavía no tiene horas`,
    totalNoneWhat: 'Cuando la organización del turno las registre, aparecerán aquí.',
    empty: 'Aquí todavía no hay nada. Los turnos aparecen cuando alguien se inscribe en VOMO.',
  }),
  item: 'Algo que llevó, no tiempo',
  items: (n) => `${counted(n, 'cosa', 'cosas')} que llevó, no tiempo`,
}

export const staff: typeof english = {
  title: 'Equipo',
  menu: {
    label: 'Páginas del equipo',
    places: {
      today: 'Hoy',
      people: 'Personas',
      problems: 'Problemas',
      links: 'Enlaces',
      team: 'Equipo',
      settings: 'Ajustes',
      announcements: 'Anuncios',
      ways_in: 'Acceso',
      applications: 'Sistemas',
      audit: 'Qué pasó',
    },
  },
  heading: (organization) => `La puerta de entrada de ${organization}`,
  roles: { viewer: 'consulta', coordinator: 'coordinación', owner: 'titular' },
  you: (address, role) => `Sesión iniciada con función de ${role} (${address}).`,
  signIns: (people, days) =>
    `${counted(people, 'persona inició', 'personas iniciaron')} sesión en los últimos ${days} días.`,
  notByProvider: {
    heading: 'Quién no pudo iniciar sesión con su cuenta',
    lede: 'Los últimos siete días. Una parte de cada dirección está oculta.',
    when: 'Cuándo',
    account: 'Cuenta',
    why: 'Por qué',
    rules: {
      none: 'Ningún registro de voluntariado en VOMO tiene esta dirección',
      several: 'Dos registros de VOMO comparten esta dirección: combínalos allí o cambia uno',
      incomplete: 'Hay direcciones demasiado parecidas y la búsqueda de VOMO no termina',
      another: 'Antes usó otro registro: pon esta dirección en ese registro de VOMO',
    },
    reasons: {
      unreachable: 'El sistema de identidad no respondió',
      denied: 'Lo canceló, o el sistema de identidad dijo que no',
      not_valid: 'La respuesta del sistema de identidad no pasó nuestras comprobaciones',
      no_email: 'La cuenta no tiene correo',
      unverified: 'El sistema de identidad no confirma la dirección',
      domain: 'La dirección es de otro dominio',
      other: 'Otro motivo',
    },
  },
  notMailed: {
    heading: 'A quién no pudimos enviarle un enlace',
    none: 'Todas las personas que lo pidieron en los últimos siete días están en VOMO.',
    lede: 'Solicitudes de los últimos siete días, por motivo. Las direcciones no se guardan.',
    reasons: {
      none: 'Ningún registro de voluntariado en VOMO tiene esa dirección',
      several:
        'Dos registros de VOMO comparten la dirección: combínalos allí, cambia uno o pide que activen “shared addresses”',
      incomplete: 'Hay demasiadas direcciones parecidas para que la búsqueda de VOMO termine',
      too_many_requests: 'La misma dirección lo pidió demasiadas veces',
      by_provider: 'Inicia sesión con la cuenta de su organización, y se lo dijimos por correo',
      other: 'Otra cosa',
    },
    reason: 'Motivo',
    count: 'Solicitudes',
  },
  deadEmails: {
    heading: 'Correos que no llegaron',
    none: 'Se aceptaron todos los correos de los últimos meses.',
    to: 'Para',
    when: 'Cuándo',
    why: 'Qué dijo el servidor de correo',
    bounced: (code) => `devuelto (${code})`,
    failed: (code) => `no aceptado (${code})`,
  },
  standing: {
    heading: 'Registros por corregir',
    none: 'No hay registros por corregir.',
    stale: (n) =>
      `Se cerró la sesión de ${counted(n, 'persona', 'personas')} porque su correo cambió en VOMO. Se arregla al iniciar sesión con el nuevo.`,
    orphaned: (n) =>
      `${counted(n, 'persona', 'personas')} sin registro en VOMO. Si se combinó con otro, hay que iniciar sesión con el correo de ese registro.`,
    missing: (n) =>
      `En la última hora, VOMO no encontró el registro de ${counted(n, 'persona', 'personas')}. Seguimos preguntando antes de darlo por perdido.`,
    manyMissing: (n) =>
      `En la última hora, VOMO no encontró los registros de ${counted(n, 'persona', 'personas')}. Parece un problema de VOMO, así que no se marcó a nadie. Ven lo último que sabíamos, o que VOMO no responde.`,
  },
  copiedPasskeys: {
    heading: 'Llaves de acceso desactivadas',
    what: (n) =>
      `${counted(n, 'persona tenía', 'personas tenían')} una llave de acceso que alguien pudo copiar. La desactivamos y avisamos por correo. Se puede iniciar sesión por correo y quitarla. Conviene preguntar si alguien más usa ese dispositivo.`,
  },
  links,
  volunteer,
}
