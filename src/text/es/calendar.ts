import type { calendar as english } from '../en/calendar.ts'

export const calendar: typeof english = {
  add: 'Agregar a tu calendario',
  heading: 'Tus turnos en tu propio calendario',
  what: 'El calendario de tu teléfono o computadora puede seguir tus turnos. Lo nuevo, los cambios y las cancelaciones aparecen ahí automáticamente.',
  make: 'Crear un enlace de calendario',
  isOn: (since) => `Tu enlace de calendario está activo desde el ${since}.`,
  fetched: (moment) => `La última vez que un calendario lo consultó: ${moment}.`,
  neverFetched: 'Todavía no lo ha consultado ningún calendario.',
  again: 'Crear un enlace nuevo',
  againWhat: 'Un enlace nuevo reemplaza el que tienes ahora.',
  off: 'Desactivarlo',

  made: {
    title: 'Tu enlace de calendario',
    heading: 'Tu enlace de calendario está listo',
    once: 'Solo se muestra en esta página. Cualquiera que lo tenga puede ver tus turnos, así que no lo compartas.',
    subscribe: 'Abrir en tu calendario',
    copy: 'O copia esta dirección',
    copyWhat:
      'En Google Calendar: Otros calendarios, Desde URL. En Outlook: Agregar calendario, Suscribirse desde la web.',
    slow: 'Cada calendario se actualiza a su ritmo. Google lo hace más o menos una vez al día, así que un cambio puede tardar.',
    back: 'Volver a tus turnos',
  },

  over: 'Este enlace de calendario ya no funciona. Inicia sesión para crear uno nuevo.',

  feed: {
    name: (organization) => `Turnos en ${organization}`,
    canceled: (project) => `Cancelado: ${project}`,
    change: (url) => `Para cambiarlo o cancelarlo: ${url}`,
    asOf: (moment) => `Datos de VOMO: ${moment}.`,
  },
}
