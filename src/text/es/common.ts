import type { common as english } from '../en/common.ts'

export const common: typeof english = {
  direction: 'ltr',
  pageTitle: (page, organization) => `${page} · ${organization}`,
  errorTitle: (title) => `Error: ${title}`,
  pageDescription: (organization) => `Tus horas, tus turnos y tu perfil de voluntariado en ${organization}.`,
  skip: 'Ir al contenido',

  nav: {
    label: 'Tus páginas',
    menu: 'Menú',
    more: 'Más páginas',
    home: 'Inicio',
    hours: 'Horas',
    shifts: 'Turnos',
    helpOut: 'Participar',
    profile: 'Perfil',
    help: 'Ayuda',
    staff: 'Para el equipo',
    account: 'Cuenta',
    signIn: 'Iniciar sesión',
    signOut: 'Cerrar sesión',
  },

  foot: {
    questions: (contact) => `¿Tienes preguntas? Habla con ${contact}.`,
    by: 'Porchlight',
    languages: 'Idioma',
  },

  contact: {
    nameAndMail: (name, mail) => `${name} (${mail})`,
    coordinator: (organization) => `la coordinación de voluntariado de ${organization}`,
    write: (name) => (name === null ? 'Escribir a la coordinación' : `Escribir a ${name}`),
  },

  fresh: {
    asOf: (moment) => `Datos de VOMO: ${moment}.`,
    behind: (moment) => `VOMO tarda en responder en este momento. Ves datos de: ${moment}.`,
  },

  form: {
    problem: 'Hay algo que revisar',
    sending: 'Un momento…',
  },
}
