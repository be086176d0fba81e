import type { limits as english } from '../en/limits.ts'

export const limits: typeof english = [
  {
    code: 'sign_up',
    what: 'Apuntarte a un turno',
    why: 'VOMO solo recibe inscripciones en sus propias páginas.',
    where: [{ label: 'VOMO; las opciones de tu página de inicio llevan allí', place: 'home' }],
  },
  {
    code: 'cancel',
    what: 'Cancelar o cambiar una inscripción',
    why: 'VOMO guarda la lista de quién va a venir.',
    where: [{ label: 'VOMO; cada uno de tus turnos lleva allí', place: 'shifts' }],
  },
  {
    code: 'check_in',
    what: 'Registrar tu llegada o tu salida de un turno',
    why: 'Se hace en el lugar mismo, con VOMO.',
    where: [{ label: 'VOMO, el día del turno', place: 'vomo' }],
  },
  {
    code: 'change_hours',
    what: 'Añadir, corregir o confirmar horas',
    why: 'Las horas las anota y las confirma quien organiza el turno.',
    where: [{ label: 'La coordinación', place: 'coordinator' }],
  },
  {
    code: 'certificate',
    what: 'Recibir un certificado',
    why: 'Los certificados se entregan en VOMO.',
    where: [{ label: 'La coordinación', place: 'coordinator' }],
  },
  {
    code: 'change_email',
    what: 'Cambiar tu dirección de correo',
    why: 'Es la llave de tu registro, así que se cambia en un solo lugar.',
    where: [
      { label: 'VOMO, en Ajustes, Inicio de sesión', place: 'vomo_settings' },
      { label: 'La coordinación', place: 'coordinator' },
    ],
  },
  {
    code: 'change_profile',
    what: 'Cambiar tu nombre, teléfono, cumpleaños o género',
    why: 'Tu registro está en VOMO; aquí ves una copia.',
    where: [{ label: 'VOMO, en Ajustes', place: 'vomo_settings' }],
  },
  {
    code: 'change_address',
    what: 'Cambiar tu domicilio',
    why: 'VOMO no deja que nadie lo cambie desde fuera.',
    where: [{ label: 'VOMO, en Ajustes', place: 'vomo_settings' }],
  },
  {
    code: 'change_answers',
    what: 'Cambiar lo demás que te preguntaron al empezar',
    why: 'VOMO muestra esas respuestas fuera de sus páginas, pero allí nadie puede cambiarlas.',
    where: [
      { label: 'VOMO, en Ajustes', place: 'vomo_settings' },
      { label: 'La coordinación', place: 'coordinator' },
    ],
  },
  {
    code: 'forms',
    what: 'Llenar, cambiar o retirar un formulario o una exención',
    why: 'Los formularios y sus respuestas se guardan en VOMO.',
    where: [{ label: 'En VOMO', place: 'vomo' }],
  },
  {
    code: 'merge_records',
    what: 'Unir dos registros que son tuyos',
    why: 'Solo el equipo puede unir registros, y solo en las páginas de VOMO.',
    where: [{ label: 'La coordinación', place: 'coordinator' }],
  },
  {
    code: 'offer',
    what: 'Proponer algo a otras personas o cambiar sus fechas',
    why: 'Lo prepara en VOMO quien lo organiza.',
    where: [{ label: 'La coordinación', place: 'coordinator' }],
  },
  {
    code: 'delete_account',
    what: 'Borrar tu registro de voluntariado',
    why: 'Pertenece a la organización con la que colaboras. Lo que este portal guarda aparte lo borras tú.',
    where: [
      { label: 'La coordinación', place: 'coordinator' },
      { label: 'Tu cuenta', place: 'account' },
    ],
  },
]
