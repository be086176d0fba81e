import type { mail as english } from '../en/mail.ts'

export const mail: typeof english = {
  hello: (firstName) => (firstName === null ? 'Hola:' : `Hola, ${firstName}:`),
  foot: (organization) => `Mensaje de ${organization} sobre un inicio de sesión.`,
  ask: (contact) => `¿Tienes preguntas? Escríbele a ${contact}.`,
  askCoordinator: (organization) =>
    `¿Tienes preguntas? Habla con la coordinación de voluntariado de ${organization}.`,

  signIn: {
    subject: (organization) => `Tu enlace para iniciar sesión en ${organization}`,
    preview: (until) => `Un toque y listo. Válido hasta: ${until}.`,
    lede: (organization) => `Aquí tienes tu enlace para iniciar sesión en ${organization}.`,
    forPassword: 'Cuando hayas iniciado sesión, eliges tu contraseña.',
    linkIs: 'Abre este enlace y toca el botón que verás allí:',
    button: 'Iniciar sesión',
    orCode: 'O escribe este código en la página donde lo pediste:',
    until: (until) => `El enlace y el código sirven una sola vez. Válidos hasta: ${until}.`,
    linkUntil: (until) => `El enlace sirve una sola vez. Válido hasta: ${until}.`,
    keep: 'Por favor, no reenvíes este correo. Cualquiera que lo tenga puede iniciar sesión en tu nombre.',
    asked: (when) => `Lo pediste el ${when}.`,
    sentByStaff: (organization, when) => `El equipo de ${organization} te lo envió el ${when}.`,
    notYou: '¿No fuiste tú? Puedes ignorar este correo. Sin él, nadie puede iniciar sesión.',
    switchOff: 'Cancelar este enlace',
    switchOffText: 'Para cancelar este enlace de inmediato, abre:',
    wholeLink: 'Si el botón no funciona, copia esta línea en tu navegador:',
  },

  invite: {
    subject: (organization) => `Una invitación de ${organization}`,
    preview: 'Ábrela para ver el grupo y aceptar.',
    lede: (organization, group) => `${organization} te invita a unirte al grupo “${group}”.`,
    unnamed: (organization) => `${organization} te invita a unirte a uno de sus grupos.`,
    linkIs: 'Abre este enlace para ver la invitación y aceptarla:',
    button: 'Ver la invitación',
    until: (until) => `Sirve una sola vez, hasta: ${until}.`,
    notYou: '¿No la esperabas? Puedes ignorar este correo. Solo te unes si aceptas.',
    foot: (organization) => `Mensaje de ${organization} sobre una invitación.`,
  },

  notOnRecord: {
    subject: (organization) => `Tu inicio de sesión en ${organization}`,
    preview: 'No pudimos iniciar tu sesión con esta dirección.',
    lede: (organization) =>
      `Pediste iniciar sesión en ${organization}, pero no funcionó con esta dirección de correo.`,
    reasons: {
      no_record: (organization) =>
        `${organization} no tiene ningún registro de voluntariado con esta dirección.`,
      two_records: (organization) =>
        `Esta dirección no corresponde a una sola persona en ${organization}. Para proteger la privacidad de todos, no adivinamos.`,
    },
    next: 'Lo que puedes hacer',
    other: 'Prueba con otra dirección tuya: una más antigua, o la del trabajo o la escuela.',
    otherButton: 'Probar otra dirección',
    explained: 'Mira por qué dos registros pueden compartir una dirección y cómo se arregla.',
    explainedButton: 'Qué pasó y cómo se arregla',
    askFor: (contact) =>
      `Pregúntale a ${contact} qué dirección hay en tu registro, o pide que agreguen esta.`,
    notYou:
      '¿No pediste iniciar sesión? Probablemente alguien escribió tu dirección por error. Puedes ignorar este correo.',
  },

  byProvider: {
    subject: (organization) => `Cómo iniciar sesión en ${organization}`,
    preview: 'Inicias sesión con la cuenta de tu organización.',
    lede: (organization) => `Pediste iniciar sesión en ${organization}.`,
    what: (label) =>
      `Con esta dirección de correo inicias sesión con ${label}. Los enlaces y códigos por correo, las contraseñas y las llaves de acceso no sirven para ella.`,
    press: (button) => `Ve a la página de inicio de sesión y toca “${button}”.`,
    button: 'Ir a la página de inicio de sesión',
    notYou:
      '¿No pediste iniciar sesión? Probablemente alguien escribió tu dirección por error. Puedes ignorar este correo.',
  },

  passwordChanged: {
    subject: (organization) => `Tu contraseña en ${organization}`,
    preview: 'Acaba de cambiar. ¿Fuiste tú?',
    what: {
      set: (organization) => `Se eligió una contraseña para tu cuenta en ${organization}.`,
      changed: (organization) =>
        `Se cambió la contraseña de tu cuenta en ${organization}. Las demás sesiones quedaron cerradas.`,
      removed: (organization) =>
        `Se quitó la contraseña de tu cuenta en ${organization}. Las demás sesiones quedaron cerradas.`,
    },
    when: (when) => `Ocurrió el ${when}.`,
    itWasYou: 'Si fuiste tú, no tienes que hacer nada.',
    notYou:
      'Si no fuiste tú, elige una contraseña nueva de inmediato. Así se cierran las demás sesiones. Y cambia también la contraseña de tu correo, para que nadie más pueda leerlo.',
    choose: 'Elegir una contraseña nueva',
    foot: (organization) => `Mensaje de ${organization} sobre tu contraseña.`,
  },

  addressChanged: {
    subject: (organization) => `Cambió tu dirección de correo en ${organization}`,
    preview: 'Ahora inicias sesión con otra dirección.',
    lede: (organization) => `Cambió la dirección de correo de tu registro en ${organization}.`,
    now: (address) =>
      `De ahora en adelante, inicia sesión con ${address}. Esta dirección anterior ya no abre tu registro, y cerramos todas sus sesiones.`,
    when: (when) => `Cambió el ${when}.`,
    itWasYou: 'Si lo cambiaste tú, no tienes que hacer nada.',
    notYou: (contact) => `Si no fuiste tú, escríbele hoy mismo a ${contact}. Pueden arreglarlo.`,
    notYouCoordinator: (organization) =>
      `Si no fuiste tú, avisa hoy mismo a la coordinación de voluntariado de ${organization}. Pueden arreglarlo.`,
    write: 'Escribir a la coordinación',
  },
}
