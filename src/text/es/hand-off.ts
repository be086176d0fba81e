import type { handOff as english } from '../en/hand-off.ts'

export const handOff: typeof english = {
  trouble: {
    unavailable: {
      heading: 'Ahora mismo no podemos llevarte a VOMO',
      what: () =>
        'VOMO no nos responde, así que por un momento no se puede entrar desde aquí. Tal vez su propia página sí abra.',
    },
    refused: {
      heading: 'VOMO te pide que inicies sesión allí',
      what: () =>
        'Le pedimos a VOMO que te dejara pasar y esta vez no lo hizo. Tu registro aquí sigue igual.',
    },
    other_network: {
      heading: 'VOMO te pide que inicies sesión allí',
      what: () =>
        'VOMO solo nos deja llevarte si tu dispositivo llega a su página con la misma dirección de red que a la nuestra, y aquí no es posible.',
    },
    not_volunteer: {
      heading: 'Inicia sesión directamente en VOMO',
      what: (name) =>
        `En VOMO haces algo más que voluntariado para ${name}. Para cuidar los registros de otras personas, desde aquí no se abre esa parte.`,
    },
    not_member: {
      heading: 'Inicia sesión directamente en VOMO',
      what: (name) =>
        `VOMO ya no te tiene en activo en ${name}, así que desde aquí no podemos llevarte a VOMO.`,
    },
  },
  next: 'Ir a VOMO',
  signInThere: (address) => `Allí entras con ${address} y tu contraseña de VOMO.`,
  back: 'Volver a tu página',
  ask: (contact) => `Si no logras entrar allí, habla con ${contact}.`,
}
