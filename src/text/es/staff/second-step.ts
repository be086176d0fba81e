import type { secondStep as english } from '../../en/staff/second-step.ts'

export const secondStep: typeof english = {
  title: 'Un paso más',
  heading: 'Un paso más',
  what: 'Esta página muestra datos de otras personas. Confirma que eres tú. Sirve durante 12 horas en este navegador.',
  passkey: {
    button: 'Usar mi llave de acceso',
    without:
      'Este navegador no puede usar llaves de acceso. Abre la página en otro que pueda, con JavaScript activado.',
    cancelled: 'No se usó ninguna llave de acceso. Inténtalo otra vez.',
    lost: (contact) => `¿Perdiste tu llave de acceso? Habla con ${contact}.`,
  },
  provider: (label) => `Confirmar con ${label}`,
  mailIt: {
    what: (address) => `Enviaremos un código a ${address}.`,
    button: 'Enviarme un código',
  },
  code: {
    sent: (address) => `Enviamos un código a ${address}. Escríbelo aquí.`,
    label: 'Código del correo',
    hint: 'Ocho letras y números, como ABCD-EFGH. No es el código con el que iniciaste sesión.',
    button: 'Confirmar',
    another: 'Enviar otro código',
    triesLeft: (left) => (left === 1 ? 'Queda 1 intento.' : `Quedan ${left} intentos.`),
  },
  errors: {
    missing: 'Escribe el código del correo.',
    unreadable: 'Un código tiene ocho letras y números, como ABCD-EFGH. Nunca lleva 0, O, 1, I, L ni U.',
    wrong: 'Ese código no coincide. Compáralo letra por letra.',
    too_many: 'Hubo demasiados intentos. Pide otro código. Si no ayuda, espera una hora.',
    expired: 'Ese código ya no sirve. Los códigos sirven durante 15 minutos. Pide otro.',
    passkey: 'Esa llave de acceso no sirve para confirmarlo aquí. Usa una tuya.',
    copied: 'Desactivamos esta llave de acceso porque puede que alguien la haya copiado.',
    provider:
      'Con eso no pudimos confirmar que eres tú. Usa allí tu propia cuenta y completa todo lo que te pida.',
    unreachable: 'El inicio de sesión de tu organización no responde. Inténtalo otra vez en unos minutos.',
    form: 'Lo que acabas de enviar no se guardó: primero va este paso. Después, envíalo otra vez.',
  },
  back: 'Ahora no',
  mail: {
    subject: (organization) => `Tu código para las páginas del equipo de ${organization}`,
    preview: 'Solo sirve donde lo pediste.',
    lede: (organization) =>
      `Este es el código que confirma que eres tú en las páginas del equipo de ${organization}:`,
    until: (moment) => `Válido hasta: ${moment}, en el navegador donde lo pediste.`,
    keep: 'No lo compartas. Nadie te lo va a pedir.',
    notYou:
      '¿No lo pediste? Entonces puede que alguien haya iniciado sesión como tú. Cierra todas tus sesiones en la página de tu cuenta.',
    account: 'Abrir la página de mi cuenta',
  },
}
