import type { staffLinks as english } from '../../en/staff/links.ts'
import { counted } from '../counted.ts'

export const staffLinks: typeof english = {
  title: 'Enlaces',
  heading: 'Todos los enlaces creados',
  lede: 'Enlaces de los correos de inicio de sesión, de tus otros sistemas y del equipo. Cada uno sigue en esta lista 90 días después de dejar de funcionar.',
  make: 'Crear un enlace',

  days: {
    heading: 'Los últimos 30 días',
    says: (made, used) =>
      `${counted(made, 'enlace creado', 'enlaces creados')}, ${counted(used, 'usado', 'usados')}.`,
    none: 'No hubo enlaces en los últimos 30 días.',
    chart: (day, made) => `Enlaces creados y usados, día por día. El ${day} se crearon más: ${made}.`,
    made: 'Creados',
    used: 'Usados',
  },

  filter: {
    heading: 'Los enlaces',
    open: 'Mostrar solo algunos',
    state: 'Estado',
    anyState: 'Cualquier estado',
    states: { open: 'Válido', used: 'Usado', expired: 'Vencido', canceled: 'Cancelado' },
    by: 'Quién lo creó',
    anyMaker: 'Cualquiera',
    makers: {
      portal: 'Personas voluntarias, al pedir un correo',
      application: 'Tus otros sistemas',
      staff: 'El equipo',
      operator: 'Quien administra el portal',
    },
    button: 'Mostrar',
    none: 'Ningún enlace coincide.',
    list: 'Enlaces, los más recientes primero',
    newest: 'Más recientes',
    older: 'Anteriores',
  },

  link: {
    title: 'Un enlace',
    forWhom: 'Para',
    madeBy: 'Quién lo creó',
    madeAt: 'Creado',
    goesTo: 'Lleva a',
    opened: 'Se abrió',
    times: (n) => (n === 0 ? 'Todavía no se ha abierto' : counted(n, 'vez', 'veces')),
    opens: 'Quién lo abrió',
    person: 'Ayudar a esta persona a iniciar sesión',
    withdraw: 'Cancelar este enlace',
    withdrawWhat: 'Ya no servirá para iniciar sesión. No se puede deshacer.',
    back: 'Volver a los enlaces',
  },

  done: {
    withdrawn: 'El enlace está cancelado.',
    over: 'No cambió nada: el enlace ya no funcionaba.',
  },

  new: {
    title: 'Crear un enlace',
    heading: 'Crea un enlace de inicio de sesión para una persona',
    what: 'Tú lo entregas: en papel, en una pantalla o en un mensaje. La persona también recibe un correo que avisa que lo creaste.',
    email: 'Su correo electrónico',
    landing: 'A dónde lleva',
    landings: { hub: 'Su página de inicio', resume: 'Sus horas', campaign: 'Una campaña' },
    campaign: 'Campaña',
    campaignHint:
      'Solo para una campaña: la última parte de su dirección en VOMO, como “limpieza-de-primavera”.',
    button: 'Crear el enlace',
    errors: {
      landing: 'Elige a dónde lleva el enlace.',
      campaignMissing: 'Escribe la campaña o elige otra página.',
      campaignUnknown: 'VOMO no tiene una campaña con este nombre. Revisa la última parte de su dirección.',
      unavailable: 'VOMO no responde ahora mismo. Inténtalo otra vez en un minuto.',
      staff: 'Esta persona es del equipo y tiene más permisos que tú. Una persona titular puede ayudarle.',
      no_record: 'En VOMO nadie tiene esta dirección. Revisa cómo se escribe o agrega a la persona en VOMO.',
      two_records: 'Dos registros de VOMO tienen esta dirección. Combínalos allí o cambia uno.',
      too_many_alike:
        'Hay direcciones demasiado parecidas y la búsqueda de VOMO no termina. Busca a la persona en VOMO.',
      orphaned: 'Su registro ya no está en VOMO. Búscala en Personas para ver cómo resolverlo.',
      stale: 'VOMO tiene ahora otro correo de esta persona. Usa ese.',
      disabled: 'Su inicio de sesión está desactivado. Búscala en Personas para activarlo otra vez.',
      not_staff: 'Esta página es solo para el equipo.',
    },
  },

  made: {
    title: 'El enlace nuevo',
    heading: 'Aquí está el enlace',
    for: (address) => `Con él inicia sesión ${address}.`,
    once: 'Solo puedes verlo ahora. Para entregarlo otra vez, crea otro.',
    code: 'El enlace como código QR, para la cámara de un teléfono',
    text: 'El enlace como texto',
    until: (moment) => `Funciona una sola vez, hasta: ${moment}.`,
    careful: 'Entrégalo solo a la persona para quien es. Con él inicia sesión.',
    another: 'Crear otro enlace',
    look: 'Ver qué pasa con él',
  },

  mail: {
    subject: (organization) => `Un enlace para iniciar sesión en ${organization}`,
    preview: 'Alguien del equipo lo creó para dártelo.',
    what: (organization, when) =>
      `Alguien del equipo de ${organization} creó un enlace de inicio de sesión para dártelo. Fue el ${when}.`,
    expected: 'Si lo pediste, no tienes que hacer nada.',
    notYou: '¿No lo pediste? Cancela el enlace y nadie podrá iniciar sesión con él:',
    button: 'Cancelar el enlace',
  },
}
