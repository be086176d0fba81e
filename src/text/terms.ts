/** A noun in singular and plural. */
export type Term = { readonly one: string; readonly other: string }

/** The nouns a customer may replace: VOMO's project, campaign and group. Spelled as in the middle of a sentence. */
export type Terms = {
  readonly opportunity: Term
  readonly initiative: Term
  readonly group: Term
}

/** For the beginning of a sentence, or alone. */
export function capital(text: string): string {
  const [first = '', ...rest] = text
  return first.toLocaleUpperCase() + rest.join('')
}
