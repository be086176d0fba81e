import type {
  notCounted as englishNotCounted,
  rowStates as englishRowStates,
  shiftStates as englishShiftStates,
  volunteer as englishVolunteer,
} from '../en/volunteer.ts'
import { capital, type Terms } from '../terms.ts'
import { figure as count, counted, noun } from './counted.ts'

type VolunteerWords = ReturnType<typeof englishVolunteer>

const hourWord = (n: number) => noun(n, 'hora', 'horas')
const hours = (n: number) => counted(n, 'hora', 'horas')
const shifts = (n: number) => counted(n, 'turno', 'turnos')
const guests = (n: number) => counted(n, 'acompañante', 'acompañantes')

export const rowStates: typeof englishRowStates = {
  counted: 'Cuenta',
  not_ended: 'Todavía no llega la fecha',
  waiting_hours: 'Falta que la organización registre las horas',
  no_check_out: 'No se registró la salida',
  cancelled: 'Cancelado',
  denied: 'La organización no lo aceptó',
  pending: 'Falta que la organización lo acepte',
  item: 'Algo que llevaste, no tiempo',
  date_unknown: 'VOMO ya no muestra la fecha',
  loading: 'Todavía se está cargando desde VOMO',
}

export const notCounted: typeof englishNotCounted = {
  counted: (n) => `${shifts(n)} que ${n === 1 ? 'cuenta' : 'cuentan'}`,
  not_ended: (n) => `${shifts(n)} por venir`,
  waiting_hours: (n) => `${shifts(n)} en espera de que la organización registre las horas`,
  no_check_out: (n) => `${shifts(n)} sin registro de salida`,
  cancelled: (n) => `${shifts(n)} ${n === 1 ? 'cancelado' : 'cancelados'}`,
  denied: (n) => `${shifts(n)} que la organización no aceptó`,
  pending: (n) => `${shifts(n)} en espera de que la organización acepte`,
  item: (n) => `${counted(n, 'cosa', 'cosas')} que llevaste, no tiempo`,
  date_unknown: (n) => `${shifts(n)} cuya fecha VOMO ya no muestra`,
  loading: (n) => `${shifts(n)} todavía cargándose desde VOMO`,
}

export const shiftStates: typeof englishShiftStates = {
  confirmed: '',
  pending: 'Falta que la organización lo acepte',
  denied: 'La organización no lo aceptó',
  cancelled: 'Este turno se canceló',
  under_way: 'En curso ahora',
  anytime: 'A la hora que prefieras',
  item: 'Vas a llevar algo',
  date_unknown: 'VOMO todavía no muestra una fecha',
  loading: 'La fecha todavía se está cargando',
}

const shift: VolunteerWords['shift'] = {
  yours: 'Tu próximo turno',
  today: 'hoy',
  now: 'Tu turno es ahora mismo',
  tomorrow: 'mañana',
  inDays: (days) => `en ${counted(days, 'día', 'días')}`,
  eyebrow: (label, when) => `${label} es ${when}`,
  map: 'Mapa',
  mapOf: (place) => `Mapa de ${place}`,
  asRole: (role) => `Función: ${role}`,
  guests: (n) => `tú y ${guests(n)}`,
  change: 'Cambiar o cancelar en VOMO',
  changeLeadsTo: 'Se abre tu propia página en VOMO, con tu sesión ya iniciada.',
  beforeYouCome: 'Antes de venir',
  onTheDay: (contact) => `¿Alguna duda ese día? Pregúntale a ${contact}.`,
  yourClock: '{time} donde estás tú',
}

const hub = ({ opportunity }: Terms): VolunteerWords['hub'] => ({
  title: 'Inicio',
  greeting: (name) => (name === null ? 'Qué gusto verte' : `Qué gusto verte, ${name}`),
  welcome: (name) => (name === null ? 'Te damos la bienvenida' : `Te damos la bienvenida, ${name}`),
  thanks: {
    first_shift: (organization) => `Ya hiciste tu primer turno con ${organization}. Gracias.`,
    hours: (n, organization) => `Ya llegaste a ${hours(n)} con ${organization}. Gracias.`,
    years: (n, organization) =>
      `Hace ${counted(n, 'año', 'años')} de tu primer turno con ${organization}. Gracias.`,
  },
  afterThat: 'Después de ese',
  moreShifts: (n) => `${shifts(n)} más`,
  allShifts: 'Todos tus turnos',
  hoursThisYear: (n, figure) => `Llevas ${figure} ${hourWord(n)} este año`,
  allTime: (n) => `${hours(n)} en total.`,
  mayGrow: 'Algunos turnos todavía se están cargando, así que el total puede subir.',
  howTheyAddUp: 'Ver cómo se suman',
  noHoursYet: 'Tus horas empiezan con tu primer turno',
  noHoursYetWhat: 'Cuando la organización las registre, aparecerán aquí.',
  noHoursThisYear: (n, figure) =>
    `Llevas ${figure ?? count(n)} ${hourWord(n)} en total, este año todavía ninguna`,
  stillLoading: 'Todavía estamos cargando tu próximo turno',
  stillLoadingWhat: 'VOMO todavía no nos ha enviado todos tus turnos.',
  nothingPlanned: 'No tienes próximos turnos',
  nothingPlannedWhat: (n) =>
    n === 0 ? 'Cuando surja algo nuevo en VOMO, lo verás aquí.' : 'Elige uno cuando quieras.',
  nothingYet: 'Todavía no te has inscrito en nada',
  nothingYetWhat: (n) =>
    n === 0
      ? `Cuando se abran ${opportunity.other} en VOMO, lo verás aquí.`
      : 'Aquí puedes ver dónde hace falta gente.',
  longAgo: (month) => `Tu última vez fue en ${month}. Qué bueno tenerte de vuelta`,
  longAgoWhat: 'Elige un turno cuando quieras. Nos encantaría contar contigo.',
  longAgoAsk: (contact) => `¿No sabes por dónde empezar? Pregúntale a ${contact}.`,
  inactive: 'Tu perfil está inactivo en VOMO',
  inactiveWhat: 'Todo lo que has dado sigue aquí.',
  inactiveAsk: (contact) => `Para volver, pídele una nueva invitación a ${contact}.`,
  knownHere: 'Ya has ayudado aquí.',
  opportunities: 'Dónde hace falta gente',
  opportunitiesNote: 'Te inscribes en VOMO, con tu sesión ya iniciada.',
  opportunitiesNoteSite: 'Te inscribes en VOMO.',
  signUp: 'Inscribirme en VOMO',
  findShift: 'Buscar un turno en VOMO',
})

const resume: VolunteerWords['resume'] = {
  title: 'Mis horas',
  total: (n, figure) => `Llevas ${figure} ${hourWord(n)} de voluntariado`,
  totalNone: 'Tus horas empiezan con tu primer turno',
  totalNoneWhat: 'Cuando la organización del turno las registre, aparecerán aquí.',
  mayGrow: (n) =>
    n === null
      ? 'Algunos turnos todavía se están cargando, así que el total puede subir.'
      : `Todavía se ${n === 1 ? 'está' : 'están'} cargando ${shifts(n)}, así que el total puede subir.`,
  recorded: 'Horas',
  months: 'Los últimos doce meses',
  monthsTable: 'Verlo en una tabla',
  month: 'Mes',
  notCounted: 'Todavía no cuentan',
  withHours: (n) => `Con ${hours(n)} en el registro`,
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
  empty: 'Aquí todavía no hay nada. Tus turnos aparecerán cuando te inscribas en uno en VOMO.',
  emptyFilter: 'Nada coincide. Los totales de arriba siempre incluyen todo.',
  filter: {
    onlyYear: (year) => `Se muestra solo ${year}.`,
    onlyState: (state) => `Se muestra solo: ${state}.`,
    onlyBoth: (year, state) => `Se muestra solo ${year}, y solo: ${state}.`,
    showAll: 'Ver todo',
  },
  pages: {
    label: 'Páginas de la lista',
    previous: 'Más recientes',
    next: 'Más antiguos',
    of: (page, pages) => `Página ${page} de ${pages}`,
  },
  wrong: '¿Ves algún error?',
  wrongWhat: (contact) =>
    `Quien organiza cada turno registra sus horas. Para corregir algo, habla con ${contact}.`,
  wrongSubject: 'Mis horas de voluntariado',
  wrongRow: '¿Hay un error?',
  wrongRowBody: (what, shown) =>
    `Creo que hay un error en uno de mis turnos.\n\n${what}\nDice: ${shown}\nDebería decir: `,
}

const shiftsPage: VolunteerWords['shiftsPage'] = {
  title: 'Turnos',
  heading: (n) => (n === 0 ? 'No tienes próximos turnos' : `Tienes ${shifts(n)} por venir`),
  lede: 'Los horarios son los del lugar de cada turno.',
  empty: 'Cuando te inscribas en uno en VOMO, aparecerá aquí con día, hora y lugar.',
  seeOpportunities: 'Ver dónde hace falta gente',
  undated: 'Sin fecha fija',
}

const profile: VolunteerWords['profile'] = {
  title: 'Perfil',
  heading: 'Esto es lo que hay en tu registro',
  lede: (organization) => `${organization} lo guarda en VOMO. Aquí puedes leerlo.`,
  empty: 'Sin registrar',
  change: '¿Necesitas cambiar algo?',
  open: 'Abrir en VOMO',
  changeWhat: (contact) =>
    `Cambia tus datos en VOMO, en Configuración. Si necesitas ayuda, habla con ${contact}.`,
  more: (organization) => `Otros datos que tiene ${organization}`,
}

const campaign = ({ opportunity, initiative }: Terms): VolunteerWords['campaign'] => ({
  of: (organization) => `${capital(initiative.one)} de ${organization}`,
  ahead: (n) => `${counted(n, opportunity.one, opportunity.other)} por venir`,
  none: 'Por ahora no hay nada programado aquí',
  noneWhat: 'Cuando VOMO muestre una fecha nueva, la verás aquí.',
  seeOthers: 'Ver dónde más hace falta gente',
  loading: 'La lista todavía se está cargando desde VOMO. Puede que falte algo.',
  note: 'Te inscribes en VOMO.',
  more: 'Más información',
})

const loading: VolunteerWords['loading'] = {
  shifts: (n) => `Todavía se ${n === 1 ? 'está' : 'están'} cargando ${shifts(n)} desde VOMO.`,
  reload: 'Recarga en un momento',
}

export function volunteer(terms: Terms): VolunteerWords {
  return { shift, hub: hub(terms), resume, shiftsPage, profile, campaign: campaign(terms), loading }
}
