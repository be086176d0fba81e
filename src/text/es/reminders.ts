import type { reminders as english } from '../en/reminders.ts'

export const reminders: typeof english = {
  heading: 'Un recordatorio el día anterior',
  what: 'Podemos escribirte el día anterior a cada turno, a las 9 de la mañana, con un archivo para tu calendario.',
  start: 'Enviarme recordatorios',
  isOn: (address) =>
    `Los recordatorios están activados. El día anterior a cada turno, a las 9 de la mañana, te llega un correo a ${address}.`,
  checked:
    'Si te inscribes después, te llega en pocas horas, nunca de noche. Consultamos VOMO justo antes, así que no te avisamos de turnos cancelados.',
  off: 'Desactivar los recordatorios',
  turnedOn: 'Los recordatorios están activados.',
  turnedOff: 'Los recordatorios están desactivados.',

  offPage: {
    title: 'Desactivar los recordatorios',
    heading: '¿Desactivar los recordatorios?',
    what: (organization) =>
      `Ya no recibirás un correo el día anterior a tus turnos en ${organization}. Tus turnos no cambian.`,
    doneTitle: 'Recordatorios desactivados',
    doneHeading: 'Los recordatorios están desactivados',
    doneWhat: 'Ya no te escribiremos antes de tus turnos. Puedes volver a activarlos cuando quieras.',
    shifts: 'Ir a tus turnos',
  },

  mail: {
    subject: (project, day) => `${day}: ${project}`,
    subjectOfMany: (n, day) => `Tus próximos ${n} turnos, desde el ${day}`,
    lede: (organization) => `Aquí tienes el recordatorio que pediste. Tienes un turno en ${organization}:`,
    ledeOfMany: (organization) =>
      `Aquí tienes el recordatorio que pediste. Tienes estos turnos en ${organization}:`,
    button: 'Ver mis turnos',
    seeShifts: 'Todos tus turnos:',
    change: '¿No puedes ir? Desde ahí puedes cambiarlo o cancelarlo, para que otra persona ocupe tu lugar.',
    asOf: (moment) => `Datos de VOMO: ${moment}. El archivo adjunto es para tu calendario.`,
    foot: (organization) => `Mensaje de ${organization}, porque pediste recordatorios.`,
    offText: 'Para desactivar los recordatorios, abre:',
  },
}
