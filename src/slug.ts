/** A customer's or a campaign's name in an address: letters and digits that can neither leave their segment nor name a file. */
export const slugPattern = /^[a-z0-9][a-z0-9-]{0,99}$/
