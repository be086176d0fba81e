import { z } from 'zod'
import { recordAudit } from '../audit.ts'
import { lockRow } from '../store/lock-row.ts'
import { type Queries, rows, type Write } from '../store/store.ts'
import {
  type Language,
  type LanguageEntry,
  type LanguageName,
  languageNames,
  languages,
  languageWith,
  type OwnTerms,
} from '../text/languages.ts'

/** The nouns a customer may replace, and VOMO's names for them. */
const nouns = {
  opportunity: 'project',
  initiative: 'campaign',
  group: 'group',
} as const satisfies Record<string, string>

export type Noun = keyof typeof nouns

export const nounNames = Object.keys(nouns) as Noun[]

/** What the organization calls them in VOMO. */
type Monikers = { readonly [Name in (typeof nouns)[Noun]]: string | null }

/** The nouns to use instead of ours: the customer's own, else VOMO's if VOMO has one in this language. */
export function nounsOf(own: CustomerTerms, monikers: Monikers, language: LanguageName): OwnTerms {
  const { termOf }: LanguageEntry = languages[language]
  if (!termOf) return own[language] ?? {}
  const entries = nounNames.map((noun) => {
    const moniker = monikers[nouns[noun]]
    return [noun, own[language]?.[noun] ?? (moniker === null ? undefined : termOf(moniker))]
  })
  return Object.fromEntries(entries) as OwnTerms
}

/** A language in a customer's words, rebuilt only when the customer's words, or VOMO's, have changed. */
export function languageOfCustomer(own: CustomerTerms, monikers: Monikers, name: LanguageName): Language {
  const known = spoken.get(own)?.[name]
  if (known?.monikers === monikers) return known.language
  const language = languageWith(name, nounsOf(own, monikers, name))
  spoken.set(own, { ...spoken.get(own), [name]: { monikers, language } })
  return language
}

const spoken = new WeakMap<
  CustomerTerms,
  { [Name in LanguageName]?: { monikers: Monikers; language: Language } }
>()

/** Keyed by language. */
export type CustomerTerms = Partial<Record<LanguageName, OwnTerms>>

const word = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[^\p{C}<>]*$/u)
const term = z.object({ one: word, other: word })
const stored = z.partialRecord(z.enum(languageNames), z.partialRecord(z.enum(nounNames), term))

const verifiedWords = z.partialRecord(z.enum(languageNames), z.string())

/** By language: what the column of words for confirmed hours holds. An unknown language makes all of it count as nothing. */
export function readVerifiedWords(text: string | null): Partial<Record<LanguageName, string>> {
  const read = text === null ? undefined : verifiedWords.safeParse(JSON.parse(text))
  return read?.success ? read.data : {}
}

export const isWord = (text: string): boolean => word.safeParse(text).success

/** Parses the column; ignores words of unknown nouns or languages. */
export function readOwnTerms(text: string | null): CustomerTerms {
  const read = text === null ? undefined : stored.safeParse(JSON.parse(text))
  return read?.success ? read.data : {}
}

/** A customer's own nouns, which no other writer changes before this transaction ends. */
export function* ownTermsNow(db: Queries, customerId: string): Write<CustomerTerms> {
  yield* lockRow(db, 'customer', customerId)
  const [row] = yield* rows(
    db.selectFrom('customer').select('own_terms').where('id', '=', customerId).compile(),
  )
  return readOwnTerms(row?.own_terms ?? null)
}

/**
 * Changes a customer's own nouns in one language, and keeps the others. Writes nothing when nothing would change.
 *
 * @param set.change receives the current nouns
 * @param set.by the person id of the owner who does it; by default, the operator
 */
export function* setOwnTerms(
  db: Queries,
  set: { customerId: string; language: LanguageName; change: (own: OwnTerms) => OwnTerms; by?: string },
  nowMs: number,
): Write<CustomerTerms> {
  const { customerId, language, change, by = 'operator' } = set
  const before = yield* ownTermsNow(db, customerId)
  const terms = { ...before, [language]: change(before[language] ?? {}) }
  if (toldTerms(terms[language]) === toldTerms(before[language])) return before
  yield* rows(
    db
      .updateTable('customer')
      .set({ own_terms: JSON.stringify(terms) })
      .where('id', '=', customerId)
      .compile(),
  )
  const detail = { language, before: toldTerms(before[language]), after: toldTerms(terms[language]), by }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'customer.terms_set', detail })
  return terms
}

/** "opportunity: serving date, serving dates" */
function toldTerms(own: OwnTerms = {}): string {
  return nounNames
    .flatMap((noun) => (own[noun] ? [`${noun}: ${own[noun].one}, ${own[noun].other}`] : []))
    .join('; ')
}
