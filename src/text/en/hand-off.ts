/** Going on into VOMO: the page that stands there when it could not be opened for somebody. */
export const handOff = {
  trouble: {
    unavailable: {
      heading: 'We can’t sign you in to VOMO just now',
      what: (_name: string) =>
        'VOMO isn’t answering us, so there is no way in from here for a moment. Its own page may open all the same.',
    },
    refused: {
      heading: 'VOMO asks you to sign in yourself',
      what: (_name: string) =>
        'We asked VOMO to let you in, and this time it didn’t. Your record here stays as it is.',
    },
    other_network: {
      heading: 'VOMO asks you to sign in yourself',
      what: (_name: string) =>
        'VOMO lets us sign you in only where your device reaches it by the same network address as it reaches us, and here it can’t.',
    },
    not_volunteer: {
      heading: 'Please sign in at VOMO directly',
      what: (name: string) =>
        `In VOMO you do more for ${name} than volunteer. To keep other people’s records safe, a sign-in here doesn’t open that.`,
    },
    not_member: {
      heading: 'Please sign in at VOMO directly',
      what: (name: string) =>
        `VOMO no longer lists you as active at ${name}, so a sign-in here doesn’t open VOMO for you.`,
    },
  },
  next: 'Go to VOMO',
  signInThere: (address: string) => `There you sign in with ${address} and your VOMO password.`,
  back: 'Back to your page',
  ask: (contact: string) => `If you can’t get in there, ask ${contact}.`,
}
