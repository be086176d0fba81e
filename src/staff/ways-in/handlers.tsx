import { during } from '../../audit.ts'
import { readNewProvider, readProviderChanges } from '../../customers/provider-settings.ts'
import {
  addProvider,
  changeProvider,
  type Provider,
  providerNamed,
  providersOf,
} from '../../customers/providers.ts'
import { frameOf } from '../../customers/site.ts'
import { type Visited, visitNetwork } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import type { signInPart } from '../../sign-in/part.ts'
import { trialPath } from '../../sign-in/provider/addresses.ts'
import { leadOnTo } from '../../sign-in/provider/begin.ts'
import { dropProvider } from '../../sign-in/provider/drop.ts'
import { isAnyoneKnownTo } from '../../sign-in/provider/identities.ts'
import type { ProviderFinding } from '../../sign-in/provider/look.ts'
import { refusalOf, type Trial } from '../../sign-in/provider/trials.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { type Sent, staffForms } from '../staff-form.ts'
import {
  askedTwice,
  changesIn,
  conflictsIn,
  emptyForm,
  errorsFor,
  givenBy,
  mayCall,
  newGiven,
  newNames,
  type WaysForm,
} from './form.ts'
import { type WaysInDone, WaysInPage } from './page-list.tsx'
import { NewProviderPage } from './page-new.tsx'
import { ProviderPage } from './page-provider.tsx'
import { LeadingToTrialPage, TrialPage } from './page-trial.tsx'
import { newProviderPath, providerPath, waysInPath } from './paths.ts'

const outcomes = ['saved', 'unchanged', 'turned_on', 'turned_off'] as const satisfies readonly WaysInDone[]

type Shown = {
  form?: WaysForm
  done?: Exclude<WaysInDone, 'removed'> | null
  findings?: readonly ProviderFinding[]
  status?: 409 | 422
}

/**
 * How people sign in. All staff may read which ways are on; owners set identity systems up, by the functions of `porchlight provider`,
 * and try them. Nothing shows a client secret.
 */
export function waysInHandlers(tools: Tools, { trials, look }: ReturnType<typeof signInPart>['providers']) {
  const { store, secrets, limits } = tools
  const forOwner = staffForms(tools, { role: 'owner', fresh: true, page: waysInPath })

  async function list(c: Visited): Promise<Response> {
    const { customer, role } = await requireStaff(tools, c, 'viewer')
    const providers = await providersOf(tools, customer.id)
    const removed = /^\d{1,9}$/.exec(c.req.query('removed') ?? '')?.[0]
    const ended = removed === undefined ? null : Number(removed)
    return c.html(renderPage(<WaysInPage {...frameOf(c)} {...{ role, customer, providers, ended }} />))
  }

  async function newPage(c: Visited): Promise<Response> {
    await requireStaff(tools, c, 'owner', { fresh: true })
    return showNew(c, emptyForm)
  }

  function showNew(c: Visited, form: WaysForm): Response {
    const { publicOrigin } = c.get('customer')
    const frame = frameOf(c, newProviderPath)
    return c.html(
      renderPage(<NewProviderPage {...frame} {...{ form, publicOrigin }} />),
      hasErrors(form) ? 422 : 200,
    )
  }

  const make = forOwner(async (c, { form, ...member }) => {
    const { customer, person, nowMs } = member
    const { words } = c.get('language')()
    const said = words.staffWaysIn.errors
    const typed = Object.fromEntries(
      newNames.map((name) => [name, (form.get(name) ?? '').trim().slice(0, 2000)]),
    )
    const again = (errors: Record<string, string>) => showNew(c, { ...emptyForm, typed, errors })
    const given = newGiven(typed, (form.get('client-secret') ?? '').trim())
    const read = readNewProvider(given, (issuer) => mayCall(issuer, customer))
    if ('broken' in read) return again(errorsFor(read.broken, typed, words))
    const { provider } = read
    const at = { customerId: customer.id, name: provider.name }
    if (await providerNamed(tools, at)) return again({ name: said.taken })
    const findings = await lookAt(c, { ...at, ...provider, id: '', metadata: null })
    const fault = findings.find(({ is }) => is === 'unreachable' || is === 'not_valid')
    // Its issuer never changes, so one that is none is not kept.
    if (fault?.is === 'unreachable') return again({ issuer: said.noAnswer })
    if (fault) return again({ issuer: said.notProvider(fault.detail) })
    const added = { ...at, ...provider, by: person.id }
    await store.write(during(c, () => addProvider(store.db, secrets, added, nowMs)))
    const made = await providerNamed(tools, at)
    if (!made) return seeOther(c, waysInPath)
    return show(c, member, made, { findings, done: 'made' })
  })

  /** A call that leaves this server takes a turn of those that begin at its network. */
  async function lookAt(c: Visited, provider: Provider): Promise<ProviderFinding[]> {
    await store.write(() => limits.takeOrRefuse('providerSignInsPerNetwork', visitNetwork(c)))
    return look(c.get('customer'), provider)
  }

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'owner', { fresh: true })
    return show(c, member, await providerHere(c), {
      done: outcomes.find((each) => each === c.req.query('done')) ?? null,
    })
  }

  async function show(c: Visited, { customer }: Member, provider: Provider, shown: Shown): Promise<Response> {
    const { form = emptyForm, done = null, findings = [], status } = shown
    const isTried = await isAnyoneKnownTo(store, provider)
    const frame = frameOf(c, providerPath(provider.name))
    return c.html(
      renderPage(<ProviderPage {...frame} {...{ customer, provider, form, done, findings, isTried }} />),
      status ?? (hasErrors(form) || form.sure ? 422 : 200),
    )
  }

  async function providerHere(c: Visited): Promise<Provider> {
    const at = { customerId: c.get('customer').id, name: c.req.param('provider') ?? '' }
    const found = await providerNamed(tools, at)
    if (!found) throw new Refusal('not_found')
    return found
  }

  /** A form of one provider's page. */
  function forOne(send: (c: Visited, sent: Sent & { provider: Provider }) => Promise<Response>) {
    return forOwner(async (c, sent) => send(c, { ...sent, provider: await providerHere(c) }))
  }

  const save = forOne(async (c, { form, provider, ...member }) => {
    const { person, nowMs } = member
    const { words } = c.get('language')()
    const { typed, seen } = changesIn(form)
    const read = readProviderChanges(
      givenBy(typed, (form.get('client-secret') ?? '').trim(), provider),
      provider,
    )
    const sent = { ...emptyForm, typed, seen }
    if ('broken' in read) {
      const errors = errorsFor(read.broken, { domain: provider.domains.join(' '), ...typed }, words)
      return show(c, member, provider, { form: { ...sent, errors } })
    }
    const { changes } = read
    const isTried = await isAnyoneKnownTo(store, provider)
    const sure = askedTwice(provider, { ...provider, ...changes }, { isTried, words })
    if (sure && form.get('sure') !== sure.value) return show(c, member, provider, { form: { ...sent, sure } })
    const order = { provider, changes, seen, by: person.id }
    const overtaken = await store.write(during(c, () => changeProvider(store.db, secrets, order, nowMs)))
    const now = await providerHere(c)
    if (Object.keys(overtaken).length > 0) {
      const told = { ...emptyForm, typed, errors: conflictsIn(overtaken, words) }
      return show(c, member, now, { form: told, status: 409 })
    }
    const done = Object.keys(changes).length === 0 ? 'unchanged' : 'saved'
    return show(c, member, now, { done, findings: await lookAt(c, now) })
  })

  const turn = forOne(async (c, { form, provider, ...member }) => {
    const { words } = c.get('language')()
    const isOff = form.get('turn') !== 'on'
    if (!isOff && provider.isOnlyWay && form.get('sure-on') !== 'yes') {
      const errors = { 'sure-on': words.staffSettings.sure.missing }
      return show(c, member, provider, { form: { ...emptyForm, errors } })
    }
    const order = { provider, changes: { isOff }, by: member.person.id }
    await store.write(during(c, () => changeProvider(store.db, secrets, order, member.nowMs)))
    return seeOther(c, `${providerPath(provider.name)}?done=${isOff ? 'turned_off' : 'turned_on'}`)
  })

  const remove = forOne(async (c, { form, provider, ...member }) => {
    const { words } = c.get('language')()
    if (form.get('remove') !== 'yes') {
      const errors = { remove: words.staffWaysIn.errors.remove }
      return show(c, member, provider, { form: { ...emptyForm, errors } })
    }
    const by = { by: member.person.id, because: 'by_staff' } as const
    const ended = await store.write(during(c, () => dropProvider(store.db, provider, by, member.nowMs)))
    return seeOther(c, `${waysInPath}?removed=${ended}`)
  })

  const startTrial = forOne(async (c, { provider, session, nowMs }) => {
    try {
      const url = await trials.begin(c, provider, session)
      leadOnTo(c, url)
      const frame = frameOf(c, trialPath(provider.name))
      return c.html(renderPage(<LeadingToTrialPage {...frame} {...{ provider, url }} />))
    } catch (error) {
      const outcome = refusalOf(error)
      if (!outcome) throw error
      const trial = { said: null, outcome, atMs: nowMs }
      return showTrial(c, provider, { trial, here: trialPath(provider.name) })
    }
  })

  async function trialPage(c: Visited): Promise<Response> {
    const { session } = await requireStaff(tools, c, 'owner', { fresh: true })
    const provider = await providerHere(c)
    const trial = trials.read(c.req.query('seen'), { provider, session }) ?? null
    return showTrial(c, provider, { trial })
  }

  function showTrial(
    c: Visited,
    provider: Provider,
    { trial, here }: { trial: Trial | null; here?: string },
  ): Response {
    return c.html(renderPage(<TrialPage {...frameOf(c, here)} {...{ provider, trial }} />))
  }

  return { list, newPage, make, page, save, turn, remove, startTrial, trialPage }
}

function hasErrors({ errors }: WaysForm): boolean {
  return Object.keys(errors).length > 0
}
