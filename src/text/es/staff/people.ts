import type { staffPeople as english } from '../../en/staff/people.ts'
import { counted } from '../counted.ts'

export const staffPeople: typeof english = {
  title: 'Buscar a una persona voluntaria',
  find: {
    heading: 'Ayuda a alguien a iniciar sesión',
    label: 'Nombre, correo o teléfono',
    button: 'Buscar',
    none: (text) => `No encontramos a nadie con “${text}”.`,
    count: (n) => counted(n, 'persona encontrada', 'personas encontradas'),
    unknown:
      'Basta una parte del nombre o del correo, o cuatro dígitos del teléfono. ¿Se acaba de agregar en VOMO? Escribe su correo completo.',
    viewer: {
      label: 'Nombre e inicial del apellido, o correo completo',
      unknown:
        'Basta una parte del nombre, y la inicial del apellido acota la lista. Para buscar por correo, escribe la dirección completa.',
    },
    reading:
      'Todavía estamos leyendo la lista de personas de VOMO, así que aquí faltan algunas. Con el correo completo se encuentra a cualquiera.',
    found: 'Personas encontradas',
    name: 'Nombre',
    address: 'Correo electrónico',
    nameless: 'Sin nombre',
    states: { not_met: 'Nunca ha iniciado sesión', gone: 'Ya no está en VOMO' },
    pages: {
      label: 'Páginas de personas encontradas',
      previous: 'Anterior',
      next: 'Siguiente',
      of: (page, pages) => `Página ${page} de ${pages}`,
    },
    inVomo: {
      one: 'En VOMO hay una persona voluntaria con esta dirección. Todavía no ha iniciado sesión aquí.',
      none: 'En VOMO no hay nadie con esta dirección. Pregunta si usa otra, o agrega a esa persona en VOMO.',
      several:
        'Dos o más registros de VOMO tienen esta dirección, así que no sabemos cuál es el suyo. Combínalos en VOMO o dale a cada uno su propia dirección.',
      incomplete:
        'Hay direcciones demasiado parecidas y la búsqueda de VOMO no termina. Busca a esa persona en VOMO.',
      unavailable: 'VOMO no responde ahora mismo. Inténtalo otra vez en un minuto.',
    },
    tooMany: (when) => `Acabas de buscar a muchas personas en VOMO. Podrás buscar a más después de: ${when}.`,
    open: 'Abrir su página',
  },

  states: {
    active: { says: (name) => `${name} puede iniciar sesión` },
    sharing: {
      says: (name) => `${name} no puede iniciar sesión: otro registro tiene el mismo correo`,
      helps:
        'Dos o más registros de VOMO tienen esta dirección, y no adivinamos cuál es el suyo. Combínalos en VOMO o dale a cada uno su propia dirección.',
    },
    told_apart: {
      says: (name) => `${name} puede iniciar sesión con su apellido y su fecha de nacimiento`,
      helps:
        'Otro registro de VOMO tiene el mismo correo, así que preguntamos cuál es el suyo. Si los dos son de la misma persona, combínalos en VOMO.',
    },
    in_doubt: {
      says: (name) => `${name} no puede iniciar sesión ahora mismo: VOMO no encuentra su registro`,
      helps:
        'Volvemos a preguntar durante unos minutos antes de dar un registro por perdido. Si tú lo ves en VOMO, el problema está allí y se resuelve solo.',
    },
    orphaned: {
      says: (name) => `${name} no puede iniciar sesión: su registro ya no está en VOMO`,
      helps:
        'Si se combinó con otro, puede iniciar sesión con el correo de ese registro. Si se eliminó por error, recupéralo en VOMO y vuelve a preguntar aquí.',
    },
    stale: {
      says: (name) => `${name} no puede iniciar sesión con su correo de antes: VOMO tiene otro`,
      helps:
        'Puede iniciar sesión con la dirección que está en VOMO. Si esa es incorrecta, corrígela en VOMO y vuelve a preguntar aquí.',
    },
    disabled: {
      says: (name) => `${name} no puede iniciar sesión: su acceso está desactivado`,
      helps: 'Alguien lo desactivó a propósito. Actívalo otra vez si ya no hace falta.',
    },
    no_record: {
      says: (name) => `${name} no puede iniciar sesión: no tiene registro de voluntariado`,
      helps:
        'Agrega a esa persona en VOMO con esta dirección. La encontraremos la próxima vez que inicie sesión.',
    },
    staff_alone: {
      says: (name) => `${name} puede iniciar sesión como parte del equipo, sin registro de voluntariado`,
      helps: 'El equipo no lo necesita. Si también hace voluntariado, agrégalo en VOMO con esta dirección.',
    },
  },
  stateNames: {
    active: 'Puede iniciar sesión',
    sharing: 'Comparte su dirección',
    in_doubt: 'VOMO no encuentra el registro',
    orphaned: 'Su registro ya no está en VOMO',
    stale: 'Otro correo en VOMO',
    disabled: 'Desactivado',
    no_record: 'Sin registro de voluntariado',
  },
  onlyProvider: (label) =>
    `Con esta dirección se inicia sesión con ${label}. Los enlaces por correo no sirven para ella.`,
  helpsStaff: 'Esta persona es del equipo y tiene más permisos que tú. Una persona titular puede ayudarle.',

  facts: {
    heading: 'Lo que sabemos',
    signsInWith: 'Inicia sesión con',
    inVomo: 'Correo en VOMO',
    lastSignIn: 'Último inicio de sesión',
    notLately: 'No en las últimas semanas',
    signedIn: 'Sesiones abiertas',
    browsers: (n) => (n === 0 ? 'Ninguna' : `En ${counted(n, 'navegador', 'navegadores')}`),
    role: 'Función en el equipo',
    places: 'Páginas sobre esta persona',
    hours: 'Sus horas',
    statement: 'Horas para imprimir',
    vomo: 'Abrir su registro en VOMO',
    back: 'Buscar a otra persona',
    noted: 'Esta consulta queda registrada.',
  },

  actions: {
    heading: 'Más acciones',
    send: 'Enviar un enlace por correo',
    sendTo: (address) => `Enviar un enlace a ${address}`,
    code: 'Leerle un código',
    recheck: 'Volver a preguntar a VOMO',
    endSessions: 'Cerrar todas sus sesiones',
    endSessionsWhat: 'Por si perdió el teléfono o usó una computadora compartida.',
    turnOff: 'Desactivar su inicio de sesión',
    turnOffWhat:
      'Se cierran todas sus sesiones y no puede entrar hasta que lo actives otra vez. En VOMO no cambia nada.',
    turnOn: 'Activar otra vez su inicio de sesión',
  },

  erase: {
    start: 'Borrar lo que se guarda aquí de esta persona',
    title: 'Borrar a una persona',
    heading: (address) => `Borrar lo que este portal guarda de ${address}`,
    erased: 'Lo que se borra aquí',
    erasedList: [
      'Su cuenta en este portal, con su dirección de correo',
      'Todas sus sesiones abiertas, sus llaves de acceso y su contraseña',
      'Los enlaces creados para esta persona, y quién los abrió',
      'La constancia de los correos enviados, y los que aún no salen',
      'Su enlace de calendario, sus recordatorios y sus ajustes aquí',
      'Su función en las páginas del equipo, si la tiene',
      'Su nombre en el historial de actividad, que sigue contando lo que pasó',
    ],
    stays: 'Lo que se queda',
    staysList: [
      'Su registro en VOMO. Bórralo allí si también lo pidió',
      'Los correos que ya recibió',
      'Las copias de seguridad, hasta que otras más nuevas las reemplacen',
    ],
    staysElsewhere: (application) => `Lo que guarda de esta persona ${application}`,
    again: 'Mientras VOMO tenga su registro, puede volver a iniciar sesión. Empezará con una cuenta nueva.',
    confirm: 'Sí, borrar lo que este portal guarda de esta persona',
    confirmError: 'Marca la casilla para borrarlo.',
    button: 'Borrar',
    done: 'Lo que este portal guardaba de esa persona está borrado.',
  },

  code: {
    title: 'Un código para leer en voz alta',
    heading: 'Léele este código',
    first: (host) =>
      `Pídele que abra ${host}, elija “Iniciar sesión” y escriba su dirección. En la página siguiente escribe este código.`,
    until: (moment) => `Sirve una sola vez. Válido hasta: ${moment}. Si creas otro, este deja de servir.`,
    careful:
      'Dáselo solo a la persona de este registro. Con él inicia sesión. También recibe un correo que dice que lo creaste.',
    back: 'Volver a su página',
  },

  done: {
    sent: 'El correo va en camino. Abajo verás cuándo llega.',
    ended: 'Se cerraron todas sus sesiones.',
    off: 'Su inicio de sesión está desactivado y se cerraron todas sus sesiones.',
    on: 'Su inicio de sesión está activado otra vez.',
    shown: 'VOMO muestra su registro, con esta dirección.',
    another_address: 'VOMO muestra su registro, con otra dirección.',
    denied: 'VOMO dice que no tiene ese registro.',
    not_understood: 'VOMO respondió, pero no con un registro que podamos leer.',
    unavailable: 'VOMO no responde ahora mismo. Inténtalo otra vez en un minuto.',
    not_asked: 'Esta cuenta no tiene ningún registro en VOMO.',
    not_now: 'No se pudo: algo cambió mientras tanto. Vuelve a mirar.',
    preview_over: 'Ya estás otra vez en tu propia vista.',
    yourself: 'No puedes desactivar tu propio inicio de sesión.',
  },

  tries: {
    heading: 'Los últimos intentos',
    none: 'Ningún intento en las últimas semanas.',
    when: 'Cuándo',
    what: 'Qué pasó',
    outcome: 'Resultado',
    kinds: {
      email: 'Correo de inicio de sesión',
      application: 'Enlace creado por otro sistema',
      staff: 'Código creado por el equipo',
      staff_link: 'Enlace creado por el equipo',
      operator: 'Enlace creado por quien administra el portal',
    },
    told: {
      by_provider: 'Correo: qué botón usar',
      not_on_record: 'Correo: dirección sin registro',
    },
    noEmail: 'Pidió un correo de inicio de sesión',
    noEmailWhat: 'No se envió: hubo demasiados intentos, o VOMO todavía no responde',
    signedIn: 'Inició sesión',
    ways: {
      mailed_link: 'Con el enlace de un correo',
      code: 'Con el código de un correo',
      made_link: 'Con un enlace creado para esa persona',
      spoken_code: 'Con un código que le leyó el equipo',
      rownd_link: 'Con un enlace de otro sitio de la organización',
      provider: 'Con la cuenta de su organización',
      provider_anew: 'Con la cuenta de su organización',
      password: 'Con su contraseña',
      passkey: 'Con una llave de acceso',
    },
    mail: {
      waiting: 'El servidor de correo todavía no lo recibe',
      accepted: (when) => `Entregado a su servidor de correo: ${when}`,
      delivered: (when) => `Entregado: ${when}`,
      refused: (said) => `Su servidor de correo lo rechazó (${said})`,
      bounced: (said) => `Volvió sin entregarse (${said})`,
    },
    opened: (n) => `Se abrió ${counted(n, 'vez', 'veces')}`,
    neverOpened: 'Todavía no se ha abierto',
  },

  mail: {
    subject: (organization) => `Un código para iniciar sesión en ${organization}`,
    preview: 'Alguien del equipo lo creó para leértelo por teléfono.',
    what: (organization, when) =>
      `Alguien del equipo de ${organization} creó un código para que inicies sesión, y te lo leerá por teléfono. Fue el ${when}.`,
    expected: 'Si estás hablando con esa persona, no tienes que hacer nada.',
    notYou: '¿No estás hablando con nadie del equipo? Cancela el código y no servirá para iniciar sesión:',
    button: 'Cancelar el código',
  },
}
