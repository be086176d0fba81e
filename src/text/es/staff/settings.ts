import type { staffSettings as english } from '../../en/staff/settings.ts'

const fields: (typeof english)['fields'] = {
  name: {
    label: 'Nombre',
    hint: 'El nombre con el que las personas voluntarias conocen a la organización.',
    rule: 'Nombre: escríbelo en una sola línea.',
  },
  url: { label: 'Dirección del portal' },
  'contact-name': {
    label: 'A quién pueden preguntar',
    hint: 'Una persona o un equipo. Aparece en cada página y en los correos.',
    rule: 'A quién pueden preguntar: escríbelo en una sola línea.',
  },
  'contact-email': {
    label: 'Su correo electrónico',
    hint: 'Ahí llegan las respuestas a nuestros correos.',
    rule: 'Su correo electrónico: escríbelo como voluntarios@example.org.',
  },
  'time-zone': { label: 'Zona horaria', hint: 'Para las fechas y horas que no son de ningún proyecto.' },
  country: { label: 'País', hint: 'Un teléfono escrito sin el signo + se entiende como de ahí.' },
  color: {
    label: 'Color propio',
    empty: 'El nuestro',
    hint: 'El signo # y seis cifras, como #0b5a5f. Déjalo vacío para usar el nuestro.',
    rule: 'Color: usa el signo # y seis cifras del 0 al 9 o de la a a la f.',
  },
  'hours-verified': {
    label: 'Horas confirmadas',
    values: { yes: 'Mostrar qué horas están confirmadas', no: 'No decir nada de eso' },
  },
  'hours-verified-word': {
    label: 'Tu palabra para “confirmed”, en inglés',
    empty: 'La nuestra: confirmed',
    hint: 'Termina una oración, como “approved by your supervisor”. Déjalo vacío para usar la nuestra.',
    rule: 'Tu palabra en inglés: usa 60 caracteres como máximo, en una sola línea.',
  },
  'hours-verified-word-es': {
    label: 'Tu palabra para “confirmadas”, en español',
    empty: 'La nuestra: confirmadas',
    hint: 'Por ejemplo “aprobadas por tu supervisor”.',
    rule: 'Tu palabra en español: usa 60 caracteres como máximo, en una sola línea.',
  },
  'confirm-days': {
    label: 'Días que suelen tardar en confirmar las horas',
    empty: 'No decimos nada de eso',
    hint: 'Déjalo vacío para no decir nada.',
    rule: 'Días para confirmar las horas: usa un número del 0 al 999.',
  },
  'stranger-mails': {
    label: 'Cuando alguien escribe una dirección que no está en los registros',
    values: { yes: 'Avisar por correo que no la conocemos', no: 'No enviar nada' },
  },
  'problem-emails': {
    label: 'Correo diario sobre problemas abiertos',
    hint: 'Para la coordinación y las personas titulares, por la mañana, solo mientras haya algo abierto. No nombra a nadie.',
    values: { yes: 'Enviarlo', no: 'No enviarlo' },
  },
  'shared-addresses': {
    label: 'Cuando dos registros tienen la misma dirección',
    values: {
      yes: 'Cada quien demuestra cuál es el suyo, con su apellido y su fecha de nacimiento',
      no: 'No entra ninguna de las dos personas',
    },
  },
  passwords: {
    label: 'Contraseñas',
    values: { yes: 'Se puede elegir una, y también iniciar sesión por correo', no: 'Sin contraseñas' },
    warning: 'Sin contraseñas, quienes eligieron una tendrán que iniciar sesión de otra manera.',
  },
  passkeys: {
    label: 'Llaves de acceso',
    values: { yes: 'Se puede iniciar sesión con una', no: 'Sin llaves de acceso' },
    warning:
      'Las llaves de acceso que ya existen dejan de funcionar. El equipo que las usa necesitará otra manera.',
  },
  'session-days': {
    label: 'Días que dura como máximo la sesión de una persona voluntaria',
    empty: '30 días',
    hint: 'De 1 a 30. Vacío significa 30.',
    rule: 'Días de la sesión: usa un número del 1 al 30.',
  },
  'session-unused-days': {
    label: 'O estos días sin volver',
    empty: '14 días',
    hint: 'De 1 a 14. Vacío significa 14.',
    rule: 'Días sin volver: usa un número del 1 al 14.',
  },
  'staff-session-hours': {
    label: 'Horas que dura como máximo la sesión del equipo',
    empty: '12 horas',
    hint: 'De 1 a 12. Vacío significa 12.',
    rule: 'Horas del equipo: usa un número del 1 al 12.',
  },
  'staff-session-unused-minutes': {
    label: 'O estos minutos sin hacer nada',
    empty: '60 minutos',
    hint: 'De 1 a 60. Vacío significa 60.',
    rule: 'Minutos sin hacer nada: usa un número del 1 al 60.',
    warning: 'Con tan pocos minutos, tu sesión puede terminar mientras llenas un formulario.',
  },
  'link-ip-rule': {
    label: 'Cuando un enlace creado por tus sistemas se abre desde otra red',
    values: {
      strict: 'Explicarlo y ofrecer un correo para iniciar sesión',
      confirm: 'Pedir el código de un correo para iniciar sesión',
      warn: 'Pedir que se toque un botón, y registrarlo',
      off: 'Tratar igual todas las redes',
    },
    warning: 'Cualquiera que consiga un enlace así podrá iniciar sesión con él.',
  },
  'link-button': {
    label: 'Cuando se abre desde la red correcta',
    values: { yes: 'Pedir que se toque un botón', no: 'Iniciar sesión de inmediato' },
  },
}

export const staffSettings: typeof english = {
  title: 'Ajustes',
  heading: (organization) => `Los ajustes de ${organization}`,
  lede: 'Un cambio cuenta desde la siguiente página que alguien abra. Cada uno queda registrado.',
  change: 'Cambiar',
  back: 'Todos los ajustes',
  save: 'Guardar',
  more: 'Más',
  notSet: 'Sin definir',
  fields,
  groups: {
    organization: 'Organización y contacto',
    looks: 'Color y logotipo',
    hours: 'Horas',
    'sign-in': 'Inicio de sesión',
    sessions: 'Cuánto dura una sesión',
    links: 'Enlaces creados por tus sistemas',
  },
  theirs: {
    heading: 'Lo que cambian otras personas',
    coordinator: 'Esto lo pueden cambiar la coordinación y las personas titulares.',
    owner: 'Esto lo pueden cambiar las personas titulares.',
    operator: 'Esto solo lo pueden cambiar quienes administran este portal.',
  },
  done: {
    saved: 'Guardado.',
    unchanged: 'No ha cambiado nada.',
    removed: 'Ya no hay logotipo.',
  },
  refused: 'Elige una de las respuestas.',
  conflict: (label, now, yours) =>
    `${label}: alguien acaba de cambiarlo a “${now}”. Tú elegiste “${yours}”. Guarda otra vez para usar lo tuyo.`,
  sure: {
    heading: '¿Seguro?',
    label: 'Sí, quiero esto',
    missing: 'Lee qué pasará y marca la casilla si lo quieres.',
  },
  color: {
    heading: 'Cómo se ve',
    see: 'Ver cómo queda',
    sample: 'Un título, un enlace y un botón, en una página clara y en una oscura',
    light: 'Página clara',
    dark: 'Página oscura',
    link: 'Un enlace',
    button: 'Un botón',
    contrast: {
      light: (figure, isEnough) => told('claras', figure, isEnough),
      dark: (figure, isEnough) => told('oscuras', figure, isEnough),
    },
    needed: (figure) =>
      `Un texto necesita un contraste de al menos ${figure}. El negro sobre blanco tiene 21.`,
    none: 'Sin un color propio, las páginas usan el nuestro.',
  },
  logo: {
    heading: 'Logotipo',
    none: 'No hay logotipo. Las páginas muestran tu nombre.',
    alone: 'Es ancho, así que reemplaza tu nombre arriba en cada página.',
    beside: 'Las páginas lo muestran antes de tu nombre.',
    onDark: 'En páginas oscuras lleva un fondo claro.',
    file: 'Elige una imagen',
    what: 'SVG, PNG, JPEG o WebP, de 100 kB como máximo.',
    button: 'Usar esta imagen',
    remove: 'Quitar el logotipo',
    alt: 'Tu logotipo actual',
    errors: {
      missing: 'Primero elige una imagen.',
      rule: 'Usa un SVG, PNG, JPEG o WebP de 100 kB y 4,000 píxeles como máximo. Un SVG solo puede contener un dibujo.',
      overtaken: 'Alguien acaba de cambiar el logotipo. Míralo y elige tu imagen otra vez.',
    },
  },
}

function told(ground: string, figure: string, isEnough: boolean): string {
  return isEnough
    ? `En páginas ${ground} su contraste es ${figure}. Lo usan los enlaces y los botones.`
    : `En páginas ${ground} su contraste es solo ${figure}. Solo lo usa la línea de arriba.`
}
