import type { password as english } from '../en/password.ts'

export const password: typeof english = {
  toPage: 'Iniciar sesión con contraseña',
  label: 'Contraseña',
  show: 'Mostrar lo que escribo',
  signIn: {
    title: 'Iniciar sesión con contraseña',
    heading: 'Inicia sesión con tu contraseña',
    button: 'Iniciar sesión',
    forgot: '¿Olvidaste tu contraseña?',
    none: '¿Aún no tienes contraseña? Elige una',
    byMail: 'Mejor enviarme un enlace',
    missing: 'Escribe tu contraseña.',
    wrong:
      'No pudimos iniciar tu sesión con esa dirección y esa contraseña. Revisa las dos, o pide que te enviemos un enlace, que siempre funciona.',
    busy: 'Muchas personas están iniciando sesión con contraseña en este momento. Inténtalo otra vez en unos segundos, o pide que te enviemos un enlace, que funciona de inmediato.',
    tooMany: (when) =>
      `Hubo demasiados intentos. Puedes volver a probar con la contraseña desde: ${when}. O pide que te enviemos un enlace, que funciona de inmediato.`,
  },
  register: {
    title: 'Elige una contraseña',
    heading: 'Elige una contraseña',
    lede: 'Escribe tu correo y te enviaremos un enlace. Ábrelo y después elige tu contraseña.',
  },
  reset: {
    title: 'Elige una contraseña nueva',
    heading: '¿Olvidaste tu contraseña?',
    lede: 'Escribe tu correo y te enviaremos un enlace. Con él inicias sesión y después eliges una contraseña nueva.',
  },
  button: 'Enviarme un enlace',
  hasOne: '¿Tienes contraseña? Inicia sesión con ella',
  afterwards: 'Cuando hayas iniciado sesión, eliges tu contraseña.',
  own: {
    title: 'Tu contraseña',
    choose: 'Elige una contraseña',
    change: 'Cambia tu contraseña',
    lede: (address) => `La usarás con ${address}. También podrás seguir iniciando sesión por correo.`,
    since: (moment) => `Tienes tu contraseña desde: ${moment}.`,
    newLabel: 'Contraseña nueva',
    hint: 'Al menos 15 caracteres. Cuatro o cinco palabras que no tengan relación son fáciles de recordar y difíciles de adivinar. Tu navegador o tu gestor de contraseñas también puede crear una.',
    button: 'Guardar la contraseña',
    errors: {
      missing: 'Escribe una contraseña.',
      too_short: 'Es demasiado corta. Usa al menos 15 caracteres.',
      too_long: 'Es demasiado larga. Usa 256 caracteres como máximo.',
      unreadable: 'Tiene un carácter que no se puede volver a escribir. Quítalo.',
      common:
        'Es una de las primeras contraseñas que cualquiera probaría. Elige una que a nadie más se le ocurra.',
      own_words:
        'Es casi solo un nombre o una dirección, tuya o de la organización. Agrega palabras que no tengan nada que ver.',
    },
    byProvider:
      'Inicias sesión con la cuenta de tu organización, así que una contraseña no te serviría aquí.',
    fresh: {
      heading: 'Primero, inicia sesión por correo',
      what: 'Tu contraseña abre tu cuenta, así que primero comprobamos que eres tú. Necesitas haber iniciado sesión por correo en la última hora. El enlace del correo te trae de vuelta aquí.',
      button: 'Enviarme un correo para iniciar sesión',
    },
    done: {
      set: 'Tu contraseña está guardada. Úsala la próxima vez que inicies sesión.',
      changed: 'Tu contraseña nueva está guardada. Todas las demás sesiones están cerradas.',
      removed:
        'Quitaste tu contraseña, y todas las demás sesiones están cerradas. Desde ahora inicias sesión por correo.',
    },
    remove: {
      heading: 'Quitar tu contraseña',
      what: 'Desde entonces iniciarás sesión por correo, y se cierran todas las demás sesiones.',
      button: 'Quitar la contraseña',
    },
    back: 'Volver a tu cuenta',
  },
  account: {
    heading: 'Contraseña',
    none: 'Puedes elegir una contraseña para iniciar sesión, además del enlace por correo.',
    has: 'Puedes iniciar sesión con tu contraseña y también por correo.',
  },
}
