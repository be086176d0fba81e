import { sendMail } from '../../customers/mail.ts'
import {
  type Candidate,
  type Choice,
  type LinkRefusal,
  type MadeLink,
  type Maker,
  writeLink,
} from '../../link-api/made-link.ts'
import { noIpPolicy } from '../../links/links.ts'
import type { Tools } from '../../part.ts'
import { spokenCodeLifeMs } from '../../sign-in/link/spoken-codes.ts'
import { type Language, languageWith } from '../../text/languages.ts'

/**
 * Makes a link that staff hand to a person. It lives and opens what a code that they read out does, and as with a code its person
 * is emailed at once, with a button that cancels it.
 *
 * @param language of the email, for a person who chose none
 * @throws {Refusal} 'vomo_unavailable', 'rate_limited'
 */
export async function handOver(
  tools: Tools,
  maker: Maker,
  { candidate, choice }: { candidate: Candidate; choice: Choice },
  language: Language,
): Promise<MadeLink | { refused: LinkRefusal }> {
  const { store, secrets, limits } = tools
  const { customer } = maker
  const { address } = candidate
  const found = await candidate.inVomo()
  return store.write(function* () {
    const nowMs = tools.clock()
    const order = { choice, address, found, ip: noIpPolicy, lifeMs: spokenCodeLifeMs }
    const made = yield* writeLink(store.db, secrets, maker, order, nowMs)
    if ('refused' in made) return made
    yield* limits.takeOrRefuse('spokenCodesPerPerson', made.person.id)
    const notMeUrl = `${customer.publicOrigin}/not-me/${made.secret}`
    const contents = { madeAtMs: nowMs, timeZone: customer.timeZone, notMeUrl }
    const theirs = languageWith(made.person.language ?? language.language)
    const mail = { kind: 'handed_over', to: address, language: theirs, contents } as const
    yield* sendMail(tools, customer, { ...mail, notAfterMs: made.expiresAtMs }, nowMs)
    return made
  })
}
