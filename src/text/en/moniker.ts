import type { Term } from '../terms.ts'

/** "Serving Day" becomes "serving day" and "serving days"; a word that looks plural stands for both. */
export function termOf(moniker: string): Term {
  const one = moniker.replaceAll(/\b\p{Lu}\p{Ll}+/gu, (word) => word.toLowerCase())
  if (/[^s]s$/.test(one)) return { one, other: one }
  if (/[^aeiou]y$/.test(one)) return { one, other: `${one.slice(0, -1)}ies` }
  return { one, other: /(?:s|x|z|ch|sh)$/.test(one) ? `${one}es` : `${one}s` }
}
