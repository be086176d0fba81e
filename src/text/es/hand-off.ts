import type { handOff as english } from '../en/hand-off.ts'

export const handOff: typeof english = {
  trouble: {
    unavailable: {
      heading: 'Ahora mismo no podemos llevarte a VOMO',
      what: () =>
        'VOMO no responde, así que por el momento no podemos llevarte. Puede que su propia página sí abra.',
    },
    refused: {
      heading: 'VOMO te pide que inicies sesión allí',
      what: () =>
        'Le pedimos a VOMO que te dejara entrar, pero esta vez no lo hizo. Tu registro aquí sigue igual.',
    },
    other_network: {
      heading: 'VOMO te pide que inicies sesión allí',
      what: () =>
        'VOMO solo nos deja llevarte si ve la misma dirección de red que vemos nosotros. Ahora mismo no coinciden.',
    },
    shared_address: {
      heading: 'Inicia sesión directamente en VOMO',
      what: (name) =>
        `Más de un registro de ${name} tiene tu correo, y VOMO se guía solo por el correo. Por eso no podemos iniciar tu sesión allí.`,
    },
    not_volunteer: {
      heading: 'Inicia sesión directamente en VOMO',
      what: (name) =>
        `En VOMO haces más que voluntariado para ${name}. Para proteger los registros de otras personas, no podemos iniciar tu sesión allí.`,
    },
    not_member: {
      heading: 'Inicia sesión directamente en VOMO',
      what: (name) =>
        `VOMO ya no te muestra como miembro activo de ${name}, así que no podemos iniciar tu sesión allí.`,
    },
  },
  next: 'Ir a VOMO',
  signInThere: (address) => `Inicia sesión allí con ${address} y tu contraseña de VOMO.`,
  back: 'Volver a tu página',
  ask: (contact) => `Si no puedes entrar, habla con ${contact}.`,
}
