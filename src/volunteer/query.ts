/** The values of a query string. Unknown names are ignored. */
export type Query = Readonly<Record<string, string | undefined>>

/** An empty value counts as absent. */
export function withoutBlanks(query: Query): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(query).map(([name, text]) => [name, text?.trim() || undefined]))
}
