import type { Words } from '../en.ts'

export const profileFields: Words['profileFields'] = {
  first_name: { label: 'Nombre', fault: 'Escribe tu nombre, con un máximo de 100 caracteres.' },
  last_name: { label: 'Apellido', fault: 'Escribe tu apellido, con un máximo de 100 caracteres.' },
  email: {
    label: 'Correo electrónico',
    note: 'Inicias sesión con esta dirección. Para cambiarla, ve a Configuración en VOMO o habla con la coordinación. Después inicia sesión aquí con la nueva.',
  },
  phone: {
    label: 'Teléfono',
    hint: 'Incluye el código de área. Déjalo vacío si prefieres no recibir llamadas.',
    fault: 'Escribe un teléfono de 5 a 20 dígitos, o déjalo vacío.',
  },
  address: {
    label: 'Domicilio',
    elsewhere: 'Tu domicilio solo se puede cambiar en VOMO, en Configuración.',
  },
  birthday: { label: 'Fecha de nacimiento', fault: 'Elige una fecha real, desde 1900 hasta hoy.' },
  gender: {
    label: 'Género',
    options: { F: 'Femenino', M: 'Masculino', N: 'Otro género, o prefiero no decirlo' },
    fault: 'Elige una de las tres opciones.',
  },
}
