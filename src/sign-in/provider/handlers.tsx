import { readIdsOfOwner } from '../../accounts/people.ts'
import { maskAddress } from '../../address.ts'
import { askedBy, during, recordAudit } from '../../audit.ts'
import { onlyWaysOf, type Provider, providerNamed, straightWayOf } from '../../customers/providers.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal, unlessRefused } from '../../errors.ts'
import { readForm } from '../../http/body.ts'
import { ownPath, seeOther } from '../../http/redirect.ts'
import { hubPath } from '../../page/header.tsx'
import { renderPage } from '../../page/layout.tsx'
import { openProblem } from '../../problems/problems.ts'
import { readCookie, writeCookie } from '../cookies.ts'
import { browserOf } from '../enter.ts'
import { countMiss } from '../misses.ts'
import { pathWithNext } from '../page-shared.tsx'
import { raiseSession, secondStepPath } from '../session/second-step.ts'
import { type SecondStep, type Session, sessionLifeMs } from '../session/sessions.ts'
import { sessionOf } from '../session/visitor.ts'
import { signedOutUriOf } from './addresses.ts'
import { answerIn, beginFlow, client, leadOnTo, maxAgeOf, type ProviderTools } from './begin.ts'
import { failureIn, ProviderFailure } from './failure.ts'
import { type Flow, flowLifeMs, newFlow, takeFlow } from './flows.ts'
import { personOfIdentity } from './identities.ts'
import { openBackChannel } from './logout.ts'
import type { Metadata } from './metadata.ts'
import { LeadingOnPage, MismatchPage, NotFinishedPage, RefusedPage, SignedOutPage } from './pages.tsx'
import { keepProof, proofById } from './proofs.ts'
import type { RefusedSignIn } from './refused.ts'
import { secondStepBy } from './second-step.ts'
import { type openTrials, requireMayVouch } from './trials.ts'
import { readVouched, type Vouched } from './vouched.ts'
import { Mismatch, signInByProvider } from './welcome.ts'

/** Signing in at a customer's identity system, and coming back. */
export function providerHandlers(
  tools: ProviderTools,
  trials: Pick<ReturnType<typeof openTrials>, 'finish'>,
) {
  const { store, secrets, clock, log, meter } = tools
  const backChannel = openBackChannel(tools)

  /** @throws {Refusal} 'not_found' */
  async function requireProvider(c: Visited): Promise<Provider> {
    const at = { customerId: c.get('customer').id, name: c.req.param('name') ?? '' }
    const provider = await providerNamed(tools, at)
    if (!provider) throw new Refusal('not_found')
    return provider
  }

  /** `POST /sign-in/with/:name` */
  async function start(c: Visited): Promise<Response> {
    const provider = await requireProvider(c)
    if (provider.isOff) throw new Refusal('not_found')
    const form = await readForm(c)
    const next = ownPath(form.get('next'))
    const isStep = form.get('step') === 'yes'
    const isFresh = form.get('fresh') === 'yes'
    const session = isStep ? await sessionOf(tools, c) : undefined
    if (isStep && !session?.isLive) return seeOther(c, pathWithNext('/sign-in', next))
    const flow = newFlow({
      next,
      maxAgeSeconds: isStep ? flowLifeMs / 1000 : isFresh ? 0 : maxAgeOf(provider),
      asksAnew: isStep || isFresh || form.get('again') === 'yes',
      begunAtMs: clock(),
      forSession: session?.id,
    })
    try {
      return await begin(c, { provider, flow })
    } catch (error) {
      return refuse(c, { provider, flow }, error)
    }
  }

  /**
   * `GET /sign-in`, where the operator wants it to lead on at once.
   *
   * @returns `undefined` where the page is to be shown: also when the provider does not answer, which is no event, because no person
   * asked for it
   */
  async function leadStraight(c: Visited): Promise<Response | undefined> {
    const customer = c.get('customer')
    const name = straightWayOf(customer)?.name
    const provider = name && (await providerNamed(tools, { customerId: customer.id, name }))
    if (!provider) return undefined
    const flow = newFlow({
      next: ownPath(c.req.query('next')),
      maxAgeSeconds: maxAgeOf(provider),
      asksAnew: false,
      begunAtMs: clock(),
      forSession: undefined,
    })
    try {
      const metadata = await tools.metadata.of(provider)
      if (tools.outbound.isDown([metadata.token_endpoint, metadata.jwks_uri])) return undefined
      return await begin(c, { provider, flow, metadata })
    } catch (error) {
      if (failureIn(error) || error instanceof Refusal) return undefined
      throw error
    }
  }

  async function begin(
    c: Visited,
    of: { provider: Provider; flow: Flow; metadata?: Metadata },
  ): Promise<Response> {
    const url = await beginFlow(tools, c, of)
    leadOnTo(c, url)
    const { provider, flow } = of
    const page = <LeadingOnPage {...frameOf(c, '/sign-in')} {...{ provider, url, next: flow.next }} />
    return c.html(renderPage(page))
  }

  /** `GET /sign-in/with/:name/callback` */
  async function finish(c: Visited): Promise<Response> {
    const provider = await requireProvider(c)
    const flow = await takeFlowOf(c, provider)
    if (flow?.forTrial !== undefined) return trials.finish(c, { provider, flow })
    if (!flow || provider.isOff) return notFinished(c, provider)
    try {
      return seeOther(c, await enterBy(c, provider, flow))
    } catch (error) {
      return refuse(c, { provider, flow }, error)
    }
  }

  async function takeFlowOf(c: Visited, provider: Provider): Promise<Flow | undefined> {
    const key = readCookie(c, 'porchlight_with')
    const state = c.req.query('state')
    if (key === undefined || state === undefined) return undefined
    return store.write(during(c, () => takeFlow(store.db, secrets, { provider, key, state }, clock())))
  }

  /** @returns where to land @throws {ProviderFailure} @throws {Refusal} */
  async function enterBy(c: Visited, provider: Provider, flow: Flow): Promise<string> {
    const customer = c.get('customer')
    const vouched = readVouched(provider, await answerIn(tools, c, { provider, flow }))
    requireMayVouch(customer, provider, vouched.address)
    const isOnlyWay = onlyWaysOf(customer, vouched.address).length > 0
    const secondStep = secondStepBy(provider, { vouched, begunAtMs: flow.begunAtMs }, clock())
    if (flow.forSession !== undefined) return confirm(c, { provider, flow, vouched, secondStep })
    // Asked for a sign-in of this moment, and proven to be one. Others have their mailbox for that.
    const way = isOnlyWay && flow.maxAgeSeconds === 0 ? 'provider_anew' : 'provider'
    const entry = { customer, provider, vouched, way, secondStep, browser: browserOf(c) } as const
    const { sessionSecret, isStaffAlone } = await signInByProvider(askedBy(tools, c), entry)
    meter.count('porchlight_sign_ins_total', { way: 'provider', outcome: 'opened' })
    writeCookie(c, 'porchlight_session', sessionSecret, sessionLifeMs)
    return flow.next ?? (isStaffAlone ? '/admin' : hubPath(customer.slug))
  }

  /**
   * The second step of the session that began it, by the same person's account.
   *
   * @returns where to land; the sign-in page when the session has ended meanwhile @throws {ProviderFailure} 'not_valid'
   */
  async function confirm(
    c: Visited,
    by: { provider: Provider; flow: Flow; vouched: Vouched; secondStep: SecondStep | undefined },
  ): Promise<string> {
    const { provider, flow, vouched, secondStep } = by
    const session = await sessionOf(tools, c)
    const signInFirst = pathWithNext('/sign-in', flow.next)
    if (!session?.isLive) return signInFirst
    const secret = readCookie(c, 'porchlight_session') ?? ''
    const { person, customerId } = session
    const holderId = await personOfIdentity(store, { ...vouched, customerId })
    const isOwn = (await readIdsOfOwner(store, person)).some((id) => id === holderId)
    const isTheirs = isOwn && vouched.address === person.address
    if (session.id !== flow.forSession || !isTheirs) throw new ProviderFailure('not_valid', 'another account')
    if (!secondStep) throw new ProviderFailure('not_valid', 'second step')
    const raising = store.write(
      during(c, function* () {
        const { db } = store
        // By which a sign-out there takes the step back.
        yield* keepProof(db, secrets, { provider, said: { ...vouched, personId: person.id } }, clock())
        return yield* raiseSession(db, secrets, { session, secret, step: secondStep }, clock())
      }),
    )
    const raised = await unlessRefused('session_required', raising)
    if (raised === undefined) return signInFirst
    writeCookie(c, 'porchlight_session', raised, sessionLifeMs)
    return flow.next ?? '/admin'
  }

  /** A callback that this browser did not begin, that took too long, or that was opened twice. */
  async function notFinished(c: Visited, provider: Provider): Promise<Response> {
    const session = await sessionOf(tools, c)
    if (session?.isLive) return seeOther(c, '/')
    await countMiss(tools, c)
    return c.html(renderPage(<NotFinishedPage {...frameOf(c, '/sign-in')} provider={provider} />), 410)
  }

  /** What a second step that failed leads back to: the page that offers it. */
  async function refuseStep(
    c: Visited,
    { provider, flow }: { provider: Provider; flow: Flow },
    { because, detail: rule }: ProviderFailure,
  ): Promise<Response> {
    const session = await sessionOf(tools, c)
    const detail = { by: 'provider', provider: provider.name, because, rule }
    const event = { customerId: provider.customerId, atMs: clock(), kind: 'second_step.failed' } as const
    const personId = session?.person.id ?? null
    await store.write(during(c, () => recordAudit(store.db, { ...event, personId, detail })))
    const why = because === 'unreachable' ? 'unreachable' : 'provider'
    return seeOther(c, pathWithNext(`${secondStepPath}?failed=${why}`, flow.next))
  }

  /** The page for an answer that opens no session, and the event for staff. @throws every other error */
  async function refuse(
    c: Visited,
    { provider, flow }: { provider: Provider; flow: Flow },
    error: unknown,
  ): Promise<Response> {
    const frame = { ...frameOf(c, '/sign-in'), provider }
    if (error instanceof Mismatch) {
      const { known, reason } = error
      const saidAddress = maskAddress(error.vouched.address)
      const heldAddress = known ? maskAddress(known.address) : null
      const said = { rule: reason, said: saidAddress }
      await noteRefused(c, provider, { because: 'mismatch', ...said, personId: known?.id })
      return c.html(renderPage(<MismatchPage {...frame} {...{ reason, saidAddress, heldAddress }} />), 403)
    }
    const failure = failureIn(error)
    if (!failure) throw error
    const { because } = failure
    if (flow.forSession !== undefined) return refuseStep(c, { provider, flow }, failure)
    await noteRefused(c, provider, { because, rule: failure.detail })
    return c.html(
      renderPage(<RefusedPage {...frame} because={because} />),
      because === 'unreachable' ? 503 : 403,
    )
  }

  async function noteRefused(
    c: Visited,
    { customerId, name }: Provider,
    {
      personId = null,
      ...detail
    }: {
      because: RefusedSignIn | 'mismatch'
      rule: string
      said?: string
      personId?: string | null | undefined
    },
  ): Promise<void> {
    meter.count('porchlight_sign_ins_total', { way: 'provider', outcome: 'refused' })
    const { requestId } = c.env.outgoing
    log.info(
      { requestId, provider: name, because: detail.because, rule: detail.rule },
      'a provider signed no one in',
    )
    const event = { customerId, atMs: clock(), kind: 'sign_in.provider_refused' } as const
    await store.write(
      during(c, function* () {
        yield* recordAudit(store.db, { ...event, personId, detail: { provider: name, ...detail } })
        const differs = personId !== null && detail.because === 'mismatch'
        if (differs)
          yield* openProblem(
            store.db,
            { customerId, personId, kind: 'provider_differs', note: name },
            clock(),
          )
      }),
    )
  }

  /** `POST /sign-in/with/:name/logout`, from the provider's own server. */
  async function logOut(c: Visited): Promise<Response> {
    const provider = await requireProvider(c)
    const token = (await readForm(c)).get('logout_token') ?? ''
    try {
      const metadata = await tools.metadata.of(provider)
      const ended = await backChannel.accept(c, provider, { metadata, token })
      const { requestId } = c.env.outgoing
      log.info({ requestId, provider: provider.name, ended }, 'a provider ended sessions')
      return c.body(null, 200)
    } catch (error) {
      const failure = failureIn(error)
      if (!failure) throw error
      await countMiss(tools, c)
      const { requestId } = c.env.outgoing
      log.warn(
        { requestId, provider: provider.name, rule: failure.detail },
        'a provider’s logout was not accepted',
      )
      return c.json({ error: 'invalid_request' }, 400)
    }
  }

  /** The page after a sign-out here, where the session began at a provider that has a way to sign out there, too. */
  async function signedOutPage(c: Visited, session: Session): Promise<Response | undefined> {
    const proof = session.proof.kind === 'oidc' ? await proofById(tools, session.proof.id) : undefined
    if (!proof) return undefined
    const customer = c.get('customer')
    const provider = await providerNamed(tools, { customerId: customer.id, name: proof.providerName })
    const metadata = provider && (await tools.metadata.of(provider).catch(() => undefined))
    if (!provider || metadata?.end_session_endpoint === undefined) return undefined
    const backTo = signedOutUriOf(customer)
    const { signOutUrl } = await client()
    const url = signOutUrl(tools, { provider, metadata }, { idToken: proof.idToken, backTo })
    return c.html(renderPage(<SignedOutPage {...frameOf(c, '/sign-in')} provider={provider} url={url} />))
  }

  return { start, leadStraight, finish, logOut, signedOutPage }
}
