import { type CustomerTerms, isWord, type Noun, nounNames } from '../../customers/own-terms.ts'
import type { Form } from '../../http/body.ts'
import type { Words } from '../../text/en.ts'
import { type LanguageName, languageNames, languages, type OwnTerms } from '../../text/languages.ts'
import type { Term } from '../../text/terms.ts'

/** A noun in a language: what pages say by default, what its owner typed or has, and what was there when they saw it. */
export type TermEntry = {
  language: LanguageName
  noun: Noun
  ours: Term
  one: string
  other: string
  seen: string
}

export function entriesOf(terms: CustomerTerms): TermEntry[] {
  return languageNames.flatMap((language) =>
    nounNames.map((noun) => {
      const own = terms[language]?.[noun]
      const ours = languages[language].terms[noun]
      return { language, noun, ours, one: own?.one ?? '', other: own?.other ?? '', seen: asSeen(own) }
    }),
  )
}

export function nameOf({ language, noun }: Pick<TermEntry, 'language' | 'noun'>, form: string): string {
  return `${language}-${noun}-${form}`
}

export function readTermsForm(form: Form, known: readonly TermEntry[]): TermEntry[] {
  return known.map((entry) => {
    const typed = (part: 'one' | 'other' | 'seen') => form.get(nameOf(entry, part))?.trim() ?? entry[part]
    return { ...entry, one: typed('one'), other: typed('other'), seen: typed('seen') }
  })
}

/** By field, the rules that were broken. */
export function termErrors(entries: readonly TermEntry[], words: Words): Record<string, string> {
  const said = words.staffTerms.errors
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const { one, other, ours } = entry
      if (one === '' && other === '') return []
      if (one === '' || other === '')
        return [[nameOf(entry, one === '' ? 'one' : 'other'), said.both(ours.one)]]
      return [
        ...(isWord(one) ? [] : [[nameOf(entry, 'one'), said.word(ours.one)]]),
        ...(isWord(other) ? [] : [[nameOf(entry, 'other'), said.word(ours.other)]]),
      ]
    }),
  )
}

/** Those that were changed to something else since they were seen. */
export function overtakenIn(now: CustomerTerms, entries: readonly TermEntry[]): TermEntry[] {
  return changedIn(entries).filter((entry) => {
    const there = asSeen(now[entry.language]?.[entry.noun])
    return there !== entry.seen && there !== typedIn(entry)
  })
}

export function changedIn(entries: readonly TermEntry[]): TermEntry[] {
  return entries.filter((entry) => typedIn(entry) !== entry.seen)
}

/** The nouns of one language after these changes. */
export function withEntries(own: OwnTerms, changes: readonly TermEntry[]): OwnTerms {
  const kept = Object.entries(own).filter(([noun]) => !changes.some((change) => change.noun === noun))
  const set = changes.filter(({ one }) => one !== '').map(({ noun, one, other }) => [noun, { one, other }])
  return Object.fromEntries([...kept, ...set]) as OwnTerms
}

function typedIn({ one, other }: TermEntry): string {
  return asSeen(one === '' && other === '' ? undefined : { one, other })
}

export function asSeen(term: Term | undefined): string {
  return term ? `${term.one}, ${term.other}` : ''
}
