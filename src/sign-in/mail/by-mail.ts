import {
  activePersonAt,
  findOrCreatePerson,
  noteSharing,
  type Person,
  personIdsAt,
} from '../../accounts/people.ts'
import { staffRole } from '../../accounts/staff.ts'
import { findOnRecord } from '../../accounts/standing.ts'
import { type AuditReason, recordAudit } from '../../audit.ts'
import { type Customer, customerById } from '../../customers/customers.ts'
import { sendMail } from '../../customers/mail.ts'
import { onlyWaysOf, type ShownProvider } from '../../customers/providers.ts'
import { isRefusal } from '../../errors.ts'
import { addJob, type Job, type JobWorker } from '../../jobs.ts'
import { showCode } from '../../links/codes.ts'
import { countFromAcceptance, issueMailedLink } from '../../links/links.ts'
import { wasMailed } from '../../mail/outbox.ts'
import { hubPath, passwordPath } from '../../page/header.tsx'
import type { Tools } from '../../part.ts'
import { randomToken } from '../../secrets.ts'
import type { Queries, Write } from '../../store/store.ts'
import { defaultLanguage, type LanguageName, languageWith } from '../../text/languages.ts'
import type { FoundUser } from '../../vomo/people/find-user.ts'
import { otherWaysPath } from '../page-shared.tsx'
import { isKnownBrowser } from '../session/known-browsers.ts'
import { mayBeMailed } from './mail-allowance.ts'
import { noteRequest, prolongRequest, requestById, requestLifeMs, type SignInRequest } from './requests.ts'

/** The person a link is for: by VOMO's id, or staff without one. */
type NamedUser = { id: string | null; firstName: string | null }

export const signInMailJob = 'sign-in mail'

/** Between look-ups of one request. */
const minPauseMs = 1_000
const maxPauseMs = 30_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * Takes a request for a sign-in email. Looks nothing up: it writes the same row and the same job for every address, and answers
 * before the portal knows whether there is such a volunteer.
 *
 * @param asked.knownKey the browser's key, if it has one: a browser known for the address does not count toward its network
 * @throws {Refusal} 'rate_limited'
 */
export async function askForMail(
  tools: Tools,
  asked: {
    customer: Customer
    network: string
    browserKey: string
    knownKey: string | undefined
    address: string
    shownAddress: string
    landing: string
    language: LanguageName
  },
): Promise<void> {
  const { store, secrets, clock, limits } = tools
  const { customer, network, address, knownKey } = asked
  const fromKnownBrowser = await isKnownBrowser(tools, { customerId: customer.id, address, key: knownKey })
  await store.write(function* () {
    if (fromKnownBrowser)
      yield* limits.takeOrRefuse('signInRequestsFromKnownBrowsers', `${customer.id} ${address}`)
    else yield* limits.takeOrRefuse('signInRequestsPerNetwork', network)
    const request = yield* noteRequest(
      store.db,
      secrets,
      { ...asked, customerId: customer.id, fromKnownBrowser },
      clock(),
    )
    const payload = JSON.stringify({ requestId: request.id, network } satisfies Ask)
    yield* addJob(store.db, secrets, { kind: signInMailJob, payload, dueAtMs: request.askedAtMs })
  })
  tools.wakeJobs()
}

/**
 * Takes a request of staff, who have the volunteer on the phone, for a sign-in email to them: as if a browser had asked that is
 * known for the address, so a flood of strangers' requests does not stand in its way. No browser can type its code, so it has none.
 *
 * @param asked.by the person id of the member of staff
 */
export async function mailForStaff(
  tools: Tools,
  asked: { customer: Customer; person: Person; address: string; by: string; network: string },
): Promise<void> {
  const { store, secrets, clock } = tools
  const { customer, person, address, by, network } = asked
  await store.write(function* () {
    const nowMs = clock()
    const request = yield* noteRequest(
      store.db,
      secrets,
      {
        customerId: customer.id,
        browserKey: randomToken(32),
        address,
        shownAddress: address,
        landing: hubPath(customer.slug),
        language: person.language ?? defaultLanguage,
        fromKnownBrowser: true,
      },
      nowMs,
    )
    const payload = JSON.stringify({ requestId: request.id, network, isByStaff: true } satisfies Ask)
    yield* addJob(store.db, secrets, { kind: signInMailJob, payload, dueAtMs: nowMs })
    const event = { customerId: customer.id, atMs: nowMs, kind: 'staff.sent_sign_in_email' } as const
    yield* recordAudit(store.db, { ...event, personId: person.id, detail: { by } })
  })
  tools.wakeJobs()
}

/** What a job needs to know of a request besides its row. */
type Ask = { requestId: string; network: string; isByStaff?: boolean }

/** Looks the address up in VOMO and writes the email that answers a request. */
export function signInMailWorker(tools: Tools): JobWorker {
  const { store, clock, log } = tools
  return async (job) => {
    const { requestId, network, isByStaff = false } = JSON.parse(job.payload) as Ask
    const request = await requestById(store, requestId)
    const customer = request && (await customerById(store, request.customerId))
    if (!request || !customer || request.expiresAtMs <= clock()) return store.write(job.finish)
    if (job.tries === 1 && !(await mayLookUp(tools, request)))
      return mailNothing(tools, job, request, 'too_many_requests')
    const found = await lookUp(tools, request, job.tries)
    if (found.found === 'later') return store.write(() => job.postpone(clock() + found.inMs))
    if (found.found === 'one')
      return mailLink(tools, job, { request, customer, user: found.user, isShared: false, isByStaff })
    const isShared = found.found === 'several'
    if (await staffRole(store, customer.id, request.address)) {
      const landing = request.landing === hubPath(customer.slug) ? '/admin' : request.landing
      const noUser = { id: null, firstName: null }
      return mailLink(tools, job, {
        request: { ...request, landing },
        customer,
        user: noUser,
        isShared: isShared || undefined,
        isByStaff,
      })
    }
    if (isShared && customer.letsChooseRecord)
      return mailLink(tools, job, { request, customer, user: null, isShared, isByStaff })
    log.info({ customer: customer.slug, found: found.found }, 'a sign-in address is not on record')

    if (!customer.mailsStrangers) return mailNothing(tools, job, request, found.found)
    return mailStranger(tools, job, { request, network, customer, found: found.found })
  }
}

/** Whether to ask VOMO: a flood of requests for one address must not use up the calls that other people need. */
async function mayLookUp(tools: Tools, request: SignInRequest): Promise<boolean> {
  const { store, clock, limits } = tools
  const { customerId, address, fromKnownBrowser } = request
  const known = await personIdsAt(store, { customerId, address })
  return store.write(function* () {
    let isMailable = known.length === 0
    for (const personId of known) {
      const mailing = { customerId, personId, address, fromKnownBrowser }
      isMailable ||= yield* mayBeMailed(store.db, mailing, limits.mailsPerPerson, clock())
    }
    // Some are known and never emailed, for example under a former address.
    const whose = `${customerId} ${fromKnownBrowser ? 'known ' : ''}${address}`
    return isMailable && (yield* limits.take('lookUpsPerAddress', whose)).ok
  })
}

/**
 * Between look-ups while VOMO cannot be asked: 1, 2, 4 … seconds, so that the email leaves soon after VOMO recovers, and sooner where we know
 * when it can be: our own calls were too many at once, or the budget of this minute is spent.
 */
export function lookUpPauseMs(tries: number, retryAfterMs = maxPauseMs): number {
  return Math.min(minPauseMs * 2 ** (tries - 1), Math.max(retryAfterMs, minPauseMs), maxPauseMs)
}

/**
 * VOMO's answer. While VOMO cannot be asked, the one person known by this address: every use checks their record.
 *
 * @returns `later` when the look-up must be retried
 */
async function lookUp(
  tools: Tools,
  { customerId, address }: SignInRequest,
  tries: number,
): Promise<
  Exclude<FoundUser, { found: 'one' }> | { found: 'one'; user: NamedUser } | { found: 'later'; inMs: number }
> {
  try {
    return await findOnRecord(tools, customerId, address)
  } catch (error) {
    if (!isRefusal(error, 'vomo_unavailable')) throw error
    const known = tries < 2 ? undefined : await activePersonAt(tools.store, customerId, address)
    if (known) return { found: 'one', user: { id: known.vomoUserId, firstName: null } }
    return { found: 'later', inMs: lookUpPauseMs(tries, error.retryAfterMs) }
  }
}

async function mailLink(
  tools: Tools,
  job: Job,
  to: {
    request: SignInRequest
    customer: Customer
    /** `null` for an address that records share: its link proves the address, and then a person proves their record. */
    user: NamedUser | null
    /** `undefined` when VOMO did not say. */
    isShared: boolean | undefined
    isByStaff: boolean
  },
): Promise<void> {
  const { store, secrets, clock, limits } = tools
  const { request, customer, user, isShared, isByStaff } = to
  const [provider] = onlyWaysOf(customer, request.address)
  if (provider) return mailWhichButton(tools, job, { request, customer, user, provider })
  await store.write(function* () {
    const { db } = store
    const nowMs = clock()
    const { customerId, address, landing, fromKnownBrowser } = request
    const person =
      user && (yield* findOrCreatePerson(db, { customerId, vomoUserId: user.id, address }, nowMs))
    const personId = person && person.id
    const mailing = { customerId, personId, address, fromKnownBrowser }
    const isMailable = yield* mayBeMailed(db, mailing, limits.mailsPerPerson, nowMs)
    if (isShared !== undefined)
      yield* noteSharing(db, { customerId, address, isOnlyOf: isShared ? null : personId }, nowMs)
    if (!isMailable) {
      yield* notMailed(tools, request, 'too_many_requests', nowMs)
      yield* job.finish()
      return
    }
    const link = yield* issueMailedLink(
      db,
      secrets,
      { ...mailing, landing, requestId: request.id, lifeMs: requestLifeMs },
      nowMs,
    )
    const contents = {
      url: `${customer.publicOrigin}/auth/${link.secret}`,
      code: isByStaff ? null : showCode(link.code),
      expiresAtMs: link.expiresAtMs,
      askedAtMs: request.askedAtMs,
      timeZone: customer.timeZone,
      notMeUrl: `${customer.publicOrigin}/not-me/${link.secret}`,
      isForPassword: landing === passwordPath,
    }
    const firstName = user && user.firstName
    const language = languageWith(request.language)
    const mail = { kind: 'sign_in', to: address, language, firstName, contents } as const
    yield* sendMail(tools, customer, { ...mail, notAfterMs: link.expiresAtMs, about: link.id }, nowMs)
    yield* recordAudit(db, {
      customerId,
      atMs: nowMs,
      kind: 'sign_in.mailed',
      personId,
      detail: { link: link.id },
    })
    yield* job.finish()
  })
  tools.wakeJobs()
}

/** Instead of a link: which button signs in a person whose organization wants its own accounts used alone. Once an hour at most. */
async function mailWhichButton(
  tools: Tools,
  job: Job,
  to: { request: SignInRequest; customer: Customer; user: NamedUser | null; provider: ShownProvider },
): Promise<void> {
  const { request, customer, user, provider } = to
  await tools.store.write(function* () {
    const nowMs = tools.clock()
    const isTold = yield* wasMailed(tools.store.db, {
      customerId: customer.id,
      kind: 'by_provider',
      to: request.address,
      sinceMs: nowMs - hourMs,
    })
    if (!isTold) {
      const firstName = user && user.firstName
      const language = languageWith(request.language)
      const contents = { label: provider.label, signInUrl: customer.publicOrigin + otherWaysPath }
      const mail = { kind: 'by_provider', to: request.address, language, firstName, contents } as const
      yield* sendMail(tools, customer, { ...mail, notAfterMs: nowMs + hourMs }, nowMs)
    }
    yield* notMailed(tools, request, isTold ? 'too_many_requests' : 'by_provider', nowMs)
    yield* job.finish()
  })
  tools.wakeJobs()
}

/**
 * Says that this address is not on record, and what to do, so that its owner does not wait in vain. Only the mailbox learns it, once a
 * day at most.
 */
async function mailStranger(
  tools: Tools,
  job: Job,
  to: {
    request: SignInRequest
    network: string
    customer: Customer
    found: 'none' | 'several' | 'incomplete'
  },
): Promise<void> {
  const { request, network, customer, found } = to
  await tools.store.write(function* () {
    const nowMs = tools.clock()
    const kind = 'not_on_record'
    const about = { customerId: customer.id, kind, to: request.address, sinceMs: nowMs - dayMs } as const
    const isTold = yield* wasMailed(tools.store.db, about)
    if (!isTold && (yield* tools.limits.take('strangerMailsPerNetwork', `${customer.id} ${network}`)).ok) {
      const contents = { reason: found === 'none' ? 'no_record' : 'two_records' } as const
      const language = languageWith(request.language)
      const mail = { kind, to: request.address, language, contents } as const
      yield* sendMail(tools, customer, { ...mail, notAfterMs: nowMs + dayMs }, nowMs)
    }
    yield* notMailed(tools, request, found, nowMs)
    yield* job.finish()
  })
  tools.wakeJobs()
}

async function mailNothing(
  tools: Tools,
  job: Job,
  request: SignInRequest,
  because: AuditReason,
): Promise<void> {
  await tools.store.write(function* () {
    yield* notMailed(tools, request, because, tools.clock())
    yield* job.finish()
  })
}

/** A mail server accepted the email with a link: link and code live as long as promised, from now. */
export function* beginLife(db: Queries, linkId: string, nowMs: number): Write<void> {
  const begun = yield* countFromAcceptance(db, linkId, nowMs)
  if (begun?.requestId) yield* prolongRequest(db, begun.requestId, begun.expiresAtMs)
}

function* notMailed(
  { store }: Tools,
  request: SignInRequest,
  because: AuditReason,
  nowMs: number,
): Write<void> {
  if (because === 'several') yield* noteSharing(store.db, { ...request, isOnlyOf: null }, nowMs)
  yield* recordAudit(store.db, {
    customerId: request.customerId,
    atMs: nowMs,
    kind: 'sign_in.not_mailed',
    detail: { because },
  })
}
