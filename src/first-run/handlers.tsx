import type { VNode } from 'preact'
import { domainOf, readTypedAddress, visibleText } from '../address.ts'
import { during } from '../audit.ts'
import { readNewCustomer } from '../customers/change-settings.ts'
import type { Visited } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import { type Form, readForm } from '../http/body.ts'
import { cookieNamed } from '../http/cookies.ts'
import { seeOther } from '../http/redirect.ts'
import { newCode, readCode, showCode } from '../links/codes.ts'
import { isThisMachineToBrowsers } from '../loopback.ts'
import { firstRunMail } from '../mail/messages/first-run.tsx'
import { type Message, NotAccepted, type Transport } from '../mail/outbox.ts'
import { renderPage } from '../page/layout.tsx'
import type { Tools } from '../part.ts'
import { newIdAt } from '../secrets.ts'
import { languageAsked } from '../sign-in/language.ts'
import { type Language, languageNamed, languageWith } from '../text/languages.ts'
import { baseUrlNamed } from '../vomo/access/presets.ts'
import { hasOneRecord, lookAtVomo } from '../vomo/people/first-look.ts'
import { type Draft, nextStep, type Step, slugOf, steps } from './draft.ts'
import { byFirstRun, openFirstCustomer, wayIn } from './first-customer.ts'
import {
  BeginPage,
  DonePage,
  EmailPage,
  EndPage,
  type Errors,
  FinishPage,
  languagePath,
  type OrganizationForm,
  OrganizationPage,
  pathOf,
  VomoPage,
} from './pages.tsx'
import { changeDraft, setupCookie, setupLifeMs, setupPath, spendSetupLink } from './setups.ts'

const maxEmails = 10
const maxTriesPerCode = 5

const languageCookie = cookieNamed('porchlight_language')
const languageLifeMs = 365 * 24 * 3_600_000

const vomoFields: Record<string, 'url' | 'token'> = { 'vomo-url': 'url', 'vomo-token-file': 'token' }

type Session = { id: string; draft: Draft }

/** Handlers for one request of the holder of a link, or of a browser that spent one. */
export function setupHandlers(
  tools: Tools,
  by: {
    transport: Transport
    link: { id: string; isSpent: boolean } | undefined
    session: { id: string; draft: Draft | undefined } | undefined
  },
) {
  const { store, clock } = tools
  const { link, session } = by

  function get(c: Visited): Response {
    if (link) {
      if (!link.isSpent) return show(c, <BeginPage {...languageHere(c)} action={c.req.path} />)
      return link.id === session?.id ? seeOther(c, setupPath) : end(c, 'used')
    }
    const going = goingOn(session)
    if (!going) return end(c, 'over')
    const next = nextStep(going.draft)
    const step = stepAt(c)
    if (c.req.path !== setupPath && !step) throw new Refusal('unknown_host')
    // A step is shown again after it is done, and none before its turn.
    if (!step || steps.indexOf(step) > steps.indexOf(next)) return seeOther(c, pathOf(next))
    return showStep(c, going, step)
  }

  async function post(c: Visited): Promise<Response> {
    refuseCrossSite(c)
    if (link) return begin(c, link)
    const going = goingOn(session)
    if (!going) return end(c, 'over')
    const form = await readForm(c)
    if (c.req.path === languagePath) return chooseLanguage(c, form)
    const step = stepAt(c)
    if (!step) throw new Refusal('unknown_host')
    if (steps.indexOf(step) > steps.indexOf(nextStep(going.draft)))
      return seeOther(c, pathOf(nextStep(going.draft)))
    return sends[step](c, going, form)
  }

  async function begin(c: Visited, { id, isSpent }: { id: string; isSpent: boolean }): Promise<Response> {
    if (isInTheOpen(c)) return end(c, 'unsafe', 422)
    const key = isSpent ? undefined : await store.write(during(c, () => spendSetupLink(tools, id, clock())))
    if (key === undefined) return end(c, 'used')
    setCookie(c, setupCookie.setting(key, setupLifeMs, !isLocal(c)))
    return seeOther(c, setupPath)
  }

  function chooseLanguage(c: Visited, form: Form): Response {
    const name = languageNamed(form.get('to'))
    if (name) setCookie(c, languageCookie.setting(name, languageLifeMs, !isLocal(c)))
    const step = steps.find((each) => pathOf(each) === form.get('back'))
    return seeOther(c, step ? pathOf(step) : setupPath)
  }

  const sends: Record<Step, (c: Visited, going: Session, form: Form) => Promise<Response>> = {
    async organization(c, going, form) {
      const typed = organizationIn((name) => form.get(name)?.trim())
      const wrong = faultsIn(() => readNewCustomer(slugOf(typed.name), typed, byFirstRun))
      if (!wrong) return keep(c, going, (draft) => ({ ...draft, settings: typed }), 'vomo')
      const { words } = languageHere(c)
      const email = readTypedAddress(typed['contact-email'])
      const said: Errors = {
        ...words.firstRun.organization.errors,
        'contact-email': words.signIn.ask.errors[typeof email === 'string' ? email : 'impossible'],
      }
      return showStep(c, going, 'organization', { form: typed, errors: worded(wrong, said) })
    },

    async vomo(c, going, form) {
      const said = languageHere(c).words.firstRun.vomo
      const url = form.get('vomo-url')?.trim() ?? ''
      const token = form.get('vomo-token')?.trim() || (going.draft.vomo?.token ?? '')
      const access = { baseUrl: baseUrlNamed(url || 'production'), token }
      const again = (errors: Errors) => showStep(c, going, 'vomo', { form: { url }, errors })
      try {
        const sight = await lookAtVomo(tools, access)
        if (!('problem' in sight))
          return await keep(c, going, (draft) => ({ ...draft, vomo: { ...access, sight } }), 'email')
        const { problem } = sight
        const isOfToken = problem === 'token_refused' || problem === 'no_access'
        return again({ [isOfToken ? 'vomo-token' : 'vomo-url']: said.problems[problem] })
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'invalid_request') throw error
        const fields = Object.keys(error.fields).flatMap((name) => vomoFields[name] ?? [])
        return again(Object.fromEntries(fields.map((field) => [`vomo-${field}`, said.errors[field]])))
      }
    },

    async email(c, going, form) {
      const { words } = languageHere(c)
      const said = words.firstRun.email.errors
      const typed = form.get('email') ?? ''
      const again = (error: string) =>
        showStep(c, going, 'email', {
          form: { email: visibleText(typed.slice(0, 320)) },
          errors: { email: error },
        })
      const read = readTypedAddress(typed)
      if (typeof read === 'string') return again(words.signIn.ask.errors[read])
      const { vomo, emailsSent } = going.draft
      if (emailsSent >= maxEmails) return again(said.too_many)
      const isVolunteer = await hasOneRecord(tools, requiredOf(vomo), read.address)
      if (typeof isVolunteer !== 'boolean') return again(words.firstRun.vomo.problems[isVolunteer.problem])
      const code = newCode()
      try {
        await by.transport.send(emailTo(c, going.draft, { to: read.shown, code }))
      } catch (error) {
        if (!(error instanceof NotAccepted)) throw error
        return again((error.isPermanent ? said.refused : said.notTaken)(error.message))
      }
      const owner = { address: read.address, isVolunteer, code, triesLeft: maxTriesPerCode }
      const noted = (draft: Draft) => ({ ...draft, owner, emailsSent: draft.emailsSent + 1 })
      return keep(c, going, noted, 'finish')
    },

    async finish(c, going, form) {
      const { words } = languageHere(c)
      const typed = form.get('code') ?? ''
      const code = readCode(typed)
      const again = (error: string) =>
        showStep(c, going, 'finish', {
          form: { code: visibleText(typed.slice(0, 64)) },
          errors: { code: error },
        })
      if (code === undefined) {
        const { missing, unreadable } = words.signIn.checkMail.errors
        return again(typed.trim() === '' ? missing : unreadable)
      }
      const opened = await store.write(
        during(c, () => openFirstCustomer(tools, { setupId: going.id, code }, clock())),
      )
      if (opened === 'over') return end(c, 'over')
      if (typeof opened === 'string') return again(words.firstRun.finish.errors[opened])
      setCookie(c, setupCookie.setting('', 0, !isLocal(c)))
      const { origin, path } = await wayIn(tools, opened, c.get('address')())
      if (new URL(origin).host === hostOf(c)) return seeOther(c, path)
      const name = going.draft.settings?.['name'] ?? ''
      return show(c, <DonePage {...languageHere(c)} name={name} origin={origin} href={origin + path} />)
    },
  }

  async function keep(
    c: Visited,
    { id }: Session,
    change: (draft: Draft) => Draft,
    next: Step,
  ): Promise<Response> {
    const isKept = await store.write(during(c, () => changeDraft(tools, id, change)))
    return isKept ? seeOther(c, pathOf(next)) : end(c, 'over')
  }

  function emailTo(c: Visited, draft: Draft, { to, code }: { to: string; code: string }): Message {
    const organization = organizationIn((name) => draft.settings?.[name])
    const site = { name: organization.name, publicOrigin: organization.url, contactEmail: null }
    const from = tools.mailFrom({ name: organization.name, slug: slugOf(organization.name) })
    const nowMs = clock()
    return {
      ...firstRunMail({ ...languageHere(c), site, code: showCode(code) }),
      messageId: `<${newIdAt('setup', nowMs)}@${domainOf(from.address)}>`,
      from,
      replyTo: null,
      to,
      queuedAtMs: nowMs,
    }
  }

  /** @param sent the form as it was sent, and what is wrong with it */
  function showStep(
    c: Visited,
    { draft }: Session,
    step: Step,
    sent?: { form: Readonly<Record<string, string>>; errors: Errors },
  ): Response {
    const { settings, vomo, owner } = draft
    const at = { ...languageHere(c), errors: sent?.errors ?? {} }
    const formOf = (name: string, kept: string) => sent?.form[name] ?? kept
    const status = sent ? 422 : 200
    if (step === 'organization') {
      const known = settings ?? { url: `${isLocal(c) ? 'http' : 'https'}://${hostOf(c)}` }
      const form = organizationIn((name) => formOf(name, known[name] ?? ''))
      return show(c, <OrganizationPage {...at} form={form} />, status)
    }
    if (step === 'vomo') {
      const form = { url: formOf('url', vomo?.baseUrl ?? baseUrlNamed('production')) }
      return show(c, <VomoPage {...at} form={form} hasToken={vomo !== null} />, status)
    }
    const { sight } = requiredOf(vomo)
    if (step === 'email') {
      const form = { email: formOf('email', owner?.address ?? '') }
      const sender = tools.mailFrom({ name: '', slug: '' }).address
      return show(c, <EmailPage {...at} form={form} sender={sender} sight={sight} />, status)
    }
    const organization = organizationIn((name) => settings?.[name])
    const form = { code: formOf('code', '') }
    const page = <FinishPage {...at} {...{ form, organization, sight }} owner={requiredOf(owner)} />
    return show(c, page, status)
  }

  return { get, post }
}

function organizationIn(textOf: (name: string) => string | undefined): OrganizationForm {
  const read = (name: string) => textOf(name) ?? ''
  return {
    name: read('name'),
    url: read('url'),
    'contact-name': read('contact-name'),
    'contact-email': read('contact-email'),
    'time-zone': read('time-zone'),
  }
}

/** The names of the fields that break a rule, as the commands tell them; `undefined` where none does. */
function faultsIn(read: () => unknown): readonly string[] | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof Refusal && error.code === 'invalid_request') return Object.keys(error.fields)
    throw error
  }
}

function worded(names: readonly string[], said: Errors): Errors {
  return Object.fromEntries(names.map((name) => [name, said[name] ?? name]))
}

/** While there is no customer. */
function goingOn(session: { id: string; draft: Draft | undefined } | undefined): Session | undefined {
  return session?.draft && { id: session.id, draft: session.draft }
}

/** A step is served after those before it are done. */
function requiredOf<T>(done: T | null): T {
  if (done === null) throw new Error('a step of the first run was skipped')
  return done
}

function stepAt(c: Visited): Step | undefined {
  return steps.find((step) => pathOf(step) === c.req.path)
}

function show(c: Visited, page: VNode, status: 200 | 410 | 422 = 200): Response {
  return c.html(renderPage(page), status)
}

function end(c: Visited, why: 'used' | 'over' | 'unsafe', status: 410 | 422 = 410): Response {
  return show(c, <EndPage {...languageHere(c)} why={why} />, status)
}

/** The visitor's choice here, else their browser's. */
function languageHere(c: Visited): Language {
  const chosen = languageCookie.valueIn(c.req.header('cookie'), !isLocal(c))
  return languageWith(languageNamed(chosen) ?? languageAsked(c))
}

function setCookie(c: Visited, setting: string): void {
  c.header('set-cookie', setting, { append: true })
}

function hostOf(c: Visited): string {
  return (c.req.header('host') ?? '').toLowerCase()
}

/** Whether the browser is on this machine, where http is as good as https. */
function isLocal(c: Visited): boolean {
  return isThisMachineToBrowsers(hostOf(c).replace(/:\d+$/, ''))
}

/** Whether others on the way can read what is typed: a browser names its page's scheme, and holds no safe cookie over http. */
function isInTheOpen(c: Visited): boolean {
  return !isLocal(c) && (c.req.header('origin') ?? '').startsWith('http:')
}

/** As the door does for a customer's pages; here the page's own host is all there is. */
function refuseCrossSite(c: Visited): void {
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin') ?? ''
  const isFromHere =
    site === undefined ? URL.canParse(origin) && new URL(origin).host === hostOf(c) : site === 'same-origin'
  if (!isFromHere) throw new Refusal('cross_site_request')
}
