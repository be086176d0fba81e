import { during } from '../../audit.ts'
import { type CustomerTerms, ownTermsNow, setOwnTerms } from '../../customers/own-terms.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import type { Words } from '../../text/en.ts'
import { languageNames, type OwnTerms } from '../../text/languages.ts'
import { requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { doneIn } from './done.ts'
import { TermsPage, termsPath } from './page-terms.tsx'
import {
  asSeen,
  changedIn,
  entriesOf,
  nameOf,
  overtakenIn,
  readTermsForm,
  type TermEntry,
  termErrors,
  withEntries,
} from './terms-form.ts'

/** What an organization calls things, in each language. Owners decide. */
export function termsHandlers(tools: Tools) {
  const { store } = tools

  async function page(c: Visited): Promise<Response> {
    const { customer } = await requireStaff(tools, c, 'owner', { fresh: true })
    const entries = entriesOf(customer.ownTerms)
    return c.html(renderPage(<TermsPage {...frameOf(c)} entries={entries} errors={{}} done={doneIn(c)} />))
  }

  const save = staffForms(tools, { role: 'owner', fresh: true, page: termsPath })(
    async (c, { form, customer, person, nowMs }) => {
      const { words } = c.get('language')()
      const entries = readTermsForm(form, entriesOf(customer.ownTerms))
      const errors = termErrors(entries, words)
      if (Object.keys(errors).length > 0) return again(c, { entries, errors, status: 422 })
      const changes = changedIn(entries)
      if (changes.length === 0) return seeOther(c, `${termsPath}?done=unchanged`)
      const overtakenBy = await store.write(
        during(c, function* () {
          const now = yield* ownTermsNow(store.db, customer.id)
          if (overtakenIn(now, entries).length > 0) return now
          for (const language of languageNames) {
            const own = changes.filter((entry) => entry.language === language)
            const change = (terms: OwnTerms) => withEntries(terms, own)
            const order = { customerId: customer.id, language, change, by: person.id }
            yield* setOwnTerms(store.db, order, nowMs)
          }
          return null
        }),
      )
      if (overtakenBy === null) return seeOther(c, `${termsPath}?done=saved`)
      return again(c, { ...told(overtakenBy, entries, words), status: 409 })
    },
  )

  function again(
    c: Visited,
    { status, ...shown }: { entries: TermEntry[]; errors: Record<string, string>; status: 409 | 422 },
  ): Response {
    return c.html(renderPage(<TermsPage {...frameOf(c, termsPath)} {...shown} done={null} />), status)
  }

  return { page, save }
}

/** Both words, and a form that is about what is there now. */
function told(now: CustomerTerms, entries: readonly TermEntry[], { staffSettings, staffTerms }: Words) {
  const overtaken = overtakenIn(now, entries)
  const there = ({ language, noun }: TermEntry) => asSeen(now[language]?.[noun])
  return {
    // What they did not touch shows as it is now.
    entries: entriesOf(now).map((fresh, index) => {
      const { one, other } = changedIn(entries.slice(index, index + 1))[0] ?? fresh
      return { ...fresh, one, other }
    }),
    errors: Object.fromEntries(
      overtaken.map((entry) => [
        nameOf(entry, 'one'),
        staffSettings.conflict(
          staffTerms.one(entry.ours.one),
          there(entry) || staffTerms.ours,
          asSeen(entry) || staffTerms.ours,
        ),
      ]),
    ),
  }
}
