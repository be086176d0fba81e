import type { signIn as english } from '../en/sign-in.ts'
import { counted } from './counted.ts'

const ask: (typeof english)['ask'] = {
  title: 'Iniciar sesión',
  heading: 'Entra para ver tus horas y turnos',
  lede: 'Escribe tu correo y te enviamos un enlace. No hay ninguna contraseña que recordar.',
  label: 'Correo electrónico',
  hint: (organisation) => `El que ${organisation} tiene de ti.`,
  button: 'Enviarme un enlace',
  signedOut: 'Cerraste la sesión. Vuelve cuando quieras.',
  already: (name) =>
    name === null ? 'Ya tienes una sesión abierta aquí.' : `Ya tienes una sesión abierta aquí como ${name}.`,
  goOn: 'Ir a tu página',
  otherAddress: (contact) => `¿No sabes qué dirección es, o ya no la usas? Habla con ${contact}.`,
  errors: {
    missing: 'Escribe tu correo. Se parece a nombre@example.com.',
    impossible: 'No pudimos leerlo como dirección de correo. Se parece a nombre@example.com.',
    too_long: 'Es más largo de lo que puede ser una dirección de correo. Se parece a nombre@example.com.',
  },
}

const checkMail: (typeof english)['checkMail'] = {
  title: 'Revisa tu correo',
  heading: 'Revisa tu correo',
  onItsWay: (address) => `Va en camino un correo a ${address}.`,
  theAddressYouTyped: 'la dirección que escribiste',
  looksLike: (sender, subject) => `Lo envía ${sender} y se titula “${subject}”.`,
  openOrType: 'Abre el enlace que trae, o escribe aquí su código.',
  label: 'Código del correo',
  hint: 'Dos grupos de cuatro letras y números. Puedes pegarlo, y da igual si son mayúsculas.',
  button: 'Iniciar sesión',
  goodFor: (minutes) => `El enlace y el código valen ${counted(minutes, 'minuto', 'minutos')}.`,
  resent: 'Va en camino otro correo. Usa el más reciente.',
  errors: {
    missing: 'Escribe el código del correo.',
    wrong_code: 'Ese código no coincide con el del correo. Compáralo otra vez, letra por letra.',
    too_many_tries:
      'Después de varios intentos, ese código ya no se puede usar. Puede que el enlace del correo todavía sirva, o pide un correo nuevo.',
    expired:
      'Ese código ya venció. Los códigos valen 15 minutos; pide un correo nuevo y usa el más reciente.',
    used: 'Ese código ya se usó, o lo reemplazó un correo más reciente. Pide un correo nuevo y usa el último.',
    other_browser:
      'Un código solo sirve en el navegador donde se pidió el correo. Abre el enlace del correo, o pide aquí un correo nuevo.',
  },
  nothing: {
    heading: '¿No llega nada después de cinco minutos?',
    junk: (subject) => `Puede estar en el correo no deseado. Busca “${subject}”.`,
    slow: 'Los correos del trabajo o de la escuela a veces retienen los mensajes un rato.',
    other: (organisation) => `Puede que ${organisation} tenga otra dirección tuya.`,
    tryOther: 'Probar otra dirección',
    resend: 'Enviarlo otra vez',
  },
  gone: {
    heading: '¿Ya no usas esta dirección?',
    what: (contact) =>
      `Pide a ${contact} que ponga tu nueva dirección en tu registro. Después entra con ella.`,
  },
}

const link: (typeof english)['link'] = {
  title: 'Iniciar sesión',
  heading: (organisation) => `Entrar en ${organisation}`,
  button: (organisation) => `Entrar en ${organisation}`,
  sameBrowser: (address) => `Pediste este enlace aquí, para ${address}. Un toque y ya entras.`,
  otherBrowser: (address) =>
    `Este enlace es para ${address}. Se pidió en otro dispositivo o en otro navegador. Si lo pediste tú, adelante.`,
  madeForYou: (organisation, address) =>
    `${organisation} creó este enlace para ${address}. Un toque y ya entras.`,
  somebodyElse: (address) =>
    `Ahora mismo ${address} tiene una sesión abierta aquí. Si continúas, se cerrará en este navegador.`,
  notMe: 'Yo no pedí esto',
  once: 'El enlace sirve una sola vez. Abrir esta página no lo gasta.',
}

const dead: (typeof english)['dead'] = {
  title: 'Este enlace ya no sirve',
  reasons: {
    expired: {
      heading: 'Este enlace ya venció',
      what: (when, isMailed) => {
        const life = isMailed
          ? 'Un enlace para entrar sirve durante 15 minutos'
          : 'Un enlace así sirve durante poco tiempo'
        return when === null ? `${life}, y este es más antiguo.` : `${life}, y este ya venció: ${when}.`
      },
    },
    used: {
      heading: 'Este enlace ya se usó',
      what: (when) =>
        when === null
          ? 'Un enlace para entrar sirve una sola vez. Si entraste con él, puede que allí tu sesión siga abierta.'
          : `Un enlace para entrar sirve una sola vez, y este ya se usó: ${when}. Si lo usaste tú, puede que allí tu sesión siga abierta.`,
    },
    replaced: {
      heading: 'Hay un enlace más reciente',
      what: () =>
        'Después pediste otro o iniciaste sesión, y eso desactivó este enlace. Usa el correo más reciente.',
    },
    revoked: {
      heading: 'Este enlace se desactivó',
      what: () => 'Alguien con este correo nos dijo que no lo había pedido, así que ya no da acceso a nadie.',
    },
    withdrawn: {
      heading: 'Este enlace se desactivó',
      what: () => 'Quien lo creó lo ha retirado, así que ya no da acceso a nadie.',
    },
    withheld: {
      heading: 'Este enlace ya no corresponde',
      what: () =>
        'Tu registro o tu función cambió desde que se creó, así que ya no da acceso a nadie. Con un correo sí puedes entrar.',
    },
  },
  resend: 'Enviarme un enlace nuevo',
  goesTo: (address) => `Llegará a ${address}; no hay que escribir nada.`,
  signIn: 'Pedir un enlace nuevo',
  strange: (contact) => `¿Nada de esto te suena? Avisa a ${contact}.`,
  opensHeading: 'Qué pasó con él',
  opens: {
    person: (after) => `Alguien lo abrió ${after}.`,
    other_device: (after) => `Se abrió ${after} en otro dispositivo o en otro navegador.`,
    wrong_address: (after) => `Se abrió ${after} desde otra red.`,
    prefetch: (after) => `Un navegador lo miró por adelantado ${after}, antes de que nadie pulsara nada.`,
    preview_bot: (after) => `Un programa que hace vistas previas lo abrió ${after}.`,
    mail_scanner: (after) =>
      `Un programa lo abrió ${after}, tal vez uno que revisa el correo en busca de virus.`,
  },
  opensSpendNothing: 'Abrir un enlace no lo gasta.',
  span: (ms) => {
    const seconds = Math.max(0, Math.round(ms / 1000))
    if (seconds < 120) return `${counted(seconds, 'segundo', 'segundos')} después de enviarse`
    const minutes = Math.round(seconds / 60)
    if (minutes < 120) return `${minutes} minutos después de enviarse`
    return `${Math.round(minutes / 60)} horas después de enviarse`
  },
}

const elsewhere: (typeof english)['elsewhere'] = {
  title: 'Este enlace sirve en otro lugar',
  heading: 'Este enlace se creó para otro lugar',
  what: (address) =>
    `Da acceso a ${address}, pero solo desde la red para la que se creó, y parece que estás en otra. Con un correo a ${address} llegas a la misma página desde cualquier parte.`,
  confirmHeading: '¿Eres tú?',
  confirm: (address) =>
    `Este enlace da acceso a ${address}, y parece que estás en una red distinta de aquella para la que se creó. Enviaremos un código a ${address}; con él puedes entrar.`,
  button: 'Enviarme un enlace y un código',
  unspent: 'Abrir esta página no ha gastado nada.',
  back: 'Si acabas de pasar del wifi a los datos móviles o al revés, volver atrás también puede ayudar.',
}

const unknown: (typeof english)['unknown'] = {
  title: 'No encontramos este enlace',
  heading: 'No encontramos este enlace',
  what: 'Puede que el programa de correo lo haya partido en dos, o que sea de hace mucho. Pedir uno nuevo toma un minuto.',
  button: 'Pedir un enlace nuevo',
  whole: 'También puedes copiar la línea completa del correo y pegarla en la barra de direcciones.',
}

const notMe: (typeof english)['notMe'] = {
  title: '¿No pediste esto?',
  heading: '¿No pediste entrar?',
  what: (address, organisation) =>
    `Alguien escribió ${address} en la página de inicio de sesión de ${organisation}, tal vez por error. Sin el correo nadie entra.`,
  press: 'Pulsa el botón, y el enlace y el código dejarán de servir enseguida.',
  button: 'Desactivar el enlace',
  keep: 'Sí lo pedí yo',
  doneTitle: 'El enlace está desactivado',
  doneHeading: 'El enlace está desactivado',
  doneWhat: 'Ni el enlace ni su código dan ya acceso a nadie. No tienes que hacer nada más.',
  again: (contact) => `Si siguen llegando correos así, avisa a ${contact}.`,
}

export const signIn: typeof english = { ask, checkMail, link, dead, elsewhere, unknown, notMe }
