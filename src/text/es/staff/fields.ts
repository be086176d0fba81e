import type { staffFields as english } from '../../en/staff/fields.ts'

export const staffFields: typeof english = {
  title: 'Campos',
  heading: (system) => `Lo que ${system} puede guardar de las personas`,
  lede: 'Puede guardar estos campos de cada persona. No se guarda nada más de lo que envíe.',
  field: 'Campo',
  type: 'Qué contiene',
  name: 'Nombre en el sistema',
  types: {
    string: 'Texto',
    boolean: 'Sí o no',
    number: 'Un número',
    object: 'Un grupo de valores',
    any: 'Cualquier cosa',
    null: 'Nada',
  },
  add: {
    heading: 'Agregar un campo',
    nameHint: 'Como talla_camisa: letras sin acentos, números y _. Después no se puede cambiar.',
    button: 'Agregarlo',
  },
  label: 'Su etiqueta',
  labelHint: 'Lo que lee la gente, como “Talla de camisa”.',
  called: (system, name) => `${system} lo llama ${name}.`,
  typeHint: 'Los valores que ya guarda quedan como están.',
  identifies: 'Este campo distingue a las personas. Por eso siempre es texto y no se puede quitar.',
  save: 'Guardar',
  remove: {
    heading: 'Quitarlo',
    what: 'El sistema ya no podrá leerlo ni cambiarlo. Los valores que guarda se ocultan, pero no se borran. Si agregas otra vez el campo, vuelven a aparecer. Un valor se borra con el perfil de la persona.',
    button: 'Quitar este campo',
  },
  back: 'Todos los campos',
  toSystem: (system) => `Volver a ${system}`,
  errors: {
    name: 'Nombre en el sistema: usa letras sin acentos, números y _. Empieza con una letra.',
    taken: 'Nombre en el sistema: ya lo tiene otro campo.',
    full: 'Un sistema puede tener 200 campos. Quita uno antes.',
    label: 'Su etiqueta: usa de 1 a 200 caracteres, en una sola línea.',
    type: 'Qué contiene: elige una opción.',
    identifies: 'Este campo distingue a las personas. Por eso siempre es texto y no se puede quitar.',
    overtaken: (label, type) =>
      `Alguien acaba de cambiarlo a “${label}” (${type}). Revísalo, y luego guárdalo o quítalo.`,
    gone: 'Alguien acaba de quitar este campo. Guarda otra vez para agregarlo de nuevo.',
  },
  done: {
    added: 'El campo se agregó.',
    saved: 'Guardado.',
    unchanged: 'No ha cambiado nada.',
    removed: 'El campo se quitó. Los valores que guardaba están ocultos.',
  },
}
