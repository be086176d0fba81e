import type { help as english } from '../en/help.ts'

export const help: typeof english = {
  title: 'Ayuda',
  heading: '¿En qué te ayudamos?',
  lede: (organization) => `${organization} guarda tu registro en VOMO. Aquí puedes verlo.`,
  here: 'Lo que puedes hacer aquí',
  hereList: [
    'Ver tus próximos turnos, con día, hora y lugar',
    'Ver todas tus horas y por qué un turno todavía no cuenta',
    'Ver cuáles de tus horas están confirmadas',
    'Leer lo que hay en tu registro',
    'Saber dónde hace falta gente',
    'Ver dónde tienes la sesión abierta, descargar tus datos y borrar lo que guarda este portal',
  ],
  inVomo: 'Lo que se hace en VOMO',
  open: 'Abrir VOMO',
  openWhy: 'Tu sesión ya estará iniciada.',
  or: 'o',
  all: 'Ver la lista completa',
  signIn: {
    heading: 'No puedo iniciar sesión',
    list: [
      'Usa la dirección que tu organización tiene registrada. Puede ser una anterior o la del trabajo.',
      'El correo puede tardar unos minutos. Revisa también la carpeta de correo no deseado o spam.',
      'Un enlace sirve una sola vez y durante 15 minutos. Siempre puedes pedir otro.',
      'Si recibes el correo en otro dispositivo, escribe el código en lugar de abrir el enlace.',
    ],
    go: 'Iniciar sesión',
  },
  hours: {
    heading: 'Mis horas no cuadran',
    what: 'Cada turno dice si cuenta y por qué. Quien organiza anota y confirma las horas en VOMO, a veces días después.',
    go: 'Revisar mis horas',
  },
  shift: {
    heading: 'No puedo ir a mi turno',
    what: 'Cámbialo o cancélalo en VOMO en cuanto lo sepas, para que otra persona tome tu lugar.',
    go: 'Ir a mis turnos',
  },
  record: {
    heading: 'Mi nombre, teléfono o correo está mal',
    what: 'Tu perfil dice qué hay en tu registro y dónde se cambia cada parte.',
    go: 'Ver mi perfil',
  },
  ask: 'Otra cosa',
  askWhat: (contact) => `Habla con ${contact}. Trabaja con el voluntariado y puede ver tu registro en VOMO.`,
}
