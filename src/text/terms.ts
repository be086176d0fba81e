/** A noun, for one and for more. */
export type Term = { readonly one: string; readonly other: string }

/** What a customer may call by words of its own: VOMO's project, campaign and group. In the middle of a sentence, so small where nouns are small. */
export type Terms = {
  readonly opportunity: Term
  readonly initiative: Term
  readonly group: Term
}

/** At the beginning of a sentence, or alone. */
export function capital(text: string): string {
  const [first = '', ...rest] = text
  return first.toLocaleUpperCase() + rest.join('')
}
