import { during, recordAudit } from '../../audit.ts'
import type { Customer } from '../../customers/customers.ts'
import { onlyWaysOf, type Provider } from '../../customers/providers.ts'
import type { StaffRole } from '../../customers/roles.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import type { Session } from '../session/sessions.ts'
import { sessionOf } from '../session/visitor.ts'
import { trialPath } from './addresses.ts'
import { answerIn, beginFlow, maxAgeOf, type ProviderTools } from './begin.ts'
import type { Answer } from './client.ts'
import { failureIn, ProviderFailure } from './failure.ts'
import { type Flow, newFlow } from './flows.ts'
import type { RefusedSignIn } from './refused.ts'
import { readVouched } from './vouched.ts'
import { Mismatch, type MismatchReason, whoWouldSignIn } from './welcome.ts'

/** What the provider said of its visitor. No token, and of their id there only its first letters. */
export type SaidByProvider = {
  subject: string
  email: string | null
  isVerified: boolean | null
  name: string | null
  /** `amr` and `acr`: how it says that it asked. */
  methods: readonly string[]
}

export type TrialOutcome =
  | {
      is: 'signs_in'
      personId: string | null
      role: StaffRole | null
      hasRecord: boolean
      isDisabled: boolean
    }
  | { is: 'mismatch'; reason: MismatchReason }
  | { is: 'refused'; because: RefusedSignIn; detail: string }
  /** VOMO could not be asked whose address it is. */
  | { is: 'vomo_unavailable' }

export type Trial = { said: SaidByProvider | null; outcome: TrialOutcome; atMs: number }

/** For as long as its owner may come back from the provider, and may read what it said. */
export const trialLifeMs = 10 * 60_000

/** Of an address, as long as one may be; of a name and of a method, what a page has room for. */
const maxShown = { email: 254, name: 80, method: 24, methods: 6, subject: 8 }

/**
 * A sign-in that opens no session: an owner goes to the provider and back, and reads what it answered. It makes no session and no
 * person, and keeps nothing: what to show travels sealed in the address of its page, for this session alone.
 */
export function openTrials(tools: ProviderTools) {
  const { store, secrets, clock, limits } = tools

  /** @returns the address at the provider @throws {ProviderFailure} @throws {Refusal} 'rate_limited' */
  function begin(c: Visited, provider: Provider, session: Session): Promise<string> {
    const flow = newFlow({
      next: undefined,
      maxAgeSeconds: maxAgeOf(provider),
      asksAnew: false,
      begunAtMs: clock(),
      forSession: undefined,
      forTrial: session.id,
    })
    return beginFlow(tools, c, { provider, flow })
  }

  /** The way back from the provider. In a session that did not begin it, its code is not looked at. */
  async function finish(
    c: Visited,
    { provider, flow }: { provider: Provider; flow: Flow },
  ): Promise<Response> {
    const path = trialPath(provider.name)
    const session = await sessionOf(tools, c)
    const isTheirs = session?.isLive === true && session.id === flow.forTrial
    if (!isTheirs || clock() >= flow.begunAtMs + trialLifeMs) return seeOther(c, path)
    const { person } = session
    await store.write(() => limits.takeOrRefuse('vomoLooksPerStaff', person.id))
    const trial = await tryOut(c, { provider, flow })
    const { outcome } = trial
    const result = outcome.is === 'refused' ? outcome.because : outcome.is
    const rule = outcome.is === 'refused' ? outcome.detail : ''
    const detail = { provider: provider.name, result, rule, by: person.id }
    const event = { customerId: provider.customerId, atMs: trial.atMs, kind: 'provider.tested' } as const
    await store.write(during(c, () => recordAudit(store.db, { ...event, detail })))
    const bound = JSON.stringify({ ...trial, session: session.id, provider: provider.id })
    return seeOther(c, `${path}?seen=${secrets.seal('provider trial', bound).toString('base64url')}`)
  }

  async function tryOut(c: Visited, at: { provider: Provider; flow: Flow }): Promise<Trial> {
    let said: SaidByProvider | null = null
    const atMs = clock()
    try {
      const answer = await answerIn(tools, c, at)
      said = saidIn(answer)
      return { said, outcome: await outcomeOf(c.get('customer'), at.provider, answer), atMs }
    } catch (error) {
      const outcome = refusalOf(error)
      if (!outcome) throw error
      return { said, outcome, atMs }
    }
  }

  async function outcomeOf(customer: Customer, provider: Provider, answer: Answer): Promise<TrialOutcome> {
    const vouched = readVouched(provider, answer)
    requireMayVouch(customer, provider, vouched.address)
    const { person, role = null, hasRecord } = await whoWouldSignIn(tools, { customer, vouched })
    const isDisabled = person?.standing === 'disabled'
    return { is: 'signs_in', personId: person?.id ?? null, role, hasRecord, isDisabled }
  }

  /** What a page of this session shows; `undefined` for every other text, session and provider, and when it is too old. */
  function read(text: string | undefined, { provider, session }: { provider: Provider; session: Session }) {
    if (text === undefined) return undefined
    const opened = secrets.tryOpen('provider trial', Buffer.from(text, 'base64url'))
    if (opened === undefined) return undefined
    const bound = JSON.parse(opened) as Trial & { session: string; provider: string }
    const isTheirs = bound.session === session.id && bound.provider === provider.id
    return isTheirs && clock() < bound.atMs + trialLifeMs ? (bound satisfies Trial as Trial) : undefined
  }

  return { begin, finish, read }
}

/** @throws {ProviderFailure} 'domain' where another provider alone signs in people with this address */
export function requireMayVouch(customer: Customer, { name }: Provider, address: string): void {
  const only = onlyWaysOf(customer, address)
  if (only.length > 0 && !only.some((each) => each.name === name)) throw new ProviderFailure('domain', 'only')
}

export function refusalOf(error: unknown): TrialOutcome | undefined {
  if (error instanceof Mismatch) return { is: 'mismatch', reason: error.reason }
  if (isRefusal(error, 'vomo_unavailable')) return { is: 'vomo_unavailable' }
  const failure = failureIn(error)
  return failure && { is: 'refused', because: failure.because, detail: failure.detail }
}

function saidIn({ claims, userInfo }: Answer): SaidByProvider {
  const of = claims['email'] === undefined && userInfo ? userInfo : claims
  const { email, email_verified: isVerified } = of
  const name = claims['name'] ?? userInfo?.['name']
  const methods = [...(Array.isArray(claims.amr) ? claims.amr : []), claims['acr']]
  return {
    subject: claims.sub.slice(0, maxShown.subject),
    email: shown(email, maxShown.email),
    isVerified: typeof isVerified === 'boolean' ? isVerified : null,
    name: shown(name, maxShown.name),
    methods: methods.flatMap((each) => shown(each, maxShown.method) ?? []).slice(0, maxShown.methods),
  }
}

/** A stranger's text, as a page may show it. */
function shown(text: unknown, maxLength: number): string | null {
  if (typeof text !== 'string' || text === '') return null
  return text.replace(/\p{C}/gu, '').slice(0, maxLength)
}
