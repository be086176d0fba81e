import type { limits as english } from '../en/limits.ts'

export const limits: typeof english = [
  {
    code: 'sign_up',
    what: 'Inscribirte en un turno',
    why: 'VOMO solo recibe inscripciones en sus propias páginas.',
    where: [{ label: 'VOMO, desde “Dónde hace falta gente” en tu página de inicio', place: 'home' }],
  },
  {
    code: 'cancel',
    what: 'Cancelar o cambiar una inscripción',
    why: 'VOMO guarda la lista de quiénes van a ir.',
    where: [{ label: 'VOMO, desde cada uno de tus turnos', place: 'shifts' }],
  },
  {
    code: 'check_in',
    what: 'Registrar tu llegada o tu salida de un turno',
    why: 'Se hace en el lugar del turno, en VOMO.',
    where: [{ label: 'VOMO, el día del turno', place: 'vomo' }],
  },
  {
    code: 'change_hours',
    what: 'Agregar, corregir o confirmar horas',
    why: 'Quien organiza el turno registra y confirma las horas.',
    where: [{ label: 'La coordinación', place: 'coordinator' }],
  },
  {
    code: 'certificate',
    what: 'Recibir un certificado',
    why: 'Los certificados se otorgan en VOMO.',
    where: [{ label: 'La coordinación', place: 'coordinator' }],
  },
  {
    code: 'change_email',
    what: 'Cambiar tu dirección de correo',
    why: 'Con ella encontramos tu registro, así que solo se cambia en un lugar.',
    where: [
      { label: 'VOMO, en Configuración, Inicio de sesión', place: 'vomo_settings' },
      { label: 'La coordinación', place: 'coordinator' },
    ],
  },
  {
    code: 'change_profile',
    what: 'Cambiar tu nombre, teléfono, fecha de nacimiento o género',
    why: 'Tu registro está en VOMO. Aquí ves una copia.',
    where: [{ label: 'VOMO, en Configuración', place: 'vomo_settings' }],
  },
  {
    code: 'change_address',
    what: 'Cambiar tu domicilio',
    why: 'Tu domicilio solo se puede cambiar en VOMO.',
    where: [{ label: 'VOMO, en Configuración', place: 'vomo_settings' }],
  },
  {
    code: 'change_answers',
    what: 'Cambiar otras respuestas que diste al inscribirte',
    why: 'Esas respuestas solo se pueden cambiar en VOMO.',
    where: [
      { label: 'VOMO, en Configuración', place: 'vomo_settings' },
      { label: 'La coordinación', place: 'coordinator' },
    ],
  },
  {
    code: 'forms',
    what: 'Llenar, cambiar o retirar un formulario o una exención de responsabilidad',
    why: 'Los formularios y sus respuestas se guardan en VOMO.',
    where: [{ label: 'En VOMO', place: 'vomo' }],
  },
  {
    code: 'merge_records',
    what: 'Combinar dos registros que son tuyos',
    why: 'Solo el equipo puede combinar registros, y solo en VOMO.',
    where: [{ label: 'La coordinación', place: 'coordinator' }],
  },
  {
    code: 'offer',
    what: 'Crear una actividad de voluntariado o cambiar sus fechas',
    why: 'Quienes organizan lo hacen en VOMO.',
    where: [{ label: 'La coordinación', place: 'coordinator' }],
  },
  {
    code: 'delete_account',
    what: 'Borrar tu registro de voluntariado',
    why: 'Pertenece a tu organización. Lo que guarda este portal lo puedes borrar tú.',
    where: [
      { label: 'La coordinación', place: 'coordinator' },
      { label: 'Tu cuenta', place: 'account' },
    ],
  },
]
