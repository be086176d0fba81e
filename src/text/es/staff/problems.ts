import type { staffProblems as english } from '../../en/staff/problems.ts'
import { counted, noun } from '../counted.ts'

const problems = (n: number) => counted(n, 'problema', 'problemas')

export const staffProblems: typeof english = {
  title: 'Problemas',
  heading: (open) => (open === 0 ? 'No hay problemas abiertos' : `${problems(open)} por revisar`),
  headingOf: (kind, n) => `${kind}: ${n}`,
  headingClosed: (n) => `${problems(n)} ${noun(n, 'cerrado', 'cerrados')}`,
  lede: 'Cada uno impide que alguien inicie sesión o vea lo suyo. La mayoría se cierra sola cuando desaparece la causa.',
  ledeClosed: 'De los últimos 90 días. Si uno vuelve a ocurrir, se abre otra vez.',
  none: 'No hay nada aquí. Cuando algo impida a una persona voluntaria ver su registro, lo verás en esta página.',
  noneOfKind: 'No hay ninguno de este tipo ahora mismo.',

  kinds: {
    address_changed: {
      name: 'Otro correo en VOMO',
      cause: 'VOMO tiene otro correo para esta persona. El que confirmó aquí ya no le da acceso.',
      cure: 'Puede iniciar sesión con la dirección que está en VOMO. Si esa es incorrecta, pon la anterior en VOMO.',
      heals: 'Se cierra cuando inicia sesión, o cuando VOMO vuelve a tener la dirección anterior.',
    },
    record_gone: {
      name: 'Su registro ya no está en VOMO',
      cause: 'VOMO ya no tiene su registro: lo dijo dos veces, o su lista completa no lo incluye.',
      cure: 'Si se eliminó por error, recupéralo en VOMO. Después vuelve a preguntar aquí.',
      heals: 'Se cierra cuando VOMO muestra el registro.',
    },
    merged: {
      name: 'Registro combinado en VOMO',
      cause: 'Su registro ya no está en VOMO y otro tiene su dirección. Es probable que se hayan combinado.',
      cure: 'Pídele que inicie sesión otra vez con esa dirección. Verá el otro registro.',
      heals: 'Se cierra cuando lo hace, o cuando VOMO vuelve a mostrar el registro anterior.',
    },
    two_records: {
      name: 'Dos registros con una dirección',
      cause: 'Dos registros de VOMO tienen su dirección, así que no sabemos cuál es el suyo.',
      cure: 'Combínalos en VOMO si son de la misma persona. Si no, dale a cada uno su propia dirección.',
      heals: 'Se cierra cuando VOMO tiene un solo registro con esa dirección.',
    },
    provider_differs: {
      name: 'La cuenta de la organización no coincide',
      cause: 'La cuenta de su organización tiene una dirección distinta de la de su registro de VOMO.',
      cure: 'Usa la misma dirección en los dos lugares.',
      heals: 'Se cierra cuando la persona inicia sesión con esa cuenta.',
    },
    mail_undelivered: {
      name: 'El correo no le llega',
      cause: 'Un correo para esta persona fue rechazado o devuelto.',
      cure: 'Pídele una dirección que funcione y ponla en VOMO.',
      heals: 'Se cierra cuando un correo llega.',
    },
    not_understood: {
      name: 'El registro no se puede leer',
      cause: 'VOMO responde con algo que no es su registro, o que no podemos leer.',
      cure: 'Abre el registro en VOMO. Si allí se ve bien, avisa a quienes administran este portal.',
      heals: 'Se cierra cuando el registro se puede leer.',
    },
    too_many_calls: {
      name: 'VOMO limita nuestras consultas',
      cause:
        'VOMO rechazó consultas porque eran demasiadas. Ahora hacemos menos y las páginas muestran copias anteriores.',
      cure: 'Quizás otro programa usa el mismo token de VOMO. Dale a cada programa el suyo.',
      heals: 'Se cierra una hora después del último rechazo.',
    },
  },
  everyone: 'Todas las personas',

  who: 'Quién',
  what: 'Qué pasa y cómo resolverlo',
  when: 'Cuándo',
  actions: 'Qué puedes hacer',
  since: (when) => `Primera vez: ${when}`,
  last: (when) => `Última vez: ${when}`,
  times: (n) => counted(n, 'vez', 'veces'),
  closed: (when) => `Cerrado: ${when}`,
  note: (note) => `Nota: ${note}`,
  formerNote: (note) => `Nota de la última vez que se cerró: ${note}`,
  queued: 'Estamos preguntando a VOMO.',

  filter: {
    kind: 'Qué pasa',
    anyKind: 'Todo',
    option: (kind, n) => `${kind} (${n})`,
    state: 'Estado',
    open: 'Abiertos',
    closed: 'Cerrados',
    button: 'Mostrar',
  },
  csv: 'Descargar como hoja de cálculo (CSV)',
  logged: 'Esta consulta queda registrada, porque muestra direcciones completas.',

  recheck: 'Volver a preguntar a VOMO',
  recheckAll: (n) => `Volver a preguntar a VOMO por ${n === 1 ? 'este' : `los ${n}`}`,
  recheckAllWhat: (max) =>
    `Tarda unos minutos, porque los inicios de sesión van primero. Como máximo ${max} personas a la vez.`,
  allQueued: (n) =>
    `Estamos preguntando a VOMO por ${counted(n, 'persona', 'personas')}. Vuelve a cargar esta página para ver cuántas faltan.`,

  close: 'Cerrarlo',
  closeIt: {
    heading: 'Cerrar este problema',
    what: 'Para algo que ya resolviste. Si vuelve a ocurrir, se abre otra vez.',
    label: '¿Qué se hizo?',
    hint: 'Unas palabras para tu equipo. No escribas direcciones de correo.',
    button: 'Cerrarlo',
  },
  errors: {
    missing: 'Escribe unas palabras sobre lo que se hizo.',
    too_long: (max) => `Usa ${max} caracteres o menos.`,
    address: 'No escribas direcciones de correo, porque esta nota queda en el historial.',
  },
  one: {
    since: 'Primera vez',
    last: 'Última vez',
    times: 'Cuántas veces',
    closed: 'Cerrado',
    note: 'Nota',
    person: 'Abrir su página',
    all: 'Todos los problemas',
    isClosed: 'Este problema está cerrado.',
  },
  ofPerson: 'Problemas abiertos',

  done: {
    closed: 'El problema está cerrado.',
    was_closed: 'Ya estaba cerrado. No cambió nada.',
    queued: 'Estamos preguntando a VOMO.',
    none_queued: 'No había nadie por quien preguntar.',
    answers: 'VOMO responde.',
  },

  mail: {
    subject: (n, organization) => `${problems(n)} por revisar: ${organization}`,
    preview: 'Qué impide iniciar sesión a las personas voluntarias y cómo resolverlo.',
    lede: (n, organization) => `${organization} tiene ${problems(n)} ${noun(n, 'abierto', 'abiertos')}.`,
    fresh: (fresh, n) =>
      fresh === n
        ? `${noun(n, 'Es nuevo', 'Todos son nuevos')} desde el último correo.`
        : fresh === 0
          ? 'No hay nada nuevo desde el último correo.'
          : `${fresh} ${noun(fresh, 'es nuevo', 'son nuevos')} desde el último correo.`,
    item: (kind, n) => `${kind}: ${n}`,
    what: 'La página dice de quién se trata, qué pasó y cómo resolverlo. Primero te pide iniciar sesión.',
    button: 'Ver los problemas',
    stop: 'Recibes esto una vez al día como máximo, y solo mientras haya algo abierto. Una persona titular puede desactivarlo en los ajustes.',
    foot: (organization) => `Enviado por ${organization} a su equipo.`,
  },

  file: {
    who: 'Quién',
    kind: 'Qué pasa',
    cause: 'Causa',
    cure: 'Cómo resolverlo',
    since: 'Primera vez',
    last: 'Última vez',
    times: 'Veces',
    closed: 'Cerrado',
    note: 'Nota',
  },
}
