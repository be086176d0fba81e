import type { signIn as english } from '../en/sign-in.ts'
import { counted } from './counted.ts'

const ask: (typeof english)['ask'] = {
  title: 'Iniciar sesión',
  heading: 'Inicia sesión para ver tus horas y turnos',
  lede: 'Escribe tu correo y te enviaremos un enlace para iniciar sesión. No necesitas contraseña.',
  label: 'Correo electrónico',
  hint: (organization) => `Usa el que ${organization} tiene registrado.`,
  button: 'Enviarme un enlace',
  notices: {
    signed_out: 'Cerraste la sesión. Vuelve cuando quieras.',
    too_late: 'Esa página estuvo abierta más de 15 minutos. Pide un enlace nuevo.',
  },
  already: (name) => (name === null ? 'Ya iniciaste sesión aquí.' : `Ya iniciaste sesión aquí como ${name}.`),
  goOn: 'Ir a tu página',
  otherAddress: (contact) => `¿No sabes cuál es tu dirección, o ya no la usas? Habla con ${contact}.`,
  errors: {
    missing: 'Escribe tu correo. Debe ser como nombre@example.com.',
    impossible: 'Eso no parece una dirección de correo. Debe ser como nombre@example.com.',
    too_long: 'Es demasiado largo para una dirección de correo. Debe ser como nombre@example.com.',
    several: 'Parece que hay más de una dirección. Escribe solo una.',
    spaces: 'Hay un espacio en la dirección. Quítalo e inténtalo otra vez.',
    hidden: 'Había un carácter invisible en la dirección. Ya lo quitamos. Revísala e inténtalo otra vez.',
    dots: 'Revisa los puntos. Una dirección no puede empezar con punto, tener dos seguidos ni llevar uno junto a la @.',
    hyphens:
      'Revisa lo que va después de la @. No puede empezar ni terminar con guion, ni llevarlo junto a un punto.',
  },
}

const shared: (typeof english)['shared'] = {
  title: 'Computadora compartida',
  link: '¿Usas una computadora compartida?',
  heading: '¿Otras personas también usan esta computadora?',
  what: 'En una biblioteca o en casa de alguien, dínoslo antes de iniciar sesión. Cerraremos tu sesión cuando cierres el navegador y, en todo caso, después de dos horas.',
  yes: 'Sí, es compartida',
  no: 'No, es mía',
  bestSignOut:
    'Algunos navegadores se abren otra vez donde quedaron. Por eso, cierra tú la sesión al terminar.',
  on: 'Computadora compartida: cerraremos tu sesión cuando cierres este navegador o después de dos horas.',
  change: 'Cambiar esto',
}

const checkMail: (typeof english)['checkMail'] = {
  title: 'Revisa tu correo',
  heading: 'Revisa tu correo',
  onItsWay: (address) => `Enviamos un enlace y un código a ${address}.`,
  theAddressYouTyped: 'la dirección que escribiste',
  openOrType: 'Abre el enlace o escribe aquí el código.',
  openMailbox: (name) => `Abrir ${name}`,
  label: 'Código del correo',
  hint: 'Ocho letras y números, como ABCD-EFGH',
  button: 'Iniciar sesión',
  goodFor: (minutes) => `Los dos sirven durante ${counted(minutes, 'minuto', 'minutos')}.`,
  resent: 'Pediste otro. Sirve cualquier correo que te hayamos enviado en los últimos 15 minutos.',
  errors: {
    missing: 'Escribe el código del correo.',
    unreadable: 'Un código tiene ocho letras y números, como ABCD-EFGH. Nunca lleva 0, O, 1, I, L ni U.',
    wrong_code: 'Ese código no coincide. Compáralo letra por letra.',
    last_try:
      'Ese código no coincide, y era el último intento. Pide un correo nuevo. El enlace de este todavía sirve.',
    too_many_tries:
      'Ese código ya no sirve, porque hubo demasiados intentos. Puede que el enlace del correo todavía funcione. También puedes pedir un correo nuevo.',
    expired:
      'Ese código ya venció. Los códigos sirven durante 15 minutos. Pide un correo nuevo y usa el más reciente.',
    used: 'Ese correo ya se usó para iniciar sesión. Pide uno nuevo.',
    superseded: 'Después iniciaste sesión con otro correo, y este código dejó de servir. Pide uno nuevo.',
    replaced: 'Hay correos más recientes que reemplazan a este. Usa el código del último.',
    revoked: 'Ese código se canceló. Pide un correo nuevo.',
    other_browser:
      'El código solo sirve en el navegador donde lo pediste. Abre el enlace del correo, o pide aquí un correo nuevo.',
  },
  triesLeft: (left) => (left === 1 ? 'Queda 1 intento.' : `Quedan ${left} intentos.`),
  nothing: {
    heading: '¿No te llegó?',
    looksLike: (sender, subject) => `Busca “${subject}”, de ${sender}, también en el correo no deseado.`,
    slow: 'Puede tardar unos minutos.',
    other: (organization) => `Es posible que ${organization} tenga otra dirección tuya.`,
    tryOther: 'Probar otra dirección',
    earlier: 'Los correos de los últimos 15 minutos siguen sirviendo.',
    next: (time) => `Puedes pedir otro a la${/^1\D/.test(time) ? '' : 's'} ${time}.`,
    resend: 'Enviarlo otra vez',
  },
  gone: {
    heading: '¿Ya no usas esta dirección?',
    what: (contact) => `Pide a ${contact} que la cambie en tu registro.`,
  },
}

const link: (typeof english)['link'] = {
  title: 'Iniciar sesión',
  heading: (organization) => `Inicia sesión en ${organization}`,
  button: (organization) => `Entrar a ${organization}`,
  sameBrowser: (address) => `Pediste este enlace aquí, para ${address}. Un toque y listo.`,
  otherBrowser: (address) =>
    `Este enlace es para ${address}. Se pidió en otro dispositivo o en otro navegador. Si lo pediste tú, adelante.`,
  madeForYou: (organization, address) =>
    `${organization} creó este enlace para ${address}. Un toque y listo.`,
  otherPerson: (address) =>
    `Ahora mismo, ${address} tiene la sesión abierta aquí. Si continúas, esa sesión se cerrará en este navegador.`,
  sharedHere: (address) => `Pediste este enlace aquí, para ${address}.`,
  thenWhich: 'Más de un registro tiene este correo: después te preguntaremos cuál es el tuyo.',
  notMe: 'Yo no pedí esto',
  once: 'El enlace sirve una sola vez. No se usa hasta que tocas el botón.',
}

const dead: (typeof english)['dead'] = {
  title: 'Este enlace ya no sirve',
  reasons: {
    expired: {
      heading: 'Este enlace ya venció',
      what: (when, isMailed) => {
        const life = isMailed
          ? 'Los enlaces para iniciar sesión sirven durante 15 minutos.'
          : 'Los enlaces como este sirven poco tiempo.'
        return when === null ? `${life} Este es más antiguo.` : `${life} Este venció el ${when}.`
      },
    },
    used: {
      heading: 'Este enlace ya se usó',
      what: (when, isMailed) => {
        const used = isMailed
          ? 'Cada correo sirve una sola vez. El enlace o el código de este ya se usó'
          : 'Sirve una sola vez, y ya se usó'
        return `${used}${when === null ? '' : ` el ${when}`}. Si fuiste tú, puede que allí tu sesión siga abierta.`
      },
    },
    superseded: {
      heading: 'Este enlace se canceló',
      what: (when) =>
        when === null
          ? 'Iniciaste sesión con otro correo, y este enlace se canceló.'
          : `Iniciaste sesión con otro correo el ${when}, y este enlace se canceló.`,
    },
    replaced: {
      heading: 'Hay un enlace más reciente',
      what: () => 'Hay correos más recientes que reemplazan a este. Usa el enlace del último.',
    },
    revoked: {
      heading: 'Este enlace se canceló',
      what: () => 'Alguien que recibió este correo avisó que no lo había pedido. El enlace ya no sirve.',
    },
    withdrawn: {
      heading: 'Este enlace se canceló',
      what: () => 'Quien lo envió lo canceló, así que ya no sirve.',
    },
    withheld: {
      heading: 'Este enlace ya no está al día',
      what: () =>
        'Tu registro o tu función cambió desde que se creó, así que ya no sirve. Todavía puedes iniciar sesión por correo.',
    },
  },
  resend: 'Enviarme un enlace nuevo',
  goesTo: (address) => `Llegará a ${address}. No tienes que escribir nada.`,
  signIn: 'Pedir un enlace nuevo',
  strange: (contact) => `¿No fuiste tú? Avísale a ${contact}.`,
  opensByPrograms: 'Tu programa de correo abrió antes este enlace. Es normal, y no cuenta como usarlo.',
  opensElsewhere:
    'Este enlace también se abrió en otro navegador o desde otra red. Eso no cuenta como usarlo.',
  opensDetails: 'Cuándo se abrió',
  opens: {
    person: (after) => `Alguien lo abrió ${after}.`,
    other_device: (after) => `Se abrió ${after} en otro dispositivo o en otro navegador.`,
    wrong_address: (after) => `Se abrió ${after} desde otra red.`,
    prefetch: (after) => `Un navegador lo cargó por adelantado ${after}, antes de que alguien tocara nada.`,
    preview_bot: (after) => `Un programa que hace vistas previas lo abrió ${after}.`,
    mail_scanner: (after) =>
      `Un programa lo abrió ${after}. Los programas de correo lo hacen para revisar enlaces.`,
  },
  span: (ms) => {
    const seconds = Math.max(0, Math.round(ms / 1000))
    if (seconds < 120) return `${counted(seconds, 'segundo', 'segundos')} después de enviarse`
    const minutes = Math.round(seconds / 60)
    if (minutes < 120) return `${minutes} minutos después de enviarse`
    return `${Math.round(minutes / 60)} horas después de enviarse`
  },
}

const elsewhere: (typeof english)['elsewhere'] = {
  title: 'Este enlace sirve en otra red',
  heading: 'Este enlace se creó para otra red',
  what: (address) =>
    `Es para ${address}, pero solo sirve en la red para la que se creó. Parece que estás en otra. Con un correo a ${address} llegas a la misma página desde cualquier lugar.`,
  confirmHeading: '¿Eres tú?',
  confirm: (address) =>
    `Este enlace es para ${address}. Parece que estás en una red distinta de la prevista. Enviaremos un código a ${address} para que puedas iniciar sesión.`,
  button: 'Enviarme un enlace y un código',
  unspent: 'Tu enlace sigue sin usarse.',
  back: 'Si acabas de cambiar entre wifi y datos móviles, volver a la red anterior puede ayudar.',
}

const unknown: (typeof english)['unknown'] = {
  title: 'No encontramos este enlace',
  heading: 'No encontramos este enlace',
  what: 'Puede que tu aplicación de correo lo haya cortado, o que sea muy antiguo. Pedir uno nuevo toma un minuto.',
  button: 'Pedir un enlace nuevo',
  whole: 'También puedes copiar la línea completa del correo y pegarla en la barra de direcciones.',
}

const notMe: (typeof english)['notMe'] = {
  title: '¿No pediste esto?',
  heading: '¿No pediste iniciar sesión?',
  what: (address, organization) =>
    `Alguien escribió ${address} en la página de ${organization}, tal vez por error. Sin el correo, nadie puede iniciar sesión.`,
  press: 'Toca el botón, y el enlace y el código dejarán de funcionar de inmediato.',
  button: 'Cancelar este enlace',
  keep: 'Sí, fui yo',
  doneTitle: 'El enlace está cancelado',
  doneHeading: 'El enlace está cancelado',
  doneWhat: 'El enlace y su código ya no sirven. No tienes que hacer nada más.',
  again: (contact) => `Si te siguen llegando estos correos, avísale a ${contact}.`,
}

const choice: (typeof english)['choice'] = {
  title: '¿Cuál registro es el tuyo?',
  heading: '¿Cuál registro es el tuyo?',
  what: (organization) =>
    `${organization} tiene este correo en más de un registro de voluntariado. Con tu apellido y tu fecha de nacimiento sabremos cuál es el tuyo.`,
  private: 'No mostramos nada de un registro hasta que coincidan los dos.',
  lastName: 'Apellido',
  lastNameHint:
    'Como está en tu registro: si tienes dos, los dos. No importan los acentos, las mayúsculas ni los guiones.',
  birthday: 'Fecha de nacimiento',
  birthdayHint: (example) => `Por ejemplo, ${example}`,
  parts: { day: 'Día', month: 'Mes', year: 'Año' },
  button: 'Continuar',
  errors: {
    lastName: 'Escribe tu apellido como está en tu registro.',
    lastNameLong: 'Tu apellido puede tener 200 caracteres como máximo.',
    birthday: {
      missing: 'Escribe el día, el mes y el año de tu nacimiento.',
      year: 'Escribe el año de tu nacimiento con cuatro cifras, como 1958.',
      month: 'Escribe el mes de tu nacimiento con número o con su nombre, como 3 o marzo.',
      real: 'Tu fecha de nacimiento debe existir. Revisa el día y el mes.',
      past: 'Tu fecha de nacimiento debe ser de 1900 o después, y no futura.',
    },
    noMatch: 'Este apellido y esta fecha de nacimiento no coinciden con un registro. Revisa los dos.',
  },
  triesLeft: (left) =>
    `Hoy ${left === 1 ? 'te queda' : 'te quedan'} ${counted(left, 'intento', 'intentos')}.`,
  noTries: {
    title: 'No quedan intentos por hoy',
    heading: 'No quedan intentos por hoy',
    what: (when) =>
      `Hay tres intentos al día para cada correo, para que nadie pueda adivinar. Puedes intentarlo otra vez después de: ${when}.`,
    latest: 'No coincidieron con un registro, y ese fue el último intento.',
  },
  stuck: {
    heading: 'Si no funciona',
    reasons: [
      'Quizá tu registro no tiene fecha de nacimiento, o tiene otra.',
      'Quizá tu registro tiene otro apellido, o ninguno.',
      'Aquí no podemos distinguir registros con el mismo apellido y la misma fecha de nacimiento.',
    ],
    ask: (contact) =>
      `Habla con ${contact}. Pueden corregir tu registro o darle a cada uno su propio correo.`,
  },
}

export const signIn: typeof english = {
  ask,
  shared,
  checkMail,
  link,
  dead,
  elsewhere,
  unknown,
  notMe,
  choice,
}
