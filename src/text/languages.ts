import { termOf } from './en/moniker.ts'
import { englishTerms, englishWith, type Words } from './en.ts'
import { spanishTerms, spanishWith } from './es.ts'
import type { Term, Terms } from './terms.ts'

/** The language of a page: its words, and the BCP 47 name that formats dates and numbers. */
export type Language = { readonly language: LanguageName; readonly words: Words; readonly locale: string }

export type LanguageEntry = {
  /** Its own name. */
  readonly itself: string
  readonly locale: string
  /** What separates the cells of a file that Excel opens in its regions. */
  readonly separatorInExcel: ',' | ';'
  readonly terms: Terms
  readonly wordsWith: (terms: Terms) => Words
  /** Reads a noun set in VOMO. VOMO keeps one for all languages, and its site is in this one, so no other language has this. */
  readonly termOf?: (moniker: string) => Term
}

/** The languages, in the order in which pages name them. The first is the default. */
export const languages = {
  en: {
    itself: 'English',
    locale: 'en-US',
    separatorInExcel: ',',
    terms: englishTerms,
    wordsWith: englishWith,
    termOf,
  },
  es: {
    itself: 'Español',
    locale: 'es-US',
    separatorInExcel: ';',
    terms: spanishTerms,
    wordsWith: spanishWith,
  },
} as const satisfies Record<string, LanguageEntry>

export type LanguageName = keyof typeof languages

export const languageNames = Object.keys(languages) as LanguageName[]

export const defaultLanguage: LanguageName = 'en'

/** `undefined` when there is no such language. */
export function languageNamed(text: string | undefined): LanguageName | undefined {
  return languageNames.find((name) => name === text)
}

/** A customer's own nouns, if it has any. */
export type OwnTerms = { readonly [Noun in keyof Terms]?: Term | undefined }

/** A language with a customer's own nouns in it. */
export function languageWith(name: LanguageName, own: OwnTerms = {}): Language {
  const key = `${name} ${JSON.stringify(own)}`
  const known = spoken.get(key)
  if (known) return known
  const { locale, terms, wordsWith } = languages[name]
  const words = wordsWith({
    opportunity: own.opportunity ?? terms.opportunity,
    initiative: own.initiative ?? terms.initiative,
    group: own.group ?? terms.group,
  })
  const made = { language: name, locale, words }
  spoken.set(key, made)
  return made
}

/** Keyed by language and nouns: there are no more of them than customers have had. */
const spoken = new Map<string, Language>()

export const english: Language = languageWith(defaultLanguage)
