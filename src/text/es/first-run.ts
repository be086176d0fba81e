import type { firstRun as english } from '../en/first-run.ts'
import { plural } from '../plural.ts'

const choose = plural('es')

const inFigures = new Intl.NumberFormat('es-US')

const count = (number: number, one: string, other: string) =>
  `${inFigures.format(number)} ${choose(number, { one, other })}`

export const firstRun: typeof english = {
  title: 'Configurar Porchlight',
  step: (number, all) => `Paso ${number} de ${all}`,
  next: 'Continuar',
  back: 'Volver',
  begin: {
    heading: 'Configurar Porchlight',
    what: 'En unos cinco minutos, las personas voluntarias podrán iniciar sesión y ver su propio registro.',
    needed: 'Necesitas un token de las páginas de administración de VOMO y acceso a tu propio correo.',
    once: 'Este enlace funciona una sola vez. Después de empezar, tienes una hora en este navegador.',
    button: 'Empezar',
  },
  used: {
    heading: 'Este enlace ya se usó',
    what: 'Ya se empezó con él en otro navegador. Cada enlace funciona una sola vez.',
    next: 'En el servidor, este comando da un enlace nuevo:',
  },
  over: {
    heading: 'Esta configuración terminó',
    what: 'Se acabó la hora, o mientras tanto se agregó una organización. No se guardó nada de lo que escribiste.',
    next: 'En el servidor, este comando dice si ya hay una organización:',
  },
  unsafe: {
    heading: 'Abre este enlace con https',
    what: 'Con http, otras personas podrían leer lo que escribes. Todavía puedes usar el enlace.',
    next: 'En el propio servidor también funciona http://localhost.',
  },
  organization: {
    heading: 'Tu organización',
    name: 'Su nombre',
    nameHint: 'Como la conocen las personas voluntarias',
    url: 'Dirección del portal',
    urlHint: 'A dónde irán las personas voluntarias, como https://volunteers.example.org',
    contactName: 'A quién pueden preguntar (opcional)',
    contactEmail: 'Su correo electrónico (opcional)',
    contactHint: 'Ahí llegan las respuestas a los correos.',
    timeZone: 'Zona horaria',
    chooseZone: 'Elige una',
    common: 'Estados Unidos',
    others: 'Todas las demás',
    errors: {
      name: 'Escribe el nombre de la organización en una sola línea.',
      url: 'Escribe solo el comienzo de una dirección, como https://volunteers.example.org. Necesita https.',
      'contact-name': 'Escribe un nombre en una sola línea.',
      'time-zone': 'Elige una zona horaria.',
    },
  },
  vomo: {
    heading: 'Conecta VOMO',
    what: 'VOMO guarda los registros de las personas voluntarias. Probaremos el token enseguida.',
    url: 'Dirección de la API de VOMO',
    urlHint: 'Deja esta, a menos que VOMO te haya dado otra.',
    token: 'Token de acceso',
    tokenHint: 'De las páginas de administración de VOMO. Se guarda cifrado y no se vuelve a mostrar.',
    tokenKept: 'Ya hay uno. Deja esto vacío para conservarlo.',
    button: 'Probar',
    errors: {
      url: 'Escribe una dirección completa, como https://api.vomo.org/v1. Necesita https.',
      token: 'Pega el token tal como lo muestra VOMO, sin espacios.',
    },
    problems: {
      no_access: 'Pega el token tal como lo muestra VOMO, sin espacios.',
      not_there: 'En esta dirección responde algo que no es VOMO. ¿Falta /v1 al final?',
      token_refused: 'VOMO no acepta este token para personas y proyectos. Revisa que esté completo.',
      unreachable: 'VOMO no responde en esta dirección. Revísala o inténtalo de nuevo en un minuto.',
      not_now: 'VOMO nos pide esperar. Inténtalo de nuevo en un minuto.',
    },
    found: (organization) => `VOMO responde. Esta es ${organization}.`,
    foundUnnamed: 'VOMO responde.',
    people: (number) => count(number, 'persona', 'personas'),
    projects: (number) => count(number, 'proyecto', 'proyectos'),
    holds: (people, projects) => `Tiene ${people} y ${projects}.`,
  },
  email: {
    heading: 'El correo y la primera persona titular',
    what: (sender) => `Los correos saldrán de ${sender}. Te enviaremos uno para comprobar que llegan.`,
    label: 'Tu correo electrónico',
    hint: 'Serás titular de las páginas del equipo. Usa la dirección que tiene VOMO, si tiene una.',
    button: 'Enviarme un código',
    errors: {
      notTaken: (failure) =>
        `El servidor de correo no lo aceptó (${failure}). Inténtalo de nuevo o revisa SMTP_URL en el servidor.`,
      refused: (failure) =>
        `El servidor de correo lo rechazó (${failure}). Revisa esta dirección y MAIL_FROM en el servidor.`,
      too_many: 'Una configuración no puede enviar más correos. Usa el código del más reciente.',
    },
  },
  finish: {
    heading: 'Revisa tu correo',
    sent: (address) => `Enviamos un código a ${address}.`,
    volunteer:
      'VOMO tiene una persona voluntaria con esta dirección, así que primero verás tu propia página.',
    notVolunteer:
      'VOMO no tiene exactamente una persona voluntaria con esta dirección. Primero verás las páginas del equipo.',
    again: 'Enviar otro',
    button: 'Abrir el portal',
    summary: 'Lo que se va a configurar',
    nothingYet: 'No se guarda nada hasta que termines.',
    change: 'Cambiar',
    organization: 'Organización',
    address: 'Dirección',
    contact: 'Contacto',
    none: 'Nadie',
    timeZone: 'Zona horaria',
    vomo: 'VOMO',
    owner: 'Primera persona titular',
    errors: {
      wrong_code: 'Ese código no coincide. Compáralo letra por letra.',
      too_many_tries: 'Ese código ya no funciona después de tantos intentos. Envía otro.',
    },
  },
  done: {
    heading: (organization) => `El portal de ${organization} está listo`,
    what: (address) => `Lo encontrarás en ${address}, en cuanto esa dirección apunte a este servidor.`,
    button: 'Abrir el portal',
  },
  mail: {
    subject: (organization) => `Tu código para configurar ${organization}`,
    preview: 'Los correos de Porchlight llegan aquí.',
    what: 'Este correo muestra que los correos de Porchlight te llegan. Escribe este código donde lo pediste:',
    notYou: '¿No lo pediste? Puedes ignorarlo. Sin el código no pasa nada.',
    sentBy: 'Lo envió Porchlight, porque la persona que lo configura escribió esta dirección.',
  },
}
