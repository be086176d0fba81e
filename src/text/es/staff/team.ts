import type { staffTeam as english } from '../../en/staff/team.ts'

export const staffTeam: typeof english = {
  title: 'Equipo y funciones',
  heading: (organization) => `Quién forma parte del equipo de ${organization}`,
  lede: 'El equipo inicia sesión en la misma página que las personas voluntarias. No necesita un registro de voluntariado.',
  address: 'Correo',
  role: 'Función',
  change: 'Cambiar',
  remove: 'Quitar',
  you: 'Eres tú',
  roles: {
    viewer: 'Consulta: ve quién inicia sesión y quién no puede, con las direcciones medio ocultas',
    coordinator: 'Coordinación: ayuda a iniciar sesión y ve las direcciones completas',
    owner: 'Titular: puede hacer todo eso y decide quién forma parte del equipo',
  },
  add: {
    heading: 'Agregar a alguien o cambiar su función',
    label: 'Su correo electrónico',
    role: 'Qué puede hacer',
    what: 'Recibirá un correo con esta noticia. La nueva función cuenta desde la siguiente página que abra.',
    button: 'Guardar',
  },
  errors: {
    role: 'Elige una función.',
  },
  done: {
    added: 'Ya forma parte del equipo, y el correo va en camino.',
    changed: 'Su función ha cambiado.',
    removed: 'Ya no forma parte del equipo.',
    unchanged: 'No ha cambiado nada.',
    list_goes_on:
      'Hecho. Su lista de enlaces sigue en curso. Puedes detenerla en “Crear enlaces para una lista”.',
    last_owner: 'Tiene que haber una persona titular. Nombra primero a otra.',
  },
  mail: {
    subject: (organization) => `Formas parte del equipo de ${organization}`,
    preview: 'Inicia sesión con esta dirección para ver las páginas del equipo.',
    what: (organization) => `Ya puedes abrir las páginas del equipo de ${organization}.`,
    how: 'Inicia sesión con esta dirección de correo. No tienes que elegir ninguna contraseña.',
    button: 'Abrir las páginas del equipo',
    notYou: '¿No sabes por qué recibiste esto? Puedes ignorarlo. No pasa nada hasta que inicies sesión.',
  },
}
