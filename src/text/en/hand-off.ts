/** The hand-off to VOMO: the page shown when a volunteer could not be signed in there. */
export const handOff = {
  trouble: {
    unavailable: {
      heading: 'We can’t sign you in to VOMO right now',
      what: (_name: string) =>
        'VOMO isn’t responding, so we can’t take you there right now. VOMO’s own page may still open.',
    },
    refused: {
      heading: 'VOMO needs you to sign in there',
      what: (_name: string) =>
        'We asked VOMO to let you in, but this time it didn’t. Your record here hasn’t changed.',
    },
    other_network: {
      heading: 'VOMO needs you to sign in there',
      what: (_name: string) =>
        'VOMO only lets us sign you in if it sees the same network address for you that we do. Right now, it doesn’t.',
    },
    shared_address: {
      heading: 'Please sign in to VOMO directly',
      what: (name: string) =>
        `More than one record at ${name} has your email address, and VOMO goes by the address alone. So we can’t sign you in there.`,
    },
    not_volunteer: {
      heading: 'Please sign in to VOMO directly',
      what: (name: string) =>
        `In VOMO, you do more for ${name} than volunteer. To keep other people’s records safe, we can’t sign you in there.`,
    },
    not_member: {
      heading: 'Please sign in to VOMO directly',
      what: (name: string) => `VOMO no longer lists you as active at ${name}, so we can’t sign you in there.`,
    },
  },
  next: 'Go to VOMO',
  signInThere: (address: string) => `Sign in there with ${address} and your VOMO password.`,
  back: 'Back to your page',
  ask: (contact: string) => `If you can’t get in, ask ${contact}.`,
}
