import type { staffToday as english } from '../../en/staff/today.ts'
import { counted } from '../counted.ts'

const signIns = (n: number) => counted(n, 'inicio de sesión', 'inicios de sesión')
const emails = (n: number) => counted(n, 'correo', 'correos')

export const staffToday: typeof english = {
  day: 'Día',
  sum: 'En total',
  count: 'Cantidad',
  table: 'Ver las cifras en una tabla',
  signIns: {
    heading: (n, days) =>
      n === 0
        ? `Nadie inició sesión en los últimos ${days} días`
        : `${signIns(n)} en los últimos ${days} días`,
    chart: (day, n) =>
      `Una barra por cada día. La más alta es la del ${day}, con ${signIns(n)}. La tabla de abajo los muestra todos.`,
    byWay: 'Cómo iniciaron sesión',
    ways: {
      email: 'Por correo',
      link: 'Con un enlace creado para la persona',
      spoken: 'Con un código por teléfono',
      account: 'Con la cuenta de su organización',
      password: 'Con una contraseña',
      passkey: 'Con una llave de acceso',
    },
  },
  failed: {
    heading: 'Otros intentos que no funcionaron',
    typed: 'Un código o una contraseña incorrectos',
    byProvider: 'La cuenta de su organización no les permitió entrar',
  },
  emails: {
    heading: (n, days) =>
      n === 0
        ? `No se envió ningún correo en los últimos ${days} días`
        : `${emails(n)} en los últimos ${days} días`,
    chart: (day, n) =>
      `Una barra por cada día. La más alta es la del ${day}, con ${emails(n)}. La tabla de abajo los muestra todos.`,
    undelivered: (n) => (n === 0 ? 'Ninguno fue devuelto.' : `Sin llegar: ${emails(n)}.`),
    accepted: 'Entregados',
    lost: 'Sin llegar',
  },
  problems: {
    heading: (n) =>
      n === 0 ? 'No hay problemas abiertos' : `${counted(n, 'problema', 'problemas')} por revisar`,
    none: 'Ahora mismo nada impide a nadie ver su registro.',
    all: 'Ver todos los problemas',
  },
  checklist: {
    heading: (n) => `${counted(n, 'cosa', 'cosas')} por configurar`,
    command: 'Quienes administran este portal lo hacen con',
    places: {
      settings: 'Abrir los ajustes',
      staff: 'Abrir la lista del equipo',
      signIn: 'Abrir la página de inicio de sesión',
    },
    tasks: {
      vomo: { what: 'Conecta VOMO', why: 'Sin un token de VOMO, nadie puede iniciar sesión.' },
      directory: {
        what: 'Espera la lista de personas',
        why: 'La estamos leyendo de VOMO. Hasta que esté completa, cada inicio de sesión consulta a VOMO.',
      },
      contact: {
        what: 'Indica a quién preguntar',
        why: 'Las páginas y los correos nombran tu contacto, para quien necesite ayuda.',
      },
      email: {
        what: 'Envía un primer correo',
        why: 'Todavía no ha salido ningún correo, así que no sabemos si el envío funciona.',
      },
      owners: {
        what: 'Ten dos personas titulares',
        why: 'Si la única titular no está, nadie más puede agregar gente al equipo.',
      },
      provider: {
        what: 'Prueba la cuenta de tu organización',
        why: 'Nadie ha iniciado sesión con ella todavía. Cierra tu sesión y pruébala.',
      },
      logo: {
        what: 'Agrega tu logotipo',
        why: 'Así las personas voluntarias ven enseguida que están en el lugar correcto.',
      },
      webhooks: {
        what: 'Deja que VOMO nos avise de los cambios',
        why: 'Así los cambios se ven enseguida, no minutos después.',
      },
    },
  },
  vomo: {
    heading: 'VOMO responde',
    away: 'VOMO no responde',
    awaySince: (when) =>
      `Desde: ${when}. Las páginas muestran copias, y los inicios de sesión quizás deban esperar.`,
    paused: (when) => `VOMO nos pidió esperar hasta ${when}.`,
    calls: 'Consultas en el último minuto',
    callsOf: (n, max) => `${n} de ${max}`,
    oldest: 'La copia más antigua de una lista',
    none: 'Todavía no se ha leído nada',
    directory: 'Lista de personas',
    whole: (when) => `Completa, con cambios hasta: ${when}`,
    reading: (pages) => `Se está leyendo. Faltan ${counted(pages, 'página', 'páginas')}`,
    begun: 'Se está leyendo por primera vez',
  },
}
