import type { staffWaysIn as english } from '../../en/staff/ways-in.ts'

export const staffWaysIn: typeof english = {
  title: 'Formas de iniciar sesión',
  heading: 'Cómo se inicia sesión',
  lede: 'Lo que está activado aquí es lo que todos ven en la página de inicio de sesión.',
  way: 'Forma',
  status: 'Estado',
  means: 'Qué significa',
  on: 'Activada',
  off: 'Desactivada',
  ways: {
    mail: {
      name: 'Correo con un enlace y un código',
      means:
        'Llega un correo a la dirección de VOMO. Está activado, salvo donde tus cuentas son la única forma.',
    },
    password: {
      name: 'Contraseña',
      means: 'Quien inició sesión por correo puede elegir una. El equipo confirma con un segundo paso.',
    },
    passkey: {
      name: 'Llave de acceso',
      means: 'Se usa la huella, la cara o el PIN. Para el equipo cuenta como segundo paso.',
    },
  },
  changeIn: 'Cambiarlo en la configuración',
  providers: {
    heading: 'Las cuentas de tu organización',
    what: 'Se inicia sesión con cuentas de tu organización, como Microsoft o Google. Se llama inicio de sesión único.',
    none: 'Todavía no hay ninguna.',
    system: 'Sistema',
    domains: 'Direcciones',
    any: 'de cualquier dominio',
    only: 'Activada. Para estas direcciones es la única forma.',
    straight: 'Activada. La página de inicio de sesión lleva allí de inmediato.',
    add: 'Configurar una',
  },
  back: 'Todas las formas de iniciar sesión',
  make: {
    title: 'Configurar las cuentas de tu organización',
    heading: 'Configura el inicio de sesión con tus propias cuentas',
    lede: 'Tu departamento de informática registra este portal y te da un ID y un secreto. Queda desactivado hasta que lo actives.',
    preset: '¿Qué sistema es?',
    another: 'Otro sistema OpenID Connect',
    name: 'Nombre corto',
    nameHint: (origin) =>
      `Es parte de las direcciones que se registran, como ${origin}/sign-in/with/work/callback. No se puede cambiar después.`,
    issuer: 'Su dirección (emisor)',
    issuerHint:
      'Exactamente como te la da tu departamento de informática. Para Google, déjala vacía. No se puede cambiar después.',
    button: 'Comprobar y guardar',
  },
  register: {
    heading: 'Direcciones que se registran allí',
    what: 'Tu departamento de informática las escribe exactamente como están aquí.',
    redirect: 'URI de redirección',
    signedOut: 'URI de redirección después de cerrar sesión',
    logout: 'URI de cierre de sesión por canal trasero',
    scopes: 'Alcances (scopes)',
    issuer: 'Emisor',
  },
  test: {
    heading: 'Probar',
    what: 'Inicias sesión allí, vuelves y ves qué respondió. No cambia nada, y tu sesión aquí sigue abierta.',
    redirect:
      'Si muestra un error sobre la dirección de redirección, registra otra vez la primera dirección. Debe coincidir letra por letra.',
    button: 'Probar',
    again: 'Probar otra vez',
    last: 'Ya se ha iniciado sesión con ella.',
    never: 'Todavía nadie ha iniciado sesión con ella.',
  },
  state: {
    heading: 'Activar o desactivar',
    on: 'Está activada. Su botón se ve en la página de inicio de sesión.',
    onOnly: (domains) =>
      `Está activada. Es la única forma para las direcciones de ${domains}, también para el equipo.`,
    off: 'Está desactivada. Nadie ve su botón, y todos pueden iniciar sesión por correo.',
    turnOn: 'Activar',
    turnOff: 'Desactivar',
    sureOn: (domains) => `Sé que quienes tengan direcciones de ${domains} no tendrán otra forma de entrar.`,
  },
  form: {
    heading: 'Configuración',
    label: 'Cómo la llama la gente',
    labelHint: 'Va después de “Iniciar sesión con” en el botón, como “tu cuenta de Riverbend”.',
    clientId: 'ID de cliente',
    clientSecret: 'Secreto de cliente',
    secretNew: 'Ninguna página lo vuelve a mostrar.',
    secretHint: 'Hay un secreto guardado. Escribe uno nuevo para reemplazarlo. Ninguna página lo muestra.',
    secretLost: 'El secreto ya no se puede leer. Escríbelo otra vez.',
    domain: 'Dominios de sus direcciones de correo',
    domainHint: 'Como example.org. Separa varios con espacios. Déjalo vacío para cualquier dominio.',
    trust: 'Aceptar sus direcciones aunque no diga que las confirmó',
    secondStep: 'Valores que cuentan como segundo paso para el equipo',
    secondStepHint: 'Como mfa, tal como los escribe en “amr” o “acr”. Déjalo vacío si no hay ninguno.',
    maxAge: 'Preguntar otra vez si el último inicio de sesión allí tiene más de',
    maxAgeHint: 'Como 8h o 30m. Déjalo vacío para que lo decida el sistema.',
    only: 'Quienes tengan estas direcciones inician sesión con ella y de ninguna otra forma',
    straight: 'La página de inicio de sesión lleva allí de inmediato',
    save: 'Guardar',
    names: {
      label: 'Cómo la llama la gente',
      'client-id': 'ID de cliente',
      domain: 'Dominios',
      'trust-email': 'Direcciones sin confirmar',
      'second-step': 'Segundo paso',
      'max-age': 'Preguntar otra vez',
      only: 'La única forma',
      straight: 'Lleva allí de inmediato',
      off: 'Desactivada',
    },
    empty: 'nada',
  },
  sure: {
    trust: (tenant) =>
      `Quien pueda cambiar una dirección de correo en ${tenant} podrá iniciar sesión con el registro de esa dirección.`,
    only: (domains) =>
      `Quienes tengan direcciones de ${domains} solo podrán usar esta forma, tú también. Si falla, solo puede ayudar quien administra el portal.`,
    untried: 'Todavía nadie ha iniciado sesión con ella. Pruébala primero.',
    label: 'Lo sé, y quiero hacerlo.',
  },
  remove: {
    heading: 'Quitar',
    what: 'Ya nadie podrá usarla, y terminan las sesiones que empezaron con ella.',
    sure: 'Quiero quitarla.',
    button: 'Quitar',
  },
  errors: {
    name: 'Nombre corto: usa letras minúsculas, números y guiones.',
    taken: 'Nombre corto: ya lo tiene otra.',
    preset: 'Qué sistema es: elige uno.',
    issuer: (example) => `Su dirección: debe ser como ${example}.`,
    private: 'Su dirección: debe ser pública. Quien administra el portal puede agregar otras.',
    noAnswer: 'Su dirección: no hay respuesta. Revísala e inténtalo otra vez.',
    notProvider: (code) =>
      `Su dirección: lo que responde allí no es un sistema OpenID que podamos usar (${code}).`,
    label: 'Cómo la llama la gente: usa de 1 a 40 caracteres, en una línea.',
    'client-id': 'ID de cliente: escríbelo como te lo dio el sistema.',
    'client-secret': 'Secreto de cliente: escríbelo como te lo dio el sistema, sin espacios.',
    domain: 'Dominios: escribe cada uno como example.org.',
    domainNeeded: 'Dominios: escribe al menos uno. Si no, no queda claro qué direcciones son.',
    'second-step': 'Segundo paso: escribe valores como mfa, separados con espacios.',
    'max-age': 'Preguntar otra vez: escribe un tiempo como 30m u 8h, 30 días como máximo.',
    remove: 'Quitar: marca la casilla para decir que quieres hacerlo.',
  },
  findings: {
    heading: 'Qué encontramos allí',
    says_who_it_is: (detail) => `Responde en ${detail}.`,
    signs_with: (detail) => `Firma con ${detail}.`,
    knows_us: () => 'Conoce el ID de cliente y el secreto.',
    does_not_know_us: (detail) =>
      `No acepta el ID de cliente, el secreto o la dirección de redirección (${detail}).`,
    says_no_verified: () =>
      'No dice si confirmó una dirección de correo. Mira “Aceptar sus direcciones” más abajo.',
    ends_no_sessions: () => 'Cuando alguien cierra sesión allí, su sesión aquí sigue abierta.',
    has_no_sign_out: () => 'Quien cierra sesión aquí no puede cerrarla allí al mismo tiempo.',
    unreachable: () => 'No hay respuesta en este momento.',
    not_valid: (detail) => `Su respuesta no se puede usar (${detail}).`,
  },
  done: {
    made: 'Está guardada y desactivada. Registra las direcciones de abajo, pruébala y después actívala.',
    saved: 'Guardado.',
    unchanged: 'No cambió nada.',
    turned_on: 'Está activada.',
    turned_off: 'Está desactivada. Las sesiones que empezaron con ella siguen abiertas.',
    removed: (ended) =>
      ended === 1 ? 'Se quitó, y terminó 1 sesión.' : `Se quitó, y terminaron ${ended} sesiones.`,
  },
  trial: {
    title: 'Qué respondió',
    leading: 'Te llevamos allí',
    leadingWhat: 'Inicias sesión allí. Después vuelves y ves qué respondió.',
    go: (label) => `Ir a ${label}`,
    works: 'Este inicio de sesión funciona',
    fails: 'Este inicio de sesión no funcionaría',
    notFinished: 'Esta prueba no terminó',
    notFinishedWhat: 'Tardó más de 10 minutos, o empezó en otra sesión. Prueba otra vez.',
    who: {
      volunteer: 'Habrías iniciado sesión con el registro de voluntariado que tiene esta dirección.',
      both: (role) =>
        `Habrías iniciado sesión con el registro de voluntariado que tiene esta dirección. Su función aquí: ${role}.`,
      staff: (role) =>
        `Habrías iniciado sesión como parte del equipo (${role}), sin registro de voluntariado.`,
      person: 'Ver a esta persona',
      first: 'Habría sido su primer inicio de sesión aquí.',
      disabled: 'Su cuenta está desactivada, así que no se le habría abierto ninguna página.',
    },
    what: 'Por qué',
    cure: 'Qué hacer',
    said: 'Qué respondió',
    nothing: 'No envió nada que podamos mostrar.',
    issuer: 'Emisor',
    subject: 'Su ID de la persona (primeras letras)',
    email: 'Correo',
    verified: 'Correo confirmado',
    name: 'Nombre',
    methods: 'Cómo preguntó',
    notSaid: 'No lo dice',
    mismatch: {
      none: {
        what: 'VOMO no tiene ningún registro con esta dirección.',
        cure: 'Pon la dirección en su registro de VOMO, o agrega a la persona al equipo.',
      },
      several: {
        what: 'VOMO tiene más de un registro con esta dirección.',
        cure: 'En VOMO, dale a cada persona una dirección propia.',
      },
      incomplete: {
        what: 'VOMO tiene demasiadas direcciones parecidas para saber cuál es.',
        cure: 'Busca la dirección en VOMO y corrige los registros que se parecen.',
      },
      another: {
        what: 'Esta cuenta era de otra persona aquí, y la dirección ahora está en el registro de alguien más.',
        cure: 'Haz que la dirección en VOMO y la de la cuenta sean la misma.',
      },
    },
    vomo: {
      what: 'VOMO no respondió, así que no sabemos de quién es la dirección.',
      cure: 'Prueba otra vez en un momento.',
    },
    causes: {
      unreachable: {
        what: 'No hubo respuesta.',
        cure: 'Inténtalo en un momento. Si sigue igual, pregunta a tu departamento de informática si está funcionando.',
      },
      canceled: {
        what: 'El inicio de sesión se canceló allí, o la cuenta no puede usar este portal.',
        cure: 'Prueba otra vez. Si no cancelaste, pide a tu departamento de informática que asigne la cuenta a este portal.',
      },
      denied: {
        what: 'Rechazó la solicitud.',
        cure: 'Pide que revisen el registro: alcances openid y email, con el flujo de código de autorización.',
      },
      secret: {
        what: 'No acepta el ID de cliente o el secreto de cliente.',
        cure: 'El secreto está mal o venció. Escribe el ID y un secreto nuevo en “Configuración”.',
      },
      lost_secret: {
        what: 'El secreto de cliente ya no se puede leer aquí.',
        cure: 'Escríbelo otra vez en “Configuración”.',
      },
      redirect: {
        what: 'No aceptó el código que acababa de dar.',
        cure: 'Registra la dirección de redirección letra por letra, y prueba otra vez en menos de un minuto.',
      },
      clock: {
        what: 'Las horas de su respuesta no coinciden, o el inicio de sesión allí es demasiado antiguo.',
        cure: 'Revisa la hora de los dos servidores, y “Preguntar otra vez” en “Configuración”.',
      },
      no_email: {
        what: 'No envió ninguna dirección de correo.',
        cure: 'Pide que envíe “email”. En Entra es una notificación opcional del token de ID.',
      },
      unverified: {
        what: 'No dice que la dirección de correo esté confirmada.',
        cure: 'Confírmala allí. Si nunca lo dice, mira “Aceptar sus direcciones” en “Configuración”.',
      },
      google_domain: {
        what: 'Google no responde por direcciones de este dominio.',
        cure: 'Usa una cuenta del Workspace al que pertenece el dominio.',
      },
      domain: {
        what: 'La dirección no es de ninguno de los dominios que escribiste.',
        cure: 'Usa otra cuenta, o agrega su dominio en “Configuración”.',
      },
      only: {
        what: 'Quien tiene esta dirección solo puede usar otro de tus sistemas.',
        cure: 'Inicia sesión con ese, o cámbialo allí.',
      },
      not_valid: {
        what: 'Su respuesta no pasó nuestras comprobaciones.',
        cure: 'Envía el código de abajo a tu departamento de informática. Las respuestas deben ir firmadas con una clave publicada.',
      },
    },
    ourCode: 'Código',
  },
}
