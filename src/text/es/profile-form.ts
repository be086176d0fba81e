import type { Words } from '../en.ts'

/** Lo que se dice donde los voluntarios pueden cambiar sus datos aquí. */
export const profileForm: Words['profileForm'] = {
  yes: 'Sí',
  no: 'No',
  lede: (organization) =>
    `${organization} lo guarda en VOMO. Aquí puedes cambiar tu nombre, teléfono, fecha de nacimiento y género.`,
  button: 'Cambiar tus datos',
  helpLede: (organization) =>
    `${organization} guarda los registros de voluntariado en VOMO. Aquí puedes ver el tuyo y cambiar una parte.`,
  helpHere: 'Cambiar tu nombre, teléfono, fecha de nacimiento y género',
  elsewhere: 'Para cambiar otros datos',
  elsewhereWhat: (contact) =>
    `Cambia tu correo y tu domicilio en VOMO, en Configuración. Si necesitas ayuda, habla con ${contact}.`,
  saved: 'Guardado.',
  unchanged: 'Todo estaba igual, así que no cambió nada.',
  off: 'Tus datos ya no se pueden cambiar aquí. No cambió nada.',
  notHere: (contact) =>
    `No cambió nada. Tu tipo de cuenta en VOMO no se puede cambiar aquí. Cambia tus datos en VOMO, en Configuración, o pregúntale a ${contact}.`,
  shared: (contact) =>
    `No cambió nada. Más de un registro en VOMO tiene tu correo, y no podemos distinguirlos. Pregúntale a ${contact}.`,
  notTaken: (fields, contact) =>
    `VOMO dejó esto como estaba: ${fields}. Eso pasa cuando una cuenta también es de otra organización. Cámbialo en VOMO, en Configuración, o pregúntale a ${contact}.`,
  title: 'Cambia tus datos',
  heading: 'Cambia tus datos',
  what: 'Lo que guardes aquí queda guardado en VOMO.',
  form: {
    problems: 'Hay que revisar esto',
    missing: 'VOMO necesita este dato para guardar cualquier cambio.',
    save: 'Guardar',
    saving: 'Guardando…',
    cancel: 'Volver a tu perfil sin guardar',
  },
  unreachable: 'VOMO no responde',
  unreachableWhat:
    'No sabemos si se guardó. Lo que escribiste sigue aquí. Intenta guardar otra vez en un momento. Nada se guardará dos veces.',
  conflict: {
    title: '¿Cuál es el correcto?',
    heading: 'Mientras tanto, tu registro cambió en VOMO',
    what: 'Todavía no se guardó nada. Elige cuál quieres conservar.',
    now: (value) => `${value}, como lo tiene VOMO ahora`,
    yours: (value) => `${value}, como lo escribiste tú`,
    empty: 'Nada',
  },
}
