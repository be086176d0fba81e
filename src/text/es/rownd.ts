import type { rowndLink as english } from '../en/rownd.ts'

export const rowndLink: typeof english = {
  title: 'Tu enlace',
  heading: (host) => `Continuar a ${host}`,
  forWhom: (organization, person) => `${organization} creó este enlace para ${person}.`,
  elsewhere: (host) => `Con un toque llegas a ${host}.`,
  here: 'Un toque y listo.',
  button: (host) => `Continuar a ${host}`,

  invite: {
    title: 'Tu invitación',
    heading: (group) => `Te invitan a unirte a ${group}`,
    forWhom: (organization, person) => `${organization} invita a ${person} a este grupo.`,
    you: (organization) => `${organization} te invita a este grupo.`,
    what: 'Al aceptar pasas a formar parte del grupo. No inicia tu sesión en ningún sitio.',
    button: 'Aceptar la invitación',
  },

  leadsOn: {
    heading: (host) => `Este enlace lleva a ${host}`,
    what: (organization) => `Lo creó ${organization}.`,
    button: 'Continuar',
  },

  tryAgain: {
    title: 'Inténtalo otra vez',
    heading: 'Ahora mismo no pudimos consultar tu registro',
    what: (organization) =>
      `${organization} guarda sus registros en VOMO, y VOMO no responde. Tu enlace sigue sin usarse y todavía sirve.`,
    button: 'Intentar otra vez',
  },

  noRecord: {
    title: 'Aquí no hay registro de voluntariado',
    heading: 'No hay ningún registro de voluntariado con esta dirección',
    what: (organization, person) =>
      `${organization} no tiene ningún registro de voluntariado con ${person}. Tal vez te inscribiste con otra dirección.`,
    button: 'Probar otra dirección',
  },

  withheld: {
    title: 'Inicia sesión por correo',
    heading: 'Esta vez, inicia sesión por correo',
    what: (organization, person) =>
      `Tu registro en ${organization} cambió desde que se creó este enlace para ${person}. Todavía puedes iniciar sesión por correo.`,
    button: 'Enviarme un enlace por correo',
  },

  dead: {
    reasons: {
      expired: {
        heading: 'Este enlace ya venció',
        what: (when) => `Sirvió hasta: ${when}.`,
      },
      used: {
        heading: 'Este enlace ya se usó',
        what: (when) => `Los enlaces como este sirven una sola vez. Este se usó el ${when}.`,
      },
      withdrawn: {
        heading: 'Este enlace se canceló',
        what: () => 'Quien lo envió lo canceló.',
      },
      disabled: {
        heading: 'Este enlace está desactivado para ti',
        what: () => 'Quien lo envió desactivó allí tu inicio de sesión. El enlace no se ha usado.',
      },
      unfit: {
        heading: 'Este enlace ya no está al día',
        what: () => 'El motivo por el que se creó cambió, así que ya no sirve. No se ha usado.',
      },
    },
    mail: 'Enviarme un enlace para iniciar sesión',
    goesTo: (person) => `Llegará a ${person}. No tienes que escribir nada.`,
    ask: (contact) =>
      `Pide un enlace nuevo a quien te envió este. ¿No sabes quién fue? Habla con ${contact}.`,
  },

  unknown: {
    title: 'No encontramos este enlace',
    heading: 'No encontramos este enlace',
    what: 'Puede que le falte una parte, o que sea muy antiguo. Ábrelo otra vez desde el mensaje en que llegó.',
    home: 'Ir a la página de inicio',
  },
}
