import { randomBytes } from 'node:crypto'
import { type Person, personById, requireKnown } from '../../accounts/people.ts'
import { forgetSteps } from '../../accounts/staff.ts'
import { visibleText } from '../../address.ts'
import { during, recordAudit } from '../../audit.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { readForm } from '../../http/body.ts'
import { seeOther } from '../../http/redirect.ts'
import type { Tools } from '../../part.ts'
import type { Queries, Write } from '../../store/store.ts'
import { pathWithNext } from '../page-shared.tsx'
import { readDevice } from '../session/device.ts'
import { needsSecondStep, secondStepPath } from '../session/second-step.ts'
import { endSessionsOfProof, type Session } from '../session/sessions.ts'
import { requireOwnSession } from '../session/visitor.ts'
import { challengeLifeMs, giveChallenge, spendChallenge, takeChallenge } from './challenge.ts'
import { writeToOwner } from './letter.ts'
import { closeOffer } from './offer.ts'
import { addPasskey, ownPasskeys, removePasskey } from './passkeys.ts'
import { relyingPartyOf } from './relying-party.ts'
import { algorithms, verifyMade } from './verify.ts'
import { addingIn } from './view.ts'

const maxNameLength = 60

/**
 * A person's own passkeys: adding and removing them, and saying no to the offer. Every change is told to them by email. A passkey is
 * a second step, so staff change theirs with one: a stolen session must not make its own.
 */
export function ownPasskeyHandlers(tools: Tools) {
  const { store, secrets, clock } = tools

  const mine = (c: Visited) => requireOwnSession(tools, c)

  /** For the script of the account page. */
  async function options(c: Visited): Promise<Response> {
    const session = await mine(c)
    if (addingIn(c, session, clock()) !== 'may') throw new Refusal('session_required')
    if (await needsSecondStep(tools, session)) throw new Refusal('second_step_required')
    const party = relyingPartyOf(c.get('customer'))
    const own = (await ownPasskeys(store, session.person)).filter(({ host }) => host === party.id)
    const userHandle = own[0]?.userHandle ?? randomBytes(32).toString('base64url')
    const { address } = session.person
    return c.json({
      challenge: giveChallenge(tools, c, { userHandle, sessionId: session.id }),
      rp: { id: party.id, name: party.name },
      user: { id: userHandle, name: address, displayName: address },
      pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: own.map(({ credentialId, transports }) => ({
        type: 'public-key',
        id: credentialId,
        transports,
      })),
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      attestation: 'none',
      timeout: challengeLifeMs,
    })
  }

  async function add(c: Visited): Promise<Response> {
    const session = await mine(c)
    const customer = c.get('customer')
    const form = await readForm(c)
    const challenge = takeChallenge(tools, c, session.id)
    if (!challenge || addingIn(c, session, clock()) !== 'may') return back(c, 'failed')
    if (await needsSecondStep(tools, session)) return back(c, 'failed')
    const party = relyingPartyOf(customer)
    const made = await verifyMade(form.get('credential'), { challenge: challenge.challenge, party })
    if (!made) return back(c, 'failed')
    const typed = visibleText(form.get('name') ?? '').slice(0, maxNameLength)
    const { browser, system } = readDevice(c.req.header('user-agent'))
    const name = typed || c.get('language')().words.account.sessions.device(browser, system)
    const { userHandle } = challenge
    const isAdded = await store.write(
      during(c, function* () {
        const { db } = store
        const nowMs = clock()
        const person = yield* personNow(db, session)
        if (!(yield* spendChallenge(db, secrets, challenge))) return false
        const id = yield* addPasskey(db, person, { ...made, name, host: party.id, userHandle }, nowMs)
        if (id === undefined) return false
        const detail = { passkey: id, backed_up: made.isBackedUp }
        yield* recordAudit(db, {
          customerId: customer.id,
          atMs: nowMs,
          kind: 'passkey.added',
          personId: person.id,
          detail,
        })
        yield* writeToOwner(tools, customer, { person, change: 'added', name }, nowMs)
        yield* closeOffer(db, person.id, nowMs)
        return true
      }),
    )
    tools.wakeJobs()
    return back(c, isAdded ? 'added' : 'failed')
  }

  /** Ends what it opened, too, but not where its owner is now. */
  async function remove(c: Visited): Promise<Response> {
    const session = await mine(c)
    const customer = c.get('customer')
    const id = (await readForm(c)).get('passkey') ?? ''
    if (await needsSecondStep(tools, session)) return seeOther(c, pathWithNext(secondStepPath, '/account'))
    await store.write(
      during(c, function* () {
        const { db } = store
        const nowMs = clock()
        const person = yield* personNow(db, session)
        const name = yield* removePasskey(db, { personId: person.id, id })
        if (name === undefined) return
        const about = { customerId: customer.id, atMs: nowMs, personId: person.id }
        yield* recordAudit(db, { ...about, kind: 'passkey.removed', detail: { passkey: id } })
        const because = 'passkey_removed'
        const ended = yield* endSessionsOfProof(db, { kind: 'passkey', id }, because, nowMs, session.id)
        for (const _ended of ended)
          yield* recordAudit(db, { ...about, kind: 'session.ended', detail: { because } })
        // It may have been the one that confirmed there.
        yield* forgetSteps(db, person, { by: 'passkey', but: session.id })
        yield* writeToOwner(tools, customer, { person, change: 'removed', name }, nowMs)
      }),
    )
    tools.wakeJobs()
    return back(c, 'removed')
  }

  async function notNow(c: Visited): Promise<Response> {
    const { person } = await mine(c)
    await store.write(
      during(c, function* () {
        yield* requireKnown(store.db, person.id)
        yield* closeOffer(store.db, person.id, clock())
      }),
    )
    return seeOther(c, '/')
  }

  return { options, add, remove, notNow }
}

/** @throws {Refusal} 'session_required' if their sessions ended, or their data was erased, while the request was read */
function* personNow(db: Queries, session: Session): Write<Person> {
  yield* requireKnown(db, session.person.id)
  const person = yield* personById(db, session.person.id)
  if (person.sessionsValidAfterMs !== session.person.sessionsValidAfterMs)
    throw new Refusal('session_required')
  return person
}

function back(c: Visited, done: 'added' | 'removed' | 'failed'): Response {
  return seeOther(c, `/account?passkey=${done}`)
}
