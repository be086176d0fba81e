import type { help as english } from '../en/help.ts'

export const help: typeof english = {
  title: 'Ayuda',
  heading: 'Lo que puedes hacer aquí y lo que se hace en VOMO',
  lede: (organization) =>
    `${organization} guarda los registros de voluntariado en VOMO. Aquí puedes ver el tuyo. Para cambiarlo, ve a VOMO.`,
  here: 'Lo que puedes hacer aquí',
  hereList: [
    'Ver tus próximos turnos, con día, hora y lugar',
    'Ver cada hora que has dado y por qué un turno todavía no cuenta',
    'Ver cuáles de tus horas están confirmadas',
    'Leer lo que hay en tu registro',
    'Saber dónde hace falta gente',
    'Ver dónde tienes la sesión abierta, descargar tus datos y borrar lo que guarda este portal',
  ],
  inVomo: 'Lo que se hace en VOMO',
  open: 'Abrir VOMO',
  openWhy: 'Tu sesión ya estará iniciada.',
  or: 'o',
  signingIn: 'Si no puedes iniciar sesión',
  signingInList: [
    'Usa la dirección que tu organización tiene registrada. Puede ser una anterior o la del trabajo.',
    'El correo puede tardar unos minutos. Revisa también la carpeta de correo no deseado o spam.',
    'Un enlace sirve una sola vez y durante 15 minutos. Siempre puedes pedir otro.',
    'Si recibes el correo en otro dispositivo, escribe el código en lugar de abrir el enlace.',
  ],
  signIn: 'Iniciar sesión',
  ask: 'Con quién hablar',
  askWhat: (contact) => `Habla con ${contact}. Conoce al voluntariado y puede ver tu registro en VOMO.`,
}
