import type { staffLinkLists as english } from '../../en/staff/link-lists.ts'
import { counted, figure } from '../counted.ts'

const links = (n: number) => counted(n, 'enlace', 'enlaces')

export const staffLinkLists: typeof english = {
  title: 'Enlaces para una lista',
  heading: 'Crea enlaces para una lista completa',
  what: 'Recibes un archivo con un enlace de inicio de sesión por persona, para tus propias cartas o correos.',
  link: 'Crear enlaces para una lista',
  back: 'Todas las listas',
  drop: 'Eliminar esta lista',
  another: 'Solo puede usarla la persona titular que envió este archivo. Envía el tuyo.',

  file: {
    label: 'Un archivo con sus direcciones',
    hint: (max) =>
      `Una hoja de cálculo guardada como CSV, con ${figure(max)} filas como máximo. Leemos las columnas “email”, “page” (hub, resume o campaign) y “campaign”.`,
    button: 'Revisar el archivo',
    next: 'Primero ves qué pasa con cada fila. Todavía no se crea nada.',
    faults: {
      empty: () => 'Elige un archivo con al menos una dirección.',
      too_large: () => 'El archivo pesa más de 2 MB. Envía solo la columna con las direcciones.',
      too_many_rows: (max) => `El archivo tiene más de ${figure(max)} filas. Divídelo.`,
      no_addresses: () => 'Ninguna columna tiene direcciones. Llámala “email” en la primera fila.',
      not_csv: () => 'No pudimos leer este archivo. Guárdalo como CSV e inténtalo otra vez.',
      too_many: () => 'Ya hay diez listas. Elimina una primero.',
    },
    row: 'Fila',
    email: 'Correo',
    link: 'Enlace',
    expires: 'Funciona hasta',
    why: 'Por qué no hay enlace',
  },

  by: {
    owner: (address) => `La envió ${address}.`,
    former: (address) => `La envió ${address}, que ya no es titular.`,
    gone: 'La envió alguien que ya no figura aquí.',
    emailsGoOn: 'Sigue en curso, y cada persona recibe su enlace por correo. Puedes detenerla aquí.',
    fileGoesOn: 'Sigue en curso, pero nadie puede descargar el archivo. Detenla aquí y envía tú la lista.',
  },

  lists: {
    heading: 'Listas recientes',
    when: 'Enviada',
    by: 'Quién la envió',
    state: 'Estado',
    links: 'Enlaces',
    made: links,
  },
  states: { checked: 'Revisada, sin empezar', working: 'En curso', ended: 'Terminada' },

  checked: {
    heading: (n) => `Se pueden crear ${links(n)}`,
    what: (faults) =>
      faults === 0
        ? 'Todas las filas están bien.'
        : `${counted(faults, 'fila no recibe', 'filas no reciben')} enlace. Abajo ves cuáles y por qué.`,
    unlisted: (n) =>
      `${counted(n, 'fila tiene', 'filas tienen')} una dirección que aún no conocemos. Preguntamos a VOMO por cada una, y eso toma tiempo.`,
    none: 'Ninguna fila puede recibir un enlace. Corrige el archivo y envíalo otra vez.',
    life: 'Cuánto tiempo funciona cada enlace',
    lives: { day: 'Un día', week: 'Una semana', month: '30 días' },
    deliver: 'Cómo los recibe la gente',
    delivers: {
      file: 'Recibo un archivo con todos los enlaces y los entrego yo',
      email: 'Cada persona recibe un correo con su enlace',
    },
    start: 'Crear los enlaces',
    until: (moment) => `Si no empiezas, la lista se elimina: ${moment}.`,
  },

  working: {
    heading: (made, all) => `${made} de ${links(all)} creados`,
    label: 'Enlaces creados hasta ahora',
    waiting: (n) => `${counted(n, 'fila espera', 'filas esperan')} la respuesta de VOMO.`,
    what: 'Puedes salir de esta página. El trabajo sigue solo.',
    refresh: 'Ver cuánto falta',
    stop: 'Detener aquí',
  },

  ended: {
    heading: (n) => counted(n, 'enlace creado', 'enlaces creados'),
    none: 'No se creó ningún enlace. Abajo ves por qué.',
    what: (moment) => `Puedes descargar el archivo hasta: ${moment}. Después se elimina aquí.`,
    emailed: 'Cada persona recibe el suyo por correo. En Enlaces ves quién lo ha usado.',
    fetch: 'Descargar el archivo con los enlaces',
    careful: 'Con cada enlace inicia sesión una persona. Guarda bien el archivo y bórralo al terminar.',
  },

  withdraw: {
    heading: 'Cancelar los enlaces',
    what: (moment) =>
      `Los enlaces sin usar dejan de funcionar, y no se crean más. No se puede deshacer. Puedes hacerlo aquí hasta que se elimine la lista, a más tardar: ${moment}. Después, cancela cada enlace en Enlaces.`,
    sure: 'Sí, cancelar todos los enlaces sin usar de esta lista',
    button: 'Cancelar los enlaces',
    canceled: (n) => counted(n, 'enlace cancelado', 'enlaces cancelados'),
    over: 'Ya no funciona ningún enlace de esta lista.',
  },

  rows: {
    heading: 'Filas sin enlace',
    number: 'Fila',
    row: (n) => `Fila ${n}`,
    email: 'Correo',
    why: 'Por qué',
    empty: '(vacío)',
    waits: 'En espera: preguntamos a VOMO por esta dirección.',
    first: 'Primeras filas',
    more: 'Más filas',
  },

  faults: {
    not_address: 'Esto no es una dirección de correo.',
    twice: 'Esta dirección está más de una vez en el archivo.',
    off: 'Su inicio de sesión está desactivado.',
    landing: 'La página debe ser hub, resume o campaign.',
    campaign: 'VOMO no tiene una campaña con este nombre.',
    stopped: 'Se detuvo antes de su turno.',
    withdrawn: 'Se canceló antes de usarse.',
  },

  mail: {
    subject: (organization) => `Tu enlace para iniciar sesión en ${organization}`,
    preview: 'Con un toque inicias sesión.',
    what: (organization) =>
      `${organization} creó para ti un enlace de inicio de sesión. No hay que elegir contraseña.`,
    button: 'Iniciar sesión',
    until: (moment) => `Funciona una sola vez, hasta: ${moment}.`,
    keep: 'No reenvíes este correo: con el enlace inicia sesión quien lo abra.',
  },

  done: {
    busy: 'Otra lista está en curso. Empieza esta cuando termine.',
    stopped: 'Se detuvo. Los enlaces creados hasta ahora están en el archivo.',
    not_now: 'No fue posible: algo cambió mientras tanto. Revisa otra vez.',
    life: 'Elige cuánto tiempo funcionan los enlaces.',
    another: 'Solo puede usarla la persona titular que envió este archivo.',
    withdrawn: 'Los enlaces sin usar están cancelados.',
    unsure:
      'Todavía no se canceló nada. Marca primero la casilla “Sí, cancelar todos los enlaces sin usar de esta lista”.',
    none_left: 'No quedaba ningún enlace por cancelar.',
  },
}
