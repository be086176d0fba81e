import type { staffApplications as english } from '../../en/staff/applications.ts'
import { plural } from '../../plural.ts'

const choose = plural('es')

export const staffApplications: typeof english = {
  title: 'Sistemas y tokens',
  heading: 'Sistemas que crean enlaces',
  lede: 'Tu sitio web o tu boletín pueden crear enlaces para iniciar sesión. Cada sistema tiene sus propios tokens.',
  none: 'Todavía no hay ningún sistema.',
  name: 'Sistema',
  tokens: 'Sus tokens',
  working: (n) =>
    n === 0
      ? 'Ningún token funciona'
      : `${n} ${choose(n, { one: 'token que funciona', other: 'tokens que funcionan' })}`,
  lastUsed: 'Último uso',
  used: (when) => `Usado: ${when}`,
  never: 'Sin uso',
  add: {
    heading: 'Agregar un sistema',
    label: 'Su nombre',
    hint: 'Para reconocerlo, como “Sitio web”.',
    button: 'Agregarlo',
  },
  back: 'Todos los sistemas',
  id: (id) => `Su ID es ${id}.`,
  token: {
    heading: 'Sus tokens',
    none: 'Todavía no tiene tokens.',
    pages: 'Páginas de tokens',
    what: 'Para',
    may: 'Puede crear enlaces',
    state: 'Estado',
    scopes: { links: 'para personas voluntarias', both: 'para personas voluntarias y el equipo' },
    states: {
      good: 'Funciona',
      until: (when) => `Funciona hasta ${when}`,
      expired: (when) => `Venció ${when}`,
      revoked: (when) => `Se desactivó ${when}`,
    },
    revoke: 'Desactivar',
    make: 'Crear un token',
    name: 'Para qué es',
    nameHint: 'Para reconocerlo en la lista.',
    scope: '¿Qué enlaces puede crear?',
    scopeFor: {
      links: 'Enlaces para personas voluntarias',
      both: 'Enlaces para personas voluntarias, y enlaces a estas páginas para el equipo',
    },
    life: '¿Cuánto tiempo funciona?',
    lives: { '30': '30 días', '90': '90 días', '365': 'Un año', never: 'Hasta que lo desactives' },
    button: 'Crearlo',
  },
  rownd: {
    heading: 'Clave y secreto, para un sistema hecho para Rownd',
    what: 'Un sistema que se configuró para Rownd usa una clave y un secreto en lugar de un token.',
    old: 'Los que tiene ahora',
    olds: { now: 'Dejan de funcionar ahora', day: 'Funcionan un día más', week: 'Funcionan una semana más' },
    button: 'Crear una clave y un secreto nuevos',
    redirect: 'A dónde van sus enlaces',
    redirectHint: 'Como https://www.example.org/. Déjalo vacío si no hay.',
    origins: 'Otros sitios a los que pueden ir',
    originsHint: 'Como https://shop.example.org, sin ruta. Separa varios con espacios.',
    save: 'Guardar',
  },
  fields: 'Ver y cambiar sus campos',
  secret: {
    title: 'Cópialo ahora',
    heading: 'Cópialo ahora',
    what: 'No lo verás otra vez. Guárdalo donde solo ese sistema pueda leerlo.',
    token: 'El token',
    key: 'Clave',
    secret: 'Secreto',
    back: 'Ya lo copié',
  },
  errors: {
    name: 'Su nombre: usa de 1 a 100 caracteres, en una sola línea.',
    taken: 'Su nombre: ya lo tiene otro sistema.',
    token: 'Para qué es: usa de 1 a 100 caracteres, en una sola línea.',
    scope: 'Qué enlaces puede crear: elige una opción.',
    life: 'Cuánto tiempo funciona: elige una opción.',
    old: 'Los que tiene ahora: elige qué pasa con ellos.',
    redirect: 'A dónde van sus enlaces: escribe una dirección como https://www.example.org/.',
    origins: 'Otros sitios: escribe cada uno como https://shop.example.org, sin ruta.',
    overtaken: (now) => `Alguien acaba de cambiarlo a “${now}”. Guarda otra vez para usar lo tuyo.`,
  },
  done: {
    made: 'El sistema está listo. Ahora crea un token para él.',
    revoked: 'El token ya no funciona.',
    unchanged: 'No ha cambiado nada.',
    saved: 'Guardado.',
  },
}
