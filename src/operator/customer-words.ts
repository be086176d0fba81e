import type { Command } from 'commander'
import { type CustomerTerms, isWord, type Noun, nounNames, setOwnTerms } from '../customers/own-terms.ts'
import { invalid } from '../errors.ts'
import {
  defaultLanguage,
  type LanguageEntry,
  type LanguageName,
  languageNamed,
  languageNames,
  languages,
  type OwnTerms,
} from '../text/languages.ts'
import type { Term } from '../text/terms.ts'
import { type OperatorTools, requireCustomer } from './customer.ts'

type Options = { language: string; set: string[]; forget: string[]; json?: boolean }

/** `porchlight customer words <slug>` */
export function addWordsCommand(customer: Command, { withStore, say }: OperatorTools): void {
  const nouns = nounNames.join(', ')
  customer
    .command('words <slug>')
    .description('what its pages call things; without options, shows them')
    .option('--language <language>', languageNames.join(', '), defaultLanguage)
    .option(
      '--set <noun.form=word>',
      `its own word for ${nouns}, in the middle of a sentence: "opportunity.one=serving date" and "opportunity.other=serving dates"`,
      collect,
      [],
    )
    .option('--forget <noun>', 'the usual word again', collect, [])
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, options: Options) =>
      withStore(async ({ store, clock }) => {
        const { id: customerId, ownTerms } = await requireCustomer(store, slug)
        const language = languageNamed(options.language)
        if (language === undefined) throw invalid('language', `must be one of ${languageNames.join(', ')}`)
        let terms = ownTerms
        if (options.set.length + options.forget.length > 0) {
          const change = (own: OwnTerms) => changed(own, options)
          terms = await store.write(() => setOwnTerms(store.db, { customerId, language, change }, clock()))
        }
        say(options.json ? JSON.stringify(terms, null, 2) : describe(terms))
      }),
    )
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

/** @throws {Refusal} 'invalid_request' */
function changed(own: OwnTerms, { set, forget }: Options): OwnTerms {
  const kept: { [Name in Noun]?: Partial<Term> | undefined } = { ...own }
  for (const name of forget) {
    const noun = nounIn(name, 'forget')
    if (kept[noun] === undefined)
      throw invalid('forget', `names ${noun}, which has no word of its own in this language`)
    delete kept[noun]
  }
  for (const each of set) {
    const [, name = '', form, word = ''] = /^(\w+)\.(one|other)=(.*)$/s.exec(each) ?? []
    if (form === undefined) throw invalid('set', 'must look like "opportunity.one=serving date"')
    const noun = nounIn(name, 'set')
    if (!isWord(word)) throw invalid('set', 'must give a word of at most 40 characters')
    kept[noun] = { ...kept[noun], [form]: word.trim() }
  }
  for (const noun of nounNames) {
    const term = kept[noun]
    if (term && (term.one === undefined || term.other === undefined))
      throw invalid('set', `must give both ${noun}.one and ${noun}.other`)
  }
  return kept as OwnTerms
}

function nounIn(text: string, option: string): Noun {
  const noun = nounNames.find((each) => each === text)
  if (!noun) throw invalid(option, `must name one of ${nounNames.join(', ')}`)
  return noun
}

function describe(terms: CustomerTerms): string {
  const lines = languageNames.flatMap((language) =>
    nounNames.map((noun) => {
      const own = terms[language]?.[noun]
      const { one, other } = own ?? languages[language].terms[noun]
      return `${language}  ${noun.padEnd(12)} ${`${one}, ${other}`.padEnd(40)} ${own ? 'its own' : defaultLabel(language)}`
    }),
  )
  return lines.join('\n')
}

function defaultLabel(language: LanguageName): string {
  const { termOf }: LanguageEntry = languages[language]
  return termOf ? 'VOMO’s own word if it has one, otherwise this' : 'the usual'
}
