import type { account as english } from '../en/account.ts'
import { plural } from '../plural.ts'

const choose = plural('es')
const browsers = (n: number) => `${n} ${choose(n, { one: 'navegador', other: 'navegadores' })}`

export const account: typeof english = {
  title: 'Cuenta',
  heading: (n) =>
    n === 1
      ? 'Tienes la sesión abierta solo en este navegador'
      : `Tienes la sesión abierta en ${browsers(n)}`,
  lede: (address) => `Inicias sesión con ${address}. Aquí también puedes descargar tus datos o borrarlos.`,

  fromProfile: 'Dónde tienes la sesión abierta y qué guardamos de ti',

  sessions: {
    heading: 'Dónde tienes la sesión abierta',
    here: 'Este navegador',
    device: (browser, system) => {
      if (browser !== null && system !== null) return `${browser} en ${system}`
      return browser ?? system ?? 'Un navegador sin nombre'
    },
    forStaff: 'Con acceso del equipo',
    shared: 'En una computadora compartida: termina al cerrar el navegador o después de dos horas',
    ways: {
      mailed_link: 'Con un enlace que te enviamos por correo',
      code: 'Con un código que te enviamos por correo',
      made_link: 'Con un enlace creado para ti',
      spoken_code: 'Con un código que te leyó el equipo',
      rownd_link: 'Con un enlace de otro sitio de la organización',
      provider: 'Con tu cuenta de la organización',
      provider_anew: 'Con la cuenta de tu organización, después de volver a entrar allí',
      password: 'Con tu contraseña',
      passkey: 'Con una llave de acceso',
    },
    secondStep: {
      passkey: (moment) => `Confirmada para las páginas del equipo, con una llave de acceso: ${moment}`,
      provider: (moment) =>
        `Confirmada para las páginas del equipo, con tu cuenta de la organización: ${moment}`,
      code: (moment) =>
        `Confirmada para las páginas del equipo, con un código que te enviamos por correo: ${moment}`,
    },
    since: (moment) => `Inicio de sesión: ${moment}`,
    lastUsed: (moment) => `Último uso: ${moment}`,
    end: 'Cerrar esa sesión',
    unknown: '¿No reconoces alguno? Cierra esa sesión. El efecto es inmediato.',
    endOthers: 'Cerrar sesión en todos los demás',
    endAll: 'Cerrar sesión en todas partes',
    ended: 'Esa sesión está cerrada.',
    othersEnded: 'Todas las demás sesiones están cerradas.',
  },

  copy: {
    heading: 'Llévate tus datos',
    what: 'Recibes tu registro como lo ves aquí, tus turnos y horas, y dónde iniciaste sesión. También los correos y enlaces que te enviamos, y tu historial de actividad.',
    everything: 'Descargar todo (JSON)',
    hours: 'Descargar mis horas (CSV)',
    hoursForExcel: 'Descargar mis horas para Excel en español',
  },

  keeps: {
    heading: 'Cuánto tiempo se guarda',
    list: [
      'Dónde iniciaste sesión: 30 días después de cerrarla.',
      'La constancia de un correo que te enviamos: 90 días. El correo mismo: hasta que se envía.',
      'Los enlaces creados para ti: 90 días después de que vencen.',
      'Tu registro se queda en VOMO. Aquí guardamos una copia por un día como máximo.',
    ],
  },

  erase: {
    title: 'Borrar mis datos',
    start: 'Borrar lo que se guarda aquí',
    startWhat: 'Puedes borrar lo que este portal guarda de ti. Tu registro en VOMO se queda.',
    heading: 'Borrar lo que este portal guarda de ti',
    lede: 'Se borra de inmediato y nadie puede recuperarlo.',
    erased: 'Lo que se borra aquí',
    erasedList: [
      'Tu cuenta en este portal, con tu dirección de correo',
      'Todas tus sesiones abiertas, también la de este navegador',
      'Tus llaves de acceso aquí, aunque tus dispositivos quizá las sigan mostrando',
      'Los enlaces creados para ti, y quién los abrió',
      'La constancia de los correos que te enviamos, y los que aún no salen',
      'Tu contraseña, tu enlace de calendario, tus recordatorios y tus ajustes aquí',
      'Tu nombre en el historial de actividad, que sigue contando lo que pasó',
    ],
    erasedForStaff: 'Tu función en las páginas del equipo',
    stays: 'Lo que se queda',
    staysList: [
      'Tu registro en VOMO, que pertenece a la organización',
      'Los correos que ya recibiste, en tu bandeja de entrada',
      'Las copias de seguridad, hasta que otras más nuevas las reemplacen',
    ],
    staysElsewhere: (applications) => `Lo que guarda de ti ${applications}`,
    again: 'Puedes volver a iniciar sesión cuando quieras. Empezarás con una cuenta nueva.',
    vomo: {
      heading: 'Para que se borre también tu registro en VOMO',
      what: (contact) => `Envía esto a ${contact}:`,
      subject: 'Por favor, borren mi registro de voluntariado',
      text: (organization) =>
        `Hola, soy parte del voluntariado de ${organization}. Por favor, borren lo que guardan de mí en VOMO y avísenme cuando esté listo. Mi registro está con la dirección de correo desde la que escribo. Gracias.`,
      write: 'Escribir este correo',
    },
    confirm: 'Sí, borren lo que este portal guarda de mí',
    confirmError: 'Marca la casilla para borrar tus datos.',
    button: 'Borrar mis datos',
    fresh: {
      heading: 'Primero, vuelve a iniciar sesión',
      what: 'Lo que se borra no se puede recuperar. Necesitas haber iniciado sesión por correo en la última hora. El enlace del correo te trae de vuelta aquí.',
      button: 'Enviarme un correo para iniciar sesión',
      byProvider: (label) =>
        `Lo que se borra no se puede recuperar. Necesitas volver a iniciar sesión con ${label}. Después regresas a esta página y tienes una hora.`,
    },
    lastOwner: {
      heading: 'Antes, otra persona tiene que quedar a cargo',
      what: (organization) =>
        `Eres la última persona a cargo de las páginas del equipo de ${organization}. Sin nadie a cargo, no se podría decidir quién es del equipo. Pide a quienes administran este portal que pongan a otra persona a cargo. Después podrás borrar tus datos aquí.`,
    },
    keep: 'Conservar mis datos',
  },

  erased: {
    title: 'Borrado',
    heading: 'Lo que este portal guardaba de ti está borrado',
    what: 'Tu sesión está cerrada en todas partes. Si vuelves a iniciar sesión, empezarás con una cuenta nueva.',
  },

  leftOut: [
    'Los secretos y sus huellas, y los números de VOMO para personas y turnos. Abren o nombran cosas y no dicen nada de ti.',
    'Las direcciones de red desde las que se abrieron tus enlaces. Pueden ser de otra persona.',
    'Lo que otros sistemas de la organización guardan de ti. Aquí dice cuáles son, y allí puedes pedirlo.',
    'El texto de los correos. Se borra aquí en cuanto se envían.',
  ],

  events: {
    'sign_in.mailed': 'Te enviamos un enlace para iniciar sesión.',
    'sign_in.record_proved': 'Mostraste cuál registro es el tuyo, con tu apellido y tu fecha de nacimiento.',
    'sign_in.opened': 'Iniciaste sesión.',
    'sign_in.denied_by_owner': 'Nos avisaste que un inicio de sesión no fue tuyo.',
    'sign_in.provider_refused': 'Intentaste iniciar sesión con otra cuenta, y no fue posible.',
    'second_step.mailed': 'Te enviamos un código para las páginas del equipo.',
    'second_step.failed': 'Intentaste confirmar que eres tú para las páginas del equipo, y no fue posible.',
    'second_step.done': 'Confirmaste que eres tú para las páginas del equipo.',
    'password.set': 'Elegiste una contraseña.',
    'password.removed': 'Quitaste tu contraseña.',
    'passkey.added': 'Creaste una llave de acceso.',
    'passkey.removed': 'Quitaste una llave de acceso.',
    'passkey.refused': 'Desactivamos una llave de acceso que alguien pudo copiar.',
    'link.issued': 'Se creó un enlace para que inicies sesión.',
    'link.refused': 'Se pidió un enlace para ti, pero no se creó.',
    'link.spent': 'Se usó un enlace tuyo.',
    'link.withdrawn': 'Se canceló un enlace tuyo.',
    'session.ended': 'Se cerró tu sesión en un navegador.',
    'person.created': 'Se creó tu cuenta.',
    'person.address_changed': 'Iniciaste sesión con una dirección nueva.',
    'person.stale': 'VOMO tenía otra dirección para ti, así que se cerraron todas tus sesiones.',
    'person.orphaned': 'Tu registro ya no estaba en VOMO.',
    'hand_off.made': 'Pasaste a VOMO con tu sesión iniciada.',
    'hand_off.refused': 'Quisiste pasar a VOMO, pero no pudimos iniciar tu sesión allí.',
    'person.language_set': 'Elegiste un idioma.',
    'record.changed': 'Cambiaste tu registro.',
    'record.not_changed': 'Cambiaste tu registro, pero no todo se guardó en VOMO.',
    'calendar.made': 'Creaste un enlace de calendario.',
    'calendar.switched_off': 'Desactivaste tu enlace de calendario.',
    'reminders.switched_on': 'Pediste recordatorios por correo.',
    'reminders.switched_off': 'Tus recordatorios por correo terminaron.',
    'staff.viewed_volunteer': 'Alguien del equipo vio tu página.',
    other: 'Pasó algo con tu cuenta.',
  },
}
