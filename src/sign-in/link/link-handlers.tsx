import { maskAddress } from '../../address.ts'
import { askedBy } from '../../audit.ts'
import { onlyWaysOf } from '../../customers/providers.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal, Refusal } from '../../errors.ts'
import { readForm, readJson } from '../../http/body.ts'
import { seeOther } from '../../http/redirect.ts'
import { type LinkState, linkById } from '../../links/links.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import type { Language } from '../../text/languages.ts'
import { completeBody } from '../bodies.ts'
import { type askHandlers, browserKeyOf } from '../mail/ask-handlers.tsx'
import type { TypedCode } from '../mail/pages.tsx'
import { countMiss } from '../misses.ts'
import { OnlyWayPage } from '../provider/pages.tsx'
import { deadReasons, unknownLink } from './dead-links.tsx'
import { disownLink } from './disown.ts'
import { secretIn, signInHere } from './link-visits.ts'
import { NotMeDonePage, NotMePage } from './pages-not-me.tsx'
import { linkSecret, portalLinks } from './portal-links.tsx'
import { askedHere, linkOfCode, lookAtLink, type SignInLink } from './spend.ts'

type Asking = Pick<ReturnType<typeof askHandlers>, 'askFor' | 'renderCheckMail'>

/** The parts of a sign-in email: its link, its code, and "it was not me". */
export function linkHandlers(tools: Tools, asking: Asking) {
  const { renderCheckMail } = asking
  const { open, spend, sendMail } = portalLinks(tools, asking, {
    door: 'mail',
    pathOf: (c) => `/auth/${linkSecret(c)}`,
    mailPathOf: (c) => `/auth/${linkSecret(c)}/again`,
    purpose: 'mail',
    notMeHref: (c) => `/not-me/${linkSecret(c)}`,
    bar: toProvider,
    isAskedHere: (c, link) =>
      askedHere(tools, { customer: c.get('customer'), link, browserKey: browserKeyOf(c) }),
  })

  async function spendCode(c: Visited): Promise<Response> {
    const form = await readForm(c)
    const code = form.get('code') ?? ''
    if (code.trim() === '') return c.html(await renderCheckMail(c, { error: 'missing', code: '' }), 422)
    try {
      const link = await linkOfCode(askedBy(tools, c), {
        customer: c.get('customer'),
        browserKey: browserKeyOf(c),
        code,
      })
      return await spendTyped(c, link, code)
    } catch (error) {
      if (!isRefusal(error, 'code_not_usable')) throw error
      await countMiss(tools, c)
      return c.html(await renderCheckMail(c, typedCode(error, code, c.get('language')())), 422)
    }
  }

  async function spendTyped(c: Visited, link: SignInLink, code: string): Promise<Response> {
    const isMailed = link.requestId !== null
    const elsewhere = link.state === 'usable' && isMailed ? toProvider(c, link) : undefined
    if (elsewhere) return elsewhere
    try {
      return seeOther(c, await signInHere(tools, c, link, { isCode: true }))
    } catch (error) {
      if (!isRefusal(error, 'link_not_usable')) throw error
      return c.html(await renderCheckMail(c, { error: codeErrors[await stateNow(link)], code }), 410)
    }
  }

  /** The state seen before or, if it was usable then and another click was faster, the current one. */
  async function stateNow({ id, customerId, state }: SignInLink): Promise<LinkState> {
    if (state !== 'usable') return state
    return (await linkById(tools.store, { customerId, id }, tools.clock()))?.state ?? 'spent'
  }

  async function complete(c: Visited): Promise<Response> {
    const proof = await readJson(c, completeBody)
    const customer = c.get('customer')
    if ('code' in proof) {
      const typed = { customer, browserKey: browserKeyOf(c), code: proof.code }
      const link = await linkOfCode(askedBy(tools, c), typed).catch(async (error: unknown) => {
        if (isRefusal(error, 'code_not_usable')) await countMiss(tools, c)
        throw error
      })
      return completeBy(c, link, 'code')
    }
    const link = await lookAtLink(tools, { customer, secret: secretIn(proof.token), door: 'mail' })
    if (!link) {
      await countMiss(tools, c)
      throw new Refusal('link_not_usable')
    }
    return completeBy(c, link, 'token')
  }

  /** The holder of a real secret learns why it no longer signs in. */
  async function completeBy(c: Visited, link: SignInLink, proof: 'code' | 'token'): Promise<Response> {
    try {
      return c.json({ landing: await signInHere(tools, c, link, { isCode: proof === 'code' }) })
    } catch (error) {
      if (!isRefusal(error, 'link_not_usable')) throw error
      throw new Refusal('link_not_usable', { fields: { [proof]: deadReasons[await stateNow(link)] } })
    }
  }

  /** Cancels a mailed link, or a code that staff read out. */
  function withOwnLink(answer: (c: Visited, link: SignInLink) => Promise<Response>) {
    return async (c: Visited): Promise<Response> => {
      const at = { customer: c.get('customer'), secret: linkSecret(c), door: 'not_me' } as const
      const link = await lookAtLink(tools, at)
      return link ? answer(c, link) : unknownLink(tools, c)
    }
  }

  async function notMePage(c: Visited, link: SignInLink): Promise<Response> {
    if (c.req.query('done') !== undefined && link.state !== 'usable')
      return c.html(renderPage(<NotMeDonePage {...frameOf(c)} />))
    const secret = linkSecret(c)
    return c.html(
      renderPage(
        <NotMePage
          {...frameOf(c)}
          maskedAddress={maskAddress(link.address)}
          action={`/not-me/${secret}`}
          {...(link.requestId !== null && { keepHref: `/auth/${secret}` })}
        />,
      ),
    )
  }

  async function notMe(c: Visited, link: SignInLink): Promise<Response> {
    await disownLink(askedBy(tools, c), link)
    return seeOther(c, `/not-me/${linkSecret(c)}?done=1`)
  }

  return {
    linkPage: open,
    spend,
    spendCode,
    complete,
    sendAgain: sendMail,
    notMePage: withOwnLink(notMePage),
    notMe: withOwnLink(notMe),
  }
}

/** To the button of the provider that alone signs in people with the link's address, if there is one. */
function toProvider(c: Visited, { address, landing }: SignInLink): Response | Promise<Response> | undefined {
  const [provider] = onlyWaysOf(c.get('customer'), address)
  if (!provider) return undefined
  return c.html(
    renderPage(<OnlyWayPage {...frameOf(c, '/sign-in')} provider={provider} next={landing} />),
    410,
  )
}

function typedCode(refusal: Refusal, code: string, { words }: Language): TypedCode {
  const said = refusal.fields['code']
  const isKnown = said !== undefined && said in words.signIn.checkMail.errors
  return { error: isKnown ? (said as TypedCode['error']) : 'wrong_code', code, triesLeft: refusal.triesLeft }
}

/** What the page says about a right code whose email no longer signs in. */
const codeErrors = {
  usable: 'used',
  spent: 'used',
  expired: 'expired',
  replaced: 'replaced',
  sibling_spent: 'superseded',
  not_me: 'revoked',
  withdrawn: 'revoked',
} as const satisfies Record<LinkState, TypedCode['error']>
