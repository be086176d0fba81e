import type { account as english } from '../en/account.ts'
import { plural } from '../plural.ts'

const choose = plural('es')
const browsers = (n: number) => `${n} ${choose(n, { one: 'navegador', other: 'navegadores' })}`

export const account: typeof english = {
  title: 'Cuenta',
  heading: (n) => (n === 1 ? 'Solo este navegador tiene tu sesión' : `Tu sesión está en ${browsers(n)}`),
  lede: (address) =>
    `Entras con ${address}. Aquí también puedes llevarte una copia de tus datos o borrarlos.`,

  fromProfile: 'Dónde está abierta tu sesión y qué se guarda de ti',

  sessions: {
    heading: 'Dónde está abierta tu sesión',
    here: 'Este navegador',
    device: (browser, system) => {
      if (browser !== null && system !== null) return `${browser} en ${system}`
      return browser ?? system ?? 'Un navegador que no sabemos nombrar'
    },
    forStaff: 'Con las páginas del equipo',
    since: (moment) => `Entraste: ${moment}`,
    lastUsed: (moment) => `Último uso: ${moment}`,
    end: 'Cerrar allí',
    unknown: '¿No reconoces alguno? Ciérralo. Termina al instante.',
    endOthers: 'Cerrar en todos los demás',
    endAll: 'Cerrar en todas partes',
    ended: 'Esa sesión está cerrada.',
    othersEnded: 'Todas las demás sesiones están cerradas.',
  },

  copy: {
    heading: 'Llévate tus datos',
    what: 'Tu registro tal como se muestra aquí, tus turnos y horas, dónde entraste, los correos y enlaces que te enviamos y lo que se anotó de ellos.',
    everything: 'Descargar todo (JSON)',
    hours: 'Descargar mis horas (CSV)',
  },

  keeps: {
    heading: 'Cuánto tiempo se guarda',
    list: [
      'Dónde entraste: 30 días después de que termina.',
      'Que se te envió un correo: 90 días. El correo mismo: hasta que sale.',
      'Los enlaces hechos para ti: 90 días después de que vencen.',
      'Tu registro está en VOMO. Aquí hay una copia, por un día como máximo.',
    ],
  },

  erase: {
    title: 'Borrar mis datos',
    start: 'Borrar lo que se guarda aquí',
    startWhat: 'Puedes borrar lo que este portal guarda de ti. Tu registro en VOMO se queda.',
    heading: 'Borrar lo que este portal guarda de ti',
    lede: 'Desaparece al instante y nadie puede recuperarlo.',
    erased: 'Lo que se borra aquí',
    erasedList: [
      'Tu cuenta en este portal, con tu dirección de correo',
      'Todas tus sesiones abiertas, también la de este navegador',
      'Los enlaces hechos para ti, y quién los abrió',
      'Que se te enviaron correos, y los que aún esperan',
      'Tu calendario y lo que ajustaste aquí',
      'Tu parte en el historial: lo que pasó se sigue contando, sin ti',
    ],
    erasedForStaff: 'Tu función en las páginas del equipo',
    stays: 'Lo que se queda',
    staysList: [
      'Tu registro en VOMO: nombre, domicilio, inscripciones y horas. Pertenece a la organización',
      'Los correos que ya recibiste, en tu propio buzón',
      'Las copias de seguridad, hasta que otras más nuevas las reemplacen',
    ],
    staysElsewhere: (applications) => `Lo que guarda de ti ${applications}`,
    again: 'Puedes volver a entrar cuando quieras. Entonces empieza una cuenta nueva.',
    vomo: {
      heading: 'Para que se borre también tu registro en VOMO',
      what: (contact) => `Envía esto a ${contact}:`,
      subject: 'Por favor, borren mi registro de voluntariado',
      text: (organisation) =>
        `Hola, soy parte del voluntariado de ${organisation}. Por favor, borren lo que se guarda de mí en VOMO y avísenme cuando esté hecho. Mi registro está con la dirección de correo desde la que escribo. Gracias.`,
      write: 'Escribir este correo',
    },
    confirm: 'Sí, borren lo que este portal guarda de mí',
    confirmError: 'Marca la casilla para borrar tus datos.',
    button: 'Borrar mis datos',
    fresh: {
      heading: 'Primero entra una vez más',
      what: 'Lo que se borra no se puede recuperar, así que hace falta haber entrado por correo en la última hora. El enlace del correo te trae de vuelta aquí.',
      button: 'Envíame un correo para entrar',
    },
    lastOwner: {
      heading: 'Antes, otra persona tiene que quedar a cargo',
      what: (organisation) =>
        `Eres la última persona a cargo de las páginas del equipo de ${organisation}. Sin nadie a cargo, nadie podría decidir quién es del equipo. Pide a quien administra este portal que ponga a otra persona a cargo; después podrás borrar tus datos aquí.`,
    },
    keep: 'Conservar mis datos',
  },

  erased: {
    title: 'Borrado',
    heading: 'Lo que este portal guardaba de ti está borrado',
    what: 'Tu sesión está cerrada en todas partes. Si vuelves a entrar, empieza una cuenta nueva.',
  },

  leftOut: [
    'Los secretos y sus huellas, y los números con que VOMO nombra a personas y turnos: abren o nombran cosas, y no dicen nada de ti.',
    'Las direcciones de red desde las que se abrieron los enlaces: pueden ser de otra persona.',
    'Lo que otros sistemas de la organización guardan de ti: se nombran aquí, y quien los lleva lo tiene.',
    'El texto de los correos: se borra aquí en cuanto el correo sale.',
  ],

  events: {
    'sign_in.mailed': 'Se te escribió un correo para entrar.',
    'sign_in.opened': 'Entraste.',
    'sign_in.denied_by_owner': 'Dijiste que una entrada no fue tuya.',
    'link.issued': 'Se hizo un enlace con el que entras.',
    'link.refused': 'Se pidió un enlace para ti, y no se hizo.',
    'link.spent': 'Se usó un enlace tuyo.',
    'link.withdrawn': 'Se desactivó un enlace tuyo.',
    'session.ended': 'Se cerró tu sesión en un navegador.',
    'person.created': 'Empezó tu cuenta.',
    'person.address_changed': 'Entraste con una dirección nueva.',
    'person.stale': 'VOMO tenía otra dirección para ti, así que se cerraron todas tus sesiones.',
    'person.orphaned': 'Tu registro en VOMO ya no estaba.',
    'hand_off.made': 'Pasaste a VOMO desde aquí.',
    'hand_off.refused': 'Quisiste pasar a VOMO, y no se pudo.',
    'person.language_set': 'Elegiste un idioma.',
    'record.changed': 'Cambiaste tu registro.',
    'record.not_changed': 'Quisiste cambiar tu registro, y no todo llegó a VOMO.',
    'calendar.made': 'Hiciste un enlace de calendario.',
    'calendar.switched_off': 'Desactivaste tu enlace de calendario.',
    'staff.viewed_volunteer': 'Alguien del equipo miró tu página.',
    other: 'Se anotó algo de tu cuenta.',
  },
}
