import type { trouble as english, unknownHost as englishUnknownHost } from '../en/trouble.ts'

export const trouble: typeof english = {
  not_found: {
    title: 'Página no encontrada',
    heading: 'No encontramos esa página',
    what: () =>
      'Puede que a la dirección le sobre o le falte una letra, o que la página haya cambiado de sitio.',
    next: 'Ir a tu página',
  },
  server_error: {
    title: 'Lo sentimos, hay un problema con el servicio',
    heading: 'Lo sentimos, hay un problema con el servicio',
    what: () =>
      'Algo falló de nuestro lado, no del tuyo. Puede que lo que acabas de enviar no se haya guardado.',
    next: 'Intentar otra vez',
  },
  rate_limited: {
    title: 'Espera un momento',
    heading: 'Esperemos un momento',
    what: () =>
      'Hubo muchos intentos en poco tiempo. Para cuidar los registros de todos, hacemos una pausa antes del siguiente.',
    next: 'Intentar otra vez',
  },
  vomo_unavailable: {
    title: 'Por un momento no podemos mostrar tu registro',
    heading: 'Por un momento no podemos mostrar tu registro',
    what: (name) =>
      `${name} guarda horas y turnos en VOMO, y VOMO no responde ahora mismo. No se ha perdido nada tuyo.`,
    next: 'Intentar otra vez',
  },
  cross_site: {
    title: 'Envíalo otra vez, por favor',
    heading: 'Envíalo otra vez, por favor',
    what: () =>
      'El formulario parecía venir de otro sitio, así que no lo usamos. Abre la página aquí y envíalo de nuevo.',
    next: 'Volver a la página',
  },
  bad_request: {
    title: 'No pudimos leer lo que llegó',
    heading: 'No pudimos leer lo que llegó',
    what: () => 'Llegó algo en una forma que no entendemos, y no se cambió nada.',
    next: 'Empezar de nuevo',
  },
  account_orphaned: {
    title: 'No encontramos tu registro',
    heading: 'Tu registro de voluntariado ya no está',
    what: (name) =>
      `Estaba en VOMO la última vez que viniste. Puede que ${name} lo haya quitado, o que haya unido dos registros en uno.`,
    next: 'Cerrar sesión',
  },
  account_stale: {
    title: 'Cambió tu dirección de correo',
    heading: 'Cambió tu dirección de correo',
    what: (name) =>
      `El registro en ${name} tiene ahora una dirección de correo distinta de la que usaste para entrar. Para que tu registro siga siendo solo tuyo, cerramos tu sesión.`,
    next: 'Entrar con la nueva dirección',
  },
  account_no_record: {
    title: 'Aquí no hay registro de voluntariado',
    heading: 'No hay ningún registro de voluntariado con tu dirección',
    what: (name) =>
      `Has entrado, pero ${name} no tiene a nadie en su voluntariado con esta dirección de correo. Tal vez te inscribiste con otra.`,
    next: 'Probar otra dirección',
  },
  account_disabled: {
    title: 'Tu inicio de sesión está desactivado',
    heading: 'Tu inicio de sesión está desactivado',
    what: (name) =>
      `${name} desactivó aquí el inicio de sesión con tu dirección. Tus horas en VOMO siguen como están.`,
    next: 'Cerrar sesión',
  },
  two_records: {
    title: 'Dos registros comparten tu dirección',
    heading: 'Dos registros comparten tu dirección de correo',
    what: (name) =>
      `${name} tiene esta dirección en más de un registro de voluntariado, quizá el tuyo y el de alguien de tu familia. No podemos saber cuál es el tuyo y, para cuidar la privacidad de todos, no adivinamos. En cuanto cada registro tenga su propia dirección, podrás entrar.`,
    next: 'Probar otra dirección',
  },
  askFor: {
    orphaned: (contact) => `Habla con ${contact}. Pueden ver qué pasó y volver a conectarte.`,
    stale: (contact) => `¿No lo esperabas? Habla con ${contact}.`,
    anything: (contact) => `Si sigue pasando, habla con ${contact}.`,
    record: (contact) => `Habla con ${contact}. Pueden mirar qué dirección hay en tu registro.`,
    twoRecords: (contact) =>
      `Pide a ${contact} que cambien la dirección de uno de los registros, o que los unan si los dos son tuyos.`,
    disabled: (contact) => `Pregunta a ${contact} por qué, y pide que lo activen de nuevo.`,
  },
  tryAgainAt: (when) => `Puedes intentarlo otra vez a partir de: ${when}.`,
  staffPages: 'Ir a las páginas del equipo',
}

export const unknownHost: typeof englishUnknownHost = {
  title: 'Aquí no hay página de voluntariado',
  heading: 'En esta dirección no hay ninguna página de voluntariado',
  what: 'Cada organización tiene una dirección propia para su voluntariado. Esta no pertenece a ninguna.',
  next: 'Revisa si hay un error en la dirección, o abre el enlace de un correo de tu organización.',
}
