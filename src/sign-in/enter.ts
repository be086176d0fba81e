import { type Person, rememberLanguage } from '../accounts/people.ts'
import { maskAddress } from '../address.ts'
import type { Customer } from '../customers/customers.ts'
import { sendMail } from '../customers/mail.ts'
import { onlyWaysOf } from '../customers/providers.ts'
import type { Visited } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import type { Tools } from '../part.ts'
import type { Write } from '../store/store.ts'
import { type LanguageName, languageWith } from '../text/languages.ts'
import { isShared, readCookie } from './cookies.ts'
import { endSession, openSession, type Proof, type SecondStep } from './session/sessions.ts'
import { type Way, ways } from './session/ways.ts'

/** The browser that signs in. */
export type EnteringBrowser = {
  formerSession: string | undefined
  userAgent: string | undefined
  /** The language of its page. */
  language: LanguageName
  /** The visitor said that others use this computer, too. */
  isShared: boolean
}

export function browserOf(c: Visited): EnteringBrowser {
  return {
    formerSession: readCookie(c, 'porchlight_session'),
    userAgent: c.req.header('user-agent'),
    language: c.get('language')().language,
    isShared: isShared(c),
  }
}

/**
 * What happens at every sign-in, with any proof: the browser's former session ends, the language is remembered, a replaced address
 * is notified, and a session begins. The caller checked the proof, and spends it in the same transaction.
 *
 * @param by.formerAddress the person's previous address, if the proof replaced it
 * @returns the session's secret, for the cookie
 * @throws {Refusal} 'link_not_usable' where the person's organization closed this way to them; pages say so before it comes to that
 */
export function* enter(
  tools: Pick<Tools, 'store' | 'secrets' | 'mailFrom'>,
  by: {
    customer: Customer
    person: Person
    formerAddress: string | undefined
    isStaff: boolean
    proof: Proof
    way: Way
    /** Where the proof is worth a second step of staff, too. */
    secondStep?: SecondStep | undefined
    browser: EnteringBrowser
  },
  nowMs: number,
): Write<string> {
  const { secrets } = tools
  const { db } = tools.store
  const { customer, person, formerAddress, isStaff, proof, way, secondStep, browser } = by
  if (ways[way].yieldsToProvider && onlyWaysOf(customer, person.address).length > 0)
    throw new Refusal('link_not_usable')
  yield* rememberLanguage(db, person, browser.language, nowMs)
  if (browser.formerSession !== undefined) {
    const former = { customerId: customer.id, secret: browser.formerSession, because: 'replaced' } as const
    yield* endSession(db, secrets, former, nowMs)
  }
  if (formerAddress !== undefined) {
    const language = languageWith(person.language ?? browser.language)
    const contents = {
      newAddress: maskAddress(person.address),
      changedAtMs: nowMs,
      timeZone: customer.timeZone,
    }
    const mail = { kind: 'address_changed', to: formerAddress, language, contents } as const
    yield* sendMail(tools, customer, { ...mail, notAfterMs: nowMs + 7 * 24 * 3_600_000 }, nowMs)
  }
  return yield* openSession(
    db,
    secrets,
    {
      customerId: customer.id,
      personId: person.id,
      proof,
      way,
      isStaff,
      secondStep,
      isShared: browser.isShared,
      lives: customer.sessionLives,
      validAfterMs: person.sessionsValidAfterMs,
      userAgent: browser.userAgent,
    },
    nowMs,
  )
}
