import type {
  staffExport as englishExport,
  staffRecord as englishRecord,
  staffTerms as englishTerms,
  staffVomo as englishVomo,
} from '../../en/staff/settings-record.ts'

export const staffRecord: typeof englishRecord = {
  title: 'El registro',
  heading: 'Qué ven las personas voluntarias de su registro',
  lede: 'Lo que no está aquí queda oculto. El nombre y el correo siempre se muestran.',
  editing: '¿Pueden cambiar sus datos aquí?',
  edits: {
    yes: 'Sí: nombre, teléfono, cumpleaños y género, que se guardan en VOMO',
    no: 'No, solo en VOMO',
  },
  standard: 'Campos que tiene todo registro',
  own: 'Tus propios campos en VOMO',
  ownWhat: 'Buscamos cada campo por el nombre que tiene allí. La etiqueta es lo que se lee.',
  noneOwn: 'No se muestra ninguno de tus propios campos.',
  show: 'Mostrar',
  name: 'Nombre en VOMO',
  label: 'Etiqueta',
  type: 'Se muestra como',
  types: { text: 'Texto', date: 'Una fecha', yes_no: 'Sí o no', choice: 'Una opción' },
  position: 'Posición',
  another: 'Otro campo',
  anotherHint: 'Su nombre exacto en VOMO. Déjalo vacío si no quieres agregar ninguno.',
  shapes: (shapes) => `VOMO envía: ${shapes}`,
  shape: {
    text: 'texto',
    day: 'una fecha',
    number: 'un número',
    'yes or no': 'sí o no',
    nothing: 'nada',
    list: 'una lista',
    object: 'varios valores en uno',
  },
  look: {
    heading: 'Qué envía VOMO',
    what: 'Podemos buscar los nombres de tus campos en las primeras 10 personas. No mostramos lo que contienen. Requiere 11 consultas a VOMO.',
    button: 'Buscar en VOMO',
    none: 'VOMO no envía campos propios de estas personas.',
    failed: 'VOMO no responde, o ya se usaron las consultas de este minuto. Inténtalo en un minuto.',
    found: 'Abajo están los campos que envía VOMO. Marca los que quieras mostrar.',
  },
  errors: {
    label: (name) => `${name}: usa una etiqueta de 1 a 200 caracteres, en una sola línea.`,
    name: 'Nombre en VOMO: usa de 1 a 200 caracteres, en una sola línea.',
    editing: 'Elige si pueden cambiar sus datos aquí.',
    overtaken: (now) =>
      `Alguien acaba de cambiarlo. Ahora se muestra: ${now}. Guarda otra vez para usar lo tuyo.`,
  },
}

export const staffTerms: typeof englishTerms = {
  title: 'Tus palabras',
  heading: 'Cómo llaman a las cosas',
  lede: 'Escribe cada palabra como va en medio de una oración. Deja las dos vacías para usar la de siempre.',
  language: { en: 'En inglés', es: 'En español' },
  one: (ours) => `En lugar de “${ours}”`,
  other: (ours) => `En lugar de “${ours}”, para varias`,
  errors: {
    both: (ours) => `En lugar de “${ours}”: escribe la palabra para una y para varias.`,
    word: (ours) =>
      `En lugar de “${ours}”: usa 40 caracteres como máximo, en una sola línea, sin signos de mayor o menor.`,
  },
  ours: 'la palabra de siempre',
}

export const staffVomo: typeof englishVomo = {
  title: 'Tu VOMO',
  heading: 'Tu conexión con VOMO',
  lede: 'Todo lo que sabemos de las personas voluntarias viene de VOMO. El token nos deja leerlo.',
  address: 'Dirección de VOMO',
  budget: 'Consultas por minuto',
  budgetNow: (used, may) => `${used} de ${may} usadas en el último minuto`,
  none: 'Todavía no hay token.',
  token: {
    heading: 'Usar otro token',
    label: 'Token nuevo',
    hint: 'De las páginas de administración de VOMO. Primero lo probamos. Nunca se vuelve a mostrar.',
    button: 'Probarlo y guardarlo',
    sure: 'Sí, es nuestra organización',
  },
  found: (organization, people) =>
    `VOMO dice que este token es de ${organization}${people === null ? '' : `, con ${people} ${people === 1 ? 'persona' : 'personas'}`}.`,
  saved: 'El token nuevo funciona y está guardado.',
  unnamed: 'una organización sin nombre',
  another: (organization) =>
    `Este token es de ${organization}, no de la organización de ahora. Aquí se podrían perder los registros.`,
  errors: {
    missing: 'Token nuevo: pégalo aquí.',
    form: 'Token nuevo: pégalo completo, sin espacios.',
    no_access: 'Token nuevo: todavía no hay ninguno.',
    token_refused: 'Token nuevo: VOMO lo rechaza. Revisa que lo hayas copiado completo.',
    not_there:
      'Token nuevo: otro servidor contesta en lugar de VOMO. Pregunta a quienes administran este portal.',
    unreachable: 'Token nuevo: VOMO no responde, así que no se guardó nada. Inténtalo en un minuto.',
    not_now: 'Token nuevo: ya se usaron las consultas de este minuto. Inténtalo en un minuto.',
  },
  webhooks: {
    heading: 'Lo que VOMO nos avisa',
    off: 'VOMO no nos avisa de los cambios, así que tardan unos minutos. Quienes administran este portal pueden activarlo.',
    on: (last) => `VOMO nos avisa de los cambios. La última vez fue ${last}.`,
    never: 'Estamos listos para recibir avisos de VOMO, y todavía no llega ninguno.',
    lost: 'Se perdió el secreto que compartimos con VOMO. Pide a quienes administran este portal que lo pongan otra vez.',
    ofDay: (n) => (n === 1 ? '1 aviso en el último día' : `${n} avisos en el último día`),
    forged: (n) =>
      `${n} en el último día no ${n === 1 ? 'traía' : 'traían'} tu firma. Revisa el secreto en VOMO.`,
  },
}

export const staffExport: typeof englishExport = {
  link: 'Descargar los datos de tu organización',
  heading: (organization) => `Descargar los datos de ${organization}`,
  inIt: 'Un archivo con tus ajustes, equipo, personas y sus correos, enlaces, problemas, sistemas conectados y lo que pasó.',
  notInIt:
    'Las horas y los registros no están: los tiene VOMO. Tampoco lo que guardan los sistemas conectados, ni contraseñas, tokens o claves.',
  button: 'Descargar el archivo',
  careful:
    'Se abre en cualquier editor de texto. Guárdalo bien: tiene los correos de la gente. La descarga queda registrada.',
}
