import type {
  notCounted as englishNotCounted,
  rowStates as englishRowStates,
  shiftStates as englishShiftStates,
  volunteer as englishVolunteer,
} from '../en/volunteer.ts'
import { capital, type Terms } from '../terms.ts'
import { figure as count, counted, noun } from './counted.ts'

type Said = ReturnType<typeof englishVolunteer>

const hourWord = (n: number) => noun(n, 'hora', 'horas')
const hours = (n: number) => counted(n, 'hora', 'horas')
const shifts = (n: number) => counted(n, 'turno', 'turnos')
const guests = (n: number) => counted(n, 'acompañante', 'acompañantes')

export const rowStates: typeof englishRowStates = {
  counted: 'Cuenta',
  not_ended: 'Todavía no ha sido',
  waiting_hours: 'Falta que quien organiza anote las horas',
  no_check_out: 'No se registró la salida',
  cancelled: 'Cancelado',
  denied: 'Quien organiza no lo aceptó',
  pending: 'Falta que quien organiza lo acepte',
  item: 'Algo que llevaste, no tiempo',
  date_unknown: 'VOMO ya no muestra su fecha',
  loading: 'Todavía se está cargando de VOMO',
}

export const notCounted: typeof englishNotCounted = {
  counted: (n) => `${shifts(n)} que ${n === 1 ? 'cuenta' : 'cuentan'}`,
  not_ended: (n) => `${shifts(n)} por venir`,
  waiting_hours: (n) => `${shifts(n)} a la espera de que quien organiza anote las horas`,
  no_check_out: (n) => `${shifts(n)} sin registro de salida`,
  cancelled: (n) => `${shifts(n)} con cancelación`,
  denied: (n) => `${shifts(n)} sin el visto bueno de quien organiza`,
  pending: (n) => `${shifts(n)} a la espera de que quien organiza acepte`,
  item: (n) => `${counted(n, 'cosa', 'cosas')} que llevaste, no tiempo`,
  date_unknown: (n) => `${shifts(n)} cuya fecha VOMO ya no muestra`,
  loading: (n) => `${shifts(n)} todavía cargándose de VOMO`,
}

export const shiftStates: typeof englishShiftStates = {
  confirmed: '',
  pending: 'Falta que quien organiza lo acepte',
  denied: 'Quien organiza no lo aceptó',
  cancelled: 'Este turno se canceló',
  under_way: 'Está pasando ahora',
  anytime: 'Cuando mejor te venga',
  item: 'Vas a llevar algo',
  date_unknown: 'VOMO todavía no muestra una fecha',
  loading: 'La fecha todavía se está cargando',
}

const shift: Said['shift'] = {
  yours: 'Tu próximo turno',
  today: 'hoy',
  tomorrow: 'mañana',
  inDays: (days) => `en ${counted(days, 'día', 'días')}`,
  eyebrow: (label, when) => `${label} es ${when}`,
  map: 'Mapa',
  mapOf: (place) => `Mapa de ${place}`,
  asRole: (role) => `Función: ${role}`,
  guests: (n) => `tú y ${guests(n)}`,
  open: 'Abrir en VOMO',
  openWhy: 'para cambiarlo o cancelarlo. Entras directamente.',
  ownPage: 'La página del turno en VOMO',
  openWhySite: 'para cambiarlo o cancelarlo',
  change: 'Abrir VOMO para cambiar o cancelar',
  ownPageShort: 'Su página en VOMO',
  yourClock: '{time} donde estás tú',
}

const hub = ({ opportunity }: Terms): Said['hub'] => ({
  title: 'Inicio',
  greeting: (name) => (name === null ? 'Qué gusto verte' : `Qué gusto verte, ${name}`),
  welcome: (name) => (name === null ? 'Te damos la bienvenida' : `Te damos la bienvenida, ${name}`),
  afterThat: 'Después',
  moreShifts: (n) => `${shifts(n)} más`,
  allShifts: 'Todos tus turnos',
  hoursThisYear: (n, figure) => `Has dado ${figure} ${hourWord(n)} este año`,
  allTime: (n) => `En todos estos años: ${hours(n)}.`,
  mayGrow: 'Algunos turnos todavía se están cargando, así que esto puede crecer.',
  howTheyAddUp: 'Ver cómo se suman',
  noHoursYet: 'Tus horas empiezan con tu primer turno',
  noHoursYetWhat: 'Cuando quien organiza las anote, aparecerán aquí por sí solas.',
  noHoursThisYear: (n, figure) =>
    `Has dado ${figure ?? count(n)} ${hourWord(n)} en todos estos años; este año todavía ninguna`,
  nothingPlanned: 'No tienes ningún turno por delante',
  nothingPlannedWhat: (n) =>
    n === 0
      ? 'Cuando surja algo nuevo en VOMO, lo verás aquí.'
      : 'Cuando quieras uno, aquí hace falta gente.',
  nothingYet: 'Todavía no te has apuntado a nada',
  nothingYetWhat: (n) =>
    n === 0
      ? `Cuando se abran ${opportunity.other} en VOMO, lo verás aquí.`
      : 'Aquí tienes dónde hace falta gente.',
  longAgo: (month) => `Tu última vez fue en ${month}. Qué bueno tenerte de vuelta`,
  longAgoWhat: 'Volver a empezar es fácil: elige un turno en VOMO y ven tal como eres.',
  opportunities: 'Dónde hace falta gente',
  opportunitiesNote: 'La inscripción se hace en VOMO. Entras directamente.',
  opportunitiesNoteSite: 'La inscripción se hace en VOMO.',
  signUp: 'Abrir VOMO para apuntarte',
  findShift: 'Abrir VOMO para buscar un turno',
})

const resume: Said['resume'] = {
  title: 'Mis horas',
  total: (n, figure) => `Has dado ${figure} ${hourWord(n)}`,
  totalNone: 'Tus horas empiezan con tu primer turno',
  totalNoneWhat: 'Cuando quien organiza un turno las anote, aparecerán aquí.',
  mayGrow: (n) =>
    n === null
      ? 'Algunos turnos todavía se están cargando, así que esto puede crecer.'
      : `Todavía se ${n === 1 ? 'está' : 'están'} cargando ${shifts(n)}, así que esto puede crecer.`,
  recorded: 'Horas',
  months: 'Los últimos doce meses',
  monthsTable: 'Lo mismo en una tabla',
  month: 'Mes',
  notCounted: 'Lo que no cuenta, y por qué',
  withHours: (n) => `Con ${hours(n)} por escrito`,
  history: 'Todos los turnos',
  historyYear: (year, figure, n) => `${year}, ${figure} ${hourWord(n)}`,
  noYear: 'Sin fecha',
  date: 'Fecha',
  what: 'Qué',
  hours: 'Horas',
  status: 'Estado',
  hoursAfter: (n) => hourWord(n),
  notCountedYet: 'no cuenta',
  noDate: 'Sin fecha',
  guests: (n) => `con ${guests(n)}`,
  empty: 'Aquí todavía no hay nada. Tus turnos aparecerán cuando te apuntes a uno en VOMO.',
  emptyFilter: 'Aquí no hay nada que coincida. Los totales de arriba son siempre de todo.',
  filter: {
    onlyYear: (year) => `Ves solo ${year}.`,
    onlyState: (state) => `Ves solo: ${state}.`,
    onlyBoth: (year, state) => `Ves solo ${year}, y solo: ${state}.`,
    showAll: 'Ver todo',
  },
  pages: {
    label: 'Páginas de la lista',
    previous: 'Más recientes',
    next: 'Más antiguos',
    of: (page, pages) => `Página ${page} de ${pages}`,
  },
  wrong: '¿Algo no está bien?',
  wrongWhat: (contact) =>
    `Las horas las anota quien organiza cada turno. Para corregir algo, habla con ${contact}.`,
  wrongSubject: 'Mis horas de voluntariado',
}

const shiftsPage: Said['shiftsPage'] = {
  title: 'Turnos',
  heading: (n) => (n === 0 ? 'No tienes ningún turno por delante' : `Tienes ${shifts(n)} por delante`),
  lede: 'Las horas son las del lugar donde es cada turno.',
  empty: 'Cuando te apuntes a uno en VOMO, aparecerá aquí con día, hora y lugar.',
  seeOpportunities: 'Ver dónde hace falta gente',
  undated: 'Sin fecha fija',
}

const profile: Said['profile'] = {
  title: 'Perfil',
  heading: 'Esto es lo que tu registro dice de ti',
  lede: (organisation) => `Lo guarda ${organisation} en VOMO. Aquí puedes leerlo.`,
  firstName: 'Nombre',
  lastName: 'Apellido',
  email: 'Correo electrónico',
  phone: 'Teléfono',
  address: 'Domicilio',
  birthday: 'Cumpleaños',
  empty: 'No consta',
  emailNote:
    'Con esta dirección inicias sesión. Se cambia en VOMO, en Ajustes, o con ayuda de la coordinación; después entra aquí con la nueva.',
  change: '¿Hay algo que cambiar?',
  open: 'Abrir en VOMO',
  changeWhat: (contact) => `Tus datos se cambian en VOMO, en Ajustes. Puedes pedir ayuda: ${contact}.`,
  more: (organisation) => `Otros datos que pide ${organisation}`,
}

const campaign = ({ opportunity, initiative }: Terms): Said['campaign'] => ({
  of: (organisation) => `${capital(initiative.one)} de ${organisation}`,
  ahead: (n) => `${counted(n, opportunity.one, opportunity.other)} por delante`,
  none: 'Por ahora aquí no hay nada previsto',
  noneWhat: 'Cuando VOMO muestre una fecha nueva, la verás aquí.',
  seeOthers: 'Ver dónde más hace falta gente',
  loading: `Todavía se están cargando de VOMO: ${opportunity.other}. Puede que falte algo.`,
  moreDates: (n) => `y ${counted(n, 'fecha', 'fechas')} más`,
  note: 'La inscripción se hace en VOMO.',
  more: 'Más información',
})

const loading: Said['loading'] = {
  shifts: (n) => `Todavía se ${n === 1 ? 'está' : 'están'} cargando ${shifts(n)} de VOMO.`,
  reload: 'Recarga en un momento',
}

export function volunteer(terms: Terms): Said {
  return { shift, hub: hub(terms), resume, shiftsPage, profile, campaign: campaign(terms), loading }
}
