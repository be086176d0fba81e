import type { provider as english } from '../en/provider.ts'

export const provider: typeof english = {
  section: 'Inicio de sesión único',
  button: (label) => `Iniciar sesión con ${label}`,
  more: 'Otras cuentas',
  again: (label) => `Intentar otra vez con ${label}`,
  otherWays: 'Otras formas de iniciar sesión',
  ask: (contact) => `¿No sabes qué hacer? Habla con ${contact}.`,
  leadingOn: {
    title: (label) => `Iniciar sesión con ${label}`,
    heading: (label) => `Te llevamos a ${label}`,
    what: 'Allí inicias sesión. Después vuelves aquí sin hacer nada más.',
    button: (label) => `Ir a ${label}`,
    other: 'Otras formas de iniciar sesión',
  },
  signedOut: {
    title: 'Has cerrado sesión',
    heading: 'Has cerrado sesión aquí',
    what: (label) =>
      `Puede que tu sesión siga abierta en ${label}. Si otras personas usan este equipo, ciérrala también allí.`,
    button: (label) => `Cerrar sesión en ${label}`,
    stay: 'Dejarla abierta allí',
  },
  onlyWay: {
    title: 'Inicia sesión de otra forma',
    heading: 'Inicia sesión con la cuenta de tu organización',
    what: (organization, label) =>
      `${organization} quiere que inicies sesión con ${label}. Por eso este enlace o código ya no sirve.`,
  },
  notFinished: {
    title: 'Inicia sesión otra vez, por favor',
    heading: 'Este inicio de sesión no terminó',
    what: 'Tardó más de 15 minutos, o empezó en otro navegador. No se ha perdido nada.',
  },
  refused: {
    unreachable: {
      title: 'Inténtalo otra vez en un momento',
      heading: 'Ese inicio de sesión no funciona ahora mismo',
      what: (label) =>
        `No hay respuesta de ${label}. Inténtalo en un momento, o inicia sesión de otra forma.`,
    },
    denied: {
      title: 'No has iniciado sesión',
      heading: 'No has iniciado sesión',
      what: (label) => `Lo cancelaste, o ${label} no te dejó continuar. Puedes intentarlo otra vez.`,
    },
    not_valid: {
      title: 'No has iniciado sesión',
      heading: 'No pudimos usar ese inicio de sesión',
      what: (label) =>
        `La respuesta de ${label} no pasó nuestras comprobaciones. Por eso no iniciamos tu sesión.`,
    },
    no_email: {
      title: 'No has iniciado sesión',
      heading: 'Tu cuenta no tiene correo',
      what: (label, organization) =>
        `No recibimos ninguna dirección de correo de ${label}. ${organization} encuentra tu registro por ella.`,
    },
    unverified: {
      title: 'No has iniciado sesión',
      heading: 'Tu correo no está confirmado',
      what: (label) => `No sabemos por ${label} que el correo sea tuyo. Confírmalo allí primero.`,
    },
    domain: {
      title: 'No has iniciado sesión',
      heading: 'Esa no es la cuenta correcta',
      what: (label, organization) =>
        `${organization} acepta otras direcciones de ${label}. Inicia sesión allí con tu cuenta de ${organization}.`,
    },
  },
  mismatch: {
    title: 'Tus direcciones no coinciden',
    heading: 'Tus direcciones no coinciden',
    says: (label, address) => `El correo que recibimos de ${label} es ${address}.`,
    reasons: {
      none: (organization) => `${organization} no tiene ningún registro de voluntariado con esa dirección.`,
      several: (organization) =>
        `${organization} tiene más de un registro con esa dirección, y no sabemos cuál es el tuyo.`,
      incomplete: (organization) =>
        `No pudimos saber con seguridad qué registro de ${organization} tiene esa dirección.`,
      another: (organization) =>
        `En ${organization}, esa no es la dirección del registro que has usado hasta ahora.`,
    },
    held: (address) => `La última vez, tu registro aquí tenía ${address}.`,
    next: 'Alguien tiene que poner la misma dirección en los dos lados. El personal puede ver que lo intentaste.',
  },
}
