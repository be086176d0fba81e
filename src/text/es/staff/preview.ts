import type { staffPreview as english } from '../../en/staff/preview.ts'

export const staffPreview: typeof english = {
  title: 'Ver sus páginas',
  lede: (address) =>
    `Verás cada página como la ve ${address}, durante 15 minutos como máximo. No puedes cambiar nada.`,
  reason: 'Tu motivo',
  note: 'El motivo queda en el historial. En la página de su cuenta verá que el equipo vio sus páginas, y cuándo.',
  button: 'Empezar',
  error: (min, max) => `Escribe el motivo, con ${min} a ${max} caracteres.`,
  banner: (address, until) => `Ves el portal como ${address}, hasta: ${until}. Los botones no funcionan.`,
  label: 'De quién son estas páginas',
  end: 'Volver a tu propia vista',
  own: {
    heading: 'Cuándo las vio el equipo',
    what: (organization) => `El equipo de ${organization} vio tus páginas como tú las ves:`,
    note: 'Dio un motivo y no podía cambiar nada. Pregúntale si no lo esperabas.',
  },
}
