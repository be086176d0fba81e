import type { mail as english } from '../en/mail.ts'

export const mail: typeof english = {
  hello: (firstName) => (firstName === null ? 'Hola:' : `Hola, ${firstName}:`),
  foot: (organisation) => `${organisation} te envía este mensaje porque alguien quiso iniciar sesión.`,
  ask: (contact) => `¿Tienes preguntas? Escribe a ${contact}.`,
  askNobody: (organisation) =>
    `¿Tienes preguntas? Habla con la coordinación de voluntariado de ${organisation}.`,

  signIn: {
    subject: (organisation) => `Tu enlace para entrar en ${organisation}`,
    preview: (until) => `Un toque y ya entras. Vale hasta: ${until}.`,
    lede: (organisation) => `Con esto entras en ${organisation}.`,
    linkIs: 'Abre este enlace y pulsa el botón que verás allí:',
    button: 'Iniciar sesión',
    orCode: 'O escribe este código en la página donde lo pediste:',
    until: (until) => `El enlace y el código sirven una sola vez. Valen hasta: ${until}.`,
    keep: 'No reenvíes este correo: quien lo tenga puede entrar en tu nombre.',
    asked: (when) => `Lo pediste: ${when}.`,
    notYou: '¿No lo pediste? Entonces no tienes que hacer nada; sin este correo nadie entra.',
    switchOff: 'Desactivar el enlace',
    switchOffText: 'Para desactivar el enlace enseguida, abre:',
    wholeLink: 'Si el botón no hace nada, copia esta línea en tu navegador:',
  },

  notOnRecord: {
    subject: (organisation) => `Entrar en ${organisation}`,
    preview: 'Con esta dirección no pudimos darte acceso.',
    lede: (organisation) =>
      `Pediste entrar en ${organisation}, y con esta dirección de correo no es posible.`,
    reasons: {
      no_record: (organisation) => `${organisation} no tiene a nadie en su voluntariado con esta dirección.`,
      two_records: (organisation) =>
        `Esta dirección no corresponde exactamente a una sola persona del voluntariado de ${organisation} y, para cuidar la privacidad de todos, no adivinamos.`,
      scrubbed: (organisation) =>
        `${organisation} ya no tiene a nadie en su voluntariado con esta dirección.`,
    },
    next: 'Lo que puedes hacer',
    other: 'Prueba con otra dirección tuya: una más antigua, o la del trabajo o la escuela.',
    otherButton: 'Probar otra dirección',
    explained: 'Lee por qué dos registros pueden compartir una dirección, y cómo se arregla.',
    explainedButton: 'Qué pasó, y qué ayuda',
    askFor: (contact) => `Pregunta a ${contact} qué dirección hay en tu registro, o pide que pongan esta.`,
    notYou:
      '¿No pediste entrar? Entonces alguien escribió tu dirección por error, y no tienes que hacer nada.',
  },

  addressChanged: {
    subject: (organisation) => `Cambió tu dirección de correo en ${organisation}`,
    preview: 'Ahora entras con otra dirección.',
    lede: (organisation) => `Cambió la dirección de correo de tu registro en ${organisation}.`,
    now: (address) =>
      `A partir de ahora entras con ${address}. Esta dirección anterior ya no abre tu registro, y se cerraron todas sus sesiones.`,
    when: (when) => `Ocurrió: ${when}.`,
    itWasYou: 'Si el cambio lo hiciste tú, todo está bien.',
    notYou: (contact) => `Si no fue así, escribe hoy mismo a ${contact}. Pueden arreglarlo.`,
    notYouNobody: (organisation) =>
      `Si no fue así, avisa hoy mismo a la coordinación de voluntariado de ${organisation}. Pueden arreglarlo.`,
    write: 'Escribir a la coordinación',
  },
}
