import type { help as english } from '../en/help.ts'

export const help: typeof english = {
  title: 'Ayuda',
  heading: 'Lo que puedes hacer aquí y lo que se hace en VOMO',
  lede: (organisation) =>
    `${organisation} guarda los registros de voluntariado en VOMO. Aquí ves el tuyo; los cambios se hacen en VOMO.`,
  here: 'Lo que puedes hacer aquí',
  hereList: [
    'Ver tus próximos turnos, con día, hora y lugar',
    'Ver cada hora que has dado y por qué un turno todavía no cuenta',
    'Ver cuáles de tus horas están confirmadas',
    'Leer lo que tu registro dice de ti',
    'Saber dónde hace falta gente',
    'Ver dónde está abierta tu sesión, llevarte una copia de tus datos y borrar lo que guarda este portal',
  ],
  inVomo: 'Lo que se hace en VOMO',
  open: 'Abrir VOMO',
  openWhy: 'Entras directamente, sin contraseña.',
  or: 'o',
  signingIn: 'Cuando no puedes entrar',
  signingInList: [
    'Usa la dirección que tu organización tiene de ti. Puede ser una antigua o la del trabajo.',
    'El correo puede tardar unos minutos y a veces llega a la carpeta de correo no deseado.',
    'Un enlace sirve una sola vez y durante 15 minutos. Siempre puedes pedir otro.',
    'En otro dispositivo, escribe el código del correo en lugar de abrir el enlace.',
  ],
  signIn: 'Iniciar sesión',
  ask: 'Con quién hablar',
  askWhat: (contact) => `${contact}: acompaña al voluntariado y puede ver lo que hay en VOMO.`,
}
