import type { Words } from '../en.ts'

/** Lo que se dice donde los voluntarios pueden cambiar sus datos aquí. */
export const profileForm: Words['profileForm'] = {
  yes: 'Sí',
  no: 'No',
  gender: 'Género',
  genders: { F: 'Femenino', M: 'Masculino', N: 'Ninguno de los dos, o prefiero no decirlo' },
  lede: (organisation) =>
    `Lo guarda ${organisation} en VOMO. Tu nombre y cómo contactarte los puedes cambiar aquí.`,
  button: 'Cambiar tus datos',
  helpLede: (organisation) =>
    `${organisation} guarda los registros de sus voluntarios en VOMO. Aquí ves el tuyo y puedes cambiar tu nombre y cómo contactarte.`,
  helpHere: 'Cambiar tu nombre, teléfono, fecha de nacimiento y género',
  elsewhere: 'Lo que se cambia en otro lugar',
  elsewhereWhat: (contact) =>
    `Tu correo y tu domicilio se cambian en VOMO, en Ajustes. ${contact} puede ayudarte.`,
  addressNote: 'VOMO no deja cambiarlo desde fuera. Se cambia allí, en Ajustes.',
  saved: 'Listo, se guardó. VOMO ya lo tiene y todas estas páginas lo muestran.',
  unchanged: 'Todo estaba igual, así que no cambió nada.',
  off: 'Tus datos ya no se pueden cambiar aquí. No cambió nada.',
  notHere: (contact) =>
    `No cambió nada: lo que tu cuenta puede hacer en VOMO no se toca desde esta página. Cambia tus datos en VOMO, en Ajustes, o pregúntale a ${contact}.`,
  shared: (contact) =>
    `No cambió nada: más de un registro en VOMO tiene tu correo y no podemos distinguirlos. Pregúntale a ${contact}.`,
  notTaken: (fields, contact) =>
    `VOMO dejó esto como estaba: ${fields}. Lo hace cuando una cuenta también es de otra organización. Cámbialo en VOMO, en Ajustes, o pregúntale a ${contact}.`,
  title: 'Cambia tus datos',
  heading: 'Cambia tus datos',
  what: 'Lo que guardes aquí queda guardado en VOMO.',
  form: {
    problems: 'Hay que revisar esto',
    phoneHint: 'Con código de área. Déjalo vacío si prefieres que no te llamen.',
    missing: 'Sin este dato VOMO no acepta ningún cambio, y todavía no lo tiene.',
    save: 'Guardar',
    saving: 'Guardando…',
    cancel: 'Volver a tu perfil sin guardar',
  },
  unreachable: 'VOMO no responde',
  unreachableWhat:
    'Por eso no podemos decirte si se guardó. Lo que escribiste sigue aquí: pulsa Guardar otra vez en un momento, y nada se guardará dos veces.',
  faults: {
    first_name: 'Escribe tu nombre, en 100 caracteres como máximo.',
    last_name: 'Escribe tu apellido, en 100 caracteres como máximo.',
    phone: 'Escribe un teléfono de 5 a 20 dígitos, o déjalo vacío.',
    birthday: 'Elige un día que exista, desde 1900 y no en el futuro.',
    gender: 'Elige una de las tres opciones.',
  },
  conflict: {
    title: '¿Cuál debe quedar?',
    heading: 'Mientras tanto, tu registro cambió en VOMO',
    what: 'Por eso todavía no se guardó nada. Elige cuál debe quedar.',
    now: (value) => `${value}, como lo tiene VOMO ahora`,
    yours: (value) => `${value}, como lo escribiste tú`,
    empty: 'Nada',
  },
}
