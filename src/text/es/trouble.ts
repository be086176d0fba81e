import type { trouble as english, unknownHost as englishUnknownHost } from '../en/trouble.ts'

export const trouble: typeof english = {
  not_found: {
    title: 'Página no encontrada',
    heading: 'No encontramos esa página',
    what: () => 'Puede que la dirección tenga un error, o que la página haya cambiado de lugar.',
    next: 'Ir a tu página',
  },
  server_error: {
    title: 'Lo sentimos, hay un problema con el servicio',
    heading: 'Lo sentimos, hay un problema con el servicio',
    what: () => 'Algo falló de nuestro lado. Puede que lo que acabas de enviar no se haya guardado.',
    next: 'Intentar otra vez',
  },
  rate_limited: {
    title: 'Espera un momento',
    heading: 'Espera un momento',
    what: () => 'Demasiados intentos. Espera unos minutos.',
    next: 'Intentar otra vez',
  },
  vomo_unavailable: {
    title: 'No podemos mostrar tu registro en este momento',
    heading: 'No podemos mostrar tu registro en este momento',
    what: (name) =>
      `${name} guarda horas y turnos en VOMO, y VOMO no responde ahora mismo. No se ha perdido nada.`,
    next: 'Intentar otra vez',
  },
  record_in_turn: {
    title: 'Tu registro está en camino',
    heading: 'Tu registro está en camino',
    what: () =>
      'Hay mucha gente aquí en este momento, y los registros se cargan uno por uno. Conservas tu lugar aunque cierres esta página.',
    next: 'Comprobar otra vez',
  },
  service_unavailable: {
    title: 'Espera un momento',
    heading: 'Estamos muy ocupados ahora mismo',
    what: () => 'No se cambió nada. Inténtalo de nuevo en un momento.',
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
    title: 'No pudimos leer eso',
    heading: 'No pudimos leer eso',
    what: () => 'No pudimos entender lo que se envió. No se cambió nada.',
    next: 'Empezar de nuevo',
  },
  account_orphaned: {
    title: 'No encontramos tu registro',
    heading: 'No encontramos tu registro de voluntariado',
    what: (name) =>
      `Estaba en VOMO la última vez que entraste. Puede que ${name} lo haya eliminado, o que haya combinado dos registros.`,
    next: 'Cerrar sesión',
  },
  account_stale: {
    title: 'Cambió tu dirección de correo',
    heading: 'Cambió tu dirección de correo',
    what: (name) =>
      `El registro en ${name} ahora tiene otra dirección de correo. Para proteger su privacidad, cerramos tu sesión.`,
    next: 'Iniciar sesión con la nueva dirección',
  },
  preview_only: {
    title: 'No mientras ves el portal como otra persona',
    heading: 'Ves el portal como otra persona',
    what: () =>
      'Esta página o este botón no funciona en esa vista, y no se cambió nada. Primero vuelve a tu propia vista.',
    next: 'Volver a tu propia vista',
  },
  account_no_record: {
    title: 'Aquí no hay registro de voluntariado',
    heading: 'No hay ningún registro de voluntariado con tu dirección',
    what: (name) =>
      `Iniciaste sesión, pero ${name} no tiene ningún registro con esta dirección de correo. Tal vez te inscribiste con otra.`,
    next: 'Probar otra dirección',
  },
  account_disabled: {
    title: 'Tu inicio de sesión está desactivado',
    heading: 'Tu inicio de sesión está desactivado',
    what: (name) =>
      `${name} desactivó aquí el inicio de sesión con tu dirección. Tus horas en VOMO no han cambiado.`,
    next: 'Cerrar sesión',
  },
  two_records: {
    title: 'Dos registros comparten tu dirección',
    heading: 'Dos registros comparten tu dirección de correo',
    what: (name) =>
      `${name} tiene esta dirección en más de un registro de voluntariado. Quizá uno es tuyo y otro de alguien de tu familia. Para proteger la privacidad de todos, no adivinamos. Cuando cada registro tenga su propia dirección, podrás iniciar sesión.`,
    next: 'Probar otra dirección',
  },
  shared_records: {
    title: 'Tu dirección está en varios registros',
    heading: 'Más de un registro tiene tu correo electrónico',
    what: (name) =>
      `En ${name} no hay problema. Pide un enlace para iniciar sesión y ábrelo. Luego, con tu apellido y tu fecha de nacimiento sabremos cuál registro es el tuyo.`,
    next: 'Pedir un enlace',
  },
  askFor: {
    orphaned: (contact) => `Habla con ${contact}. Pueden ver qué pasó y volver a conectarte.`,
    stale: (contact) => `¿No lo esperabas? Habla con ${contact}.`,
    anything: (contact) => `Si sigue pasando, habla con ${contact}.`,
    record: (contact) => `Habla con ${contact}. Pueden ver qué dirección hay en tu registro.`,
    twoRecords: (contact) =>
      `Pide a ${contact} que cambien la dirección de un registro, o que los combinen si ambos son tuyos.`,
    sharedRecords: (contact) =>
      `¿Falta tu fecha de nacimiento en tu registro? Pide a ${contact} que la agreguen, o que le den a cada registro su propia dirección.`,
    disabled: (contact) => `Pregúntale a ${contact} por qué, y si pueden activarlo de nuevo.`,
  },
  tryAgainAt: (when) => `Puedes intentarlo otra vez después de: ${when}.`,
  readyAt: (when) => `Tu registro debería estar aquí después de: ${when}. Se queda unos 15 minutos.`,
  staffPages: 'Ir a las páginas del equipo',
}

export const unknownHost: typeof englishUnknownHost = {
  title: 'Aquí no hay página de voluntariado',
  heading: 'No hay ninguna página de voluntariado en esta dirección',
  what: 'Cada organización tiene su propia dirección para sus páginas de voluntariado. Esta no es una de ellas.',
  next: 'Revisa si hay un error en la dirección, o abre el enlace de un correo de tu organización.',
}
