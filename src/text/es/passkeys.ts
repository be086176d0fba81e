import type { passkeys as english } from '../en/passkeys.ts'

export const passkeys: typeof english = {
  signIn: {
    label: 'Iniciar sesión con una llave de acceso',
    button: 'Usar una llave de acceso',
    cancelled: 'No se usó ninguna llave de acceso. Inténtalo otra vez o pide un enlace por correo.',
    errors: {
      refused: 'Esa llave de acceso no funcionó aquí. Inténtalo otra vez o pide un enlace por correo.',
      by_provider:
        'Tu organización quiere que inicies sesión con su propia cuenta, así que aquí no sirven las llaves de acceso. Usa el botón con su nombre.',
      copied:
        'Desactivamos esta llave de acceso porque puede que alguien la haya copiado. Pide un enlace por correo y después quítala en la página de tu cuenta.',
    },
  },

  offer: {
    heading: 'La próxima vez, sin esperar el correo',
    what: 'Con una llave de acceso inicias sesión como desbloqueas este dispositivo: con tu huella, tu cara o tu PIN.',
    add: 'Crear una llave de acceso',
    notNow: 'No, gracias',
  },

  own: {
    heading: 'Llaves de acceso',
    what: 'Con una llave de acceso inicias sesión como desbloqueas tu dispositivo: con tu huella, tu cara o tu PIN. Los enlaces por correo siguen funcionando.',
    none: 'Aún no tienes ninguna.',
    added: (moment) => `Creada: ${moment}`,
    lastUsed: (moment) => `Último uso: ${moment}`,
    neverUsed: 'Sin usar todavía',
    backedUp: 'En todos los dispositivos que la comparten',
    oneDevice: 'En un solo dispositivo',
    otherHost: (host) => `Solo funciona en ${host}`,
    copied: 'Desactivada, porque puede que alguien la haya copiado. Quítala y crea otra si quieres.',
    remove: 'Quitar',
    name: 'Nombre',
    nameHint: 'Para distinguir tus llaves de acceso',
    add: 'Crear una llave de acceso',
    notHere: 'Este navegador no puede crear llaves de acceso.',
    signInFirst: 'Para crear una, primero vuelve a iniciar sesión. Así nadie más puede crear la suya.',
    signIn: 'Volver a iniciar sesión',
    stepFirst: 'Eres parte del equipo. Antes de crear o quitar una, confirma que eres tú.',
    step: 'Confirmar que soy yo',
    byProvider:
      'Inicias sesión con la cuenta de tu organización, así que una llave de acceso no te serviría aquí.',
    notShared: 'En una computadora compartida no puedes crear una.',
    failed:
      'No se creó ninguna llave de acceso. Inténtalo otra vez, o déjalo así: los enlaces por correo siguen funcionando.',
    done: {
      added: 'Tu llave de acceso está lista. También te avisamos por correo.',
      removed: 'Quitamos la llave de acceso. Ya no sirve para iniciar sesión.',
      failed: 'No se creó ninguna llave de acceso. Inténtalo otra vez.',
    },
  },

  mail: {
    subject: {
      added: (organization) => `Creaste una llave de acceso en ${organization}`,
      removed: (organization) => `Quitaste una llave de acceso en ${organization}`,
      refused: (organization) => `Desactivamos una llave de acceso en ${organization}`,
    },
    preview: {
      added: 'Desde ahora puedes iniciar sesión con ella.',
      removed: 'Ya no sirve para iniciar sesión.',
      refused: 'Puede que alguien la haya copiado.',
    },
    what: {
      added: (organization, name) =>
        `Se creó una llave de acceso${name === null ? '' : ` (${name})`} en tu cuenta de ${organization}.`,
      removed: (organization, name) =>
        `Se quitó una llave de acceso${name === null ? '' : ` (${name})`} de tu cuenta de ${organization}.`,
      refused: (organization, name) =>
        `Desactivamos una de tus llaves de acceso${name === null ? '' : ` (${name})`} en ${organization}, porque puede que alguien la haya copiado. Ya no sirve para iniciar sesión.`,
    },
    when: (when) => `Fue el ${when}.`,
    itWasYou: 'Si fuiste tú, no tienes que hacer nada.',
    notYou: (contact) =>
      `Si no fuiste tú, cierra todas tus sesiones en la página de tu cuenta. Quita también las llaves de acceso que no conozcas y avísale a ${contact}.`,
    refusedNext: 'Quítala en la página de tu cuenta y crea otra si quieres.',
    button: 'Abrir la página de mi cuenta',
  },
}
