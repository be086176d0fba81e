import { type Visited, visitNetwork } from '../../customers/visit.ts'
import { isRefusal, Refusal } from '../../errors.ts'
import { type AddressVerdict, compareAddress } from '../../http/network.ts'
import type { Link } from '../../links/links.ts'
import { classifyOpen, isNavigation } from '../../links/open-class.ts'
import { noteOpens } from '../../links/opens.ts'
import type { Tools } from '../../part.ts'
import { choiceLifeMs, choicePath } from '../choice/choices.ts'
import { readCookie, writeCookie } from '../cookies.ts'
import { browserOf } from '../enter.ts'
import { knownBrowserLifeMs } from '../session/known-browsers.ts'
import { type Session, sessionLifeMs } from '../session/sessions.ts'
import { sessionOf } from '../session/visitor.ts'
import { type LinkWay, type SignInLink, signInByLink } from './spend.ts'

const secretPattern = /[A-Za-z0-9]+/

/** Mail programs leave dots, `=`, `>` and `&amp;` around a link; the secret is only letters and digits. */
export function secretIn(text: string | undefined): string {
  return secretPattern.exec(text ?? '')?.[0] ?? ''
}

/** Compares the visitor's address with the addresses the link may be used from. */
export function addressVerdict(c: Visited, { ip }: Pick<Link, 'ip'>): AddressVerdict {
  return ip.rule === 'off' ? 'same' : compareAddress(ip.addresses, c.get('address')())
}

type Header = (name: string) => string | undefined

function headerOf(c: Visited): Header {
  return (name) => c.req.header(name)
}

/** The purpose a browser or a robot states. Older browsers send `Sec-Purpose` as `Purpose` or `X-Moz`. */
function purposeIn(header: Header): string | undefined {
  return header('sec-purpose') ?? header('purpose') ?? header('x-moz')
}

/** Whether a person navigated here, as far as the request shows: no prefetch, no image, no script. */
export function isVisit(c: Visited): boolean {
  return isVisitBy(c.req.method, headerOf(c))
}

/** From the request's own headers, before there is a context. */
export function isVisitBy(method: string, header: Header): boolean {
  return (
    method === 'GET' &&
    purposeIn(header) === undefined &&
    isNavigation({ fetchMode: header('sec-fetch-mode'), fetchDest: header('sec-fetch-dest') })
  )
}

/** Records who opened a link. A failed record must not keep the visitor out. */
export async function noteVisit(
  { store, clock, log, together }: Tools,
  c: Visited,
  link: Pick<Link, 'id' | 'ip' | 'sentAtMs'>,
  hasCookie: boolean | undefined,
): Promise<void> {
  const atMs = clock()
  const { method } = c.req
  const userAgent = c.req.header('user-agent')
  const opening = classifyOpen({
    method,
    secPurpose: purposeIn(headerOf(c)),
    fetchMode: c.req.header('sec-fetch-mode'),
    fetchDest: c.req.header('sec-fetch-dest'),
    userAgent,
    sinceSentMs: atMs - link.sentAtMs,
    hasCookie,
    address: addressVerdict(c, link),
  })
  const open = {
    class: opening.class,
    reason: opening.reason,
    atMs,
    method,
    network: visitNetwork(c),
    userAgent: userAgent ?? '',
  }
  try {
    await together(`opens of ${link.id}`, open, (opens) =>
      store.write(() => noteOpens(store.db, link.id, opens)),
    )
  } catch (error) {
    log.error({ requestId: c.env.outgoing.requestId, error }, 'an open could not be noted')
  }
}

/** Signs in, or continues if this browser already holds the session the link made. @returns the landing */
export async function signInHere(
  tools: Tools,
  c: Visited,
  link: SignInLink,
  how: { isCode: boolean },
): Promise<string> {
  const session = await sessionOf(tools, c)
  if (session?.isLive && isOpenedBy(session, link)) return link.landing
  const way = wayOf(link, how)
  const count = (outcome: 'opened' | 'refused') =>
    tools.meter.count('porchlight_sign_ins_total', { way, outcome })
  try {
    const landing = await spendHere(tools, c, link, way)
    count('opened')
    return landing
  } catch (error) {
    if (isRefusal(error, 'link_not_usable')) count('refused')
    throw error
  }
}

async function spendHere(tools: Tools, c: Visited, link: SignInLink, way: LinkWay): Promise<string> {
  // A link seen dead stays dead; only one that looks usable is worth a write, which then decides.
  if (link.state !== 'usable') throw new Refusal('link_not_usable')
  const signedIn = await signInByLink(tools, {
    asked: c,
    customer: c.get('customer'),
    link,
    browser: browserOf(c),
    formerKey: readCookie(c, 'porchlight_known'),
    way,
  })
  if ('choiceSecret' in signedIn) {
    writeCookie(c, 'porchlight_choice', signedIn.choiceSecret, choiceLifeMs)
    return choicePath
  }
  const { sessionSecret, knownKey, landing } = signedIn
  writeCookie(c, 'porchlight_session', sessionSecret, sessionLifeMs)
  if (knownKey !== undefined) writeCookie(c, 'porchlight_known', knownKey, knownBrowserLifeMs)
  return landing
}

function wayOf({ requestId }: SignInLink, { isCode }: { isCode: boolean }): LinkWay {
  if (requestId === null) return isCode ? 'spoken_code' : 'made_link'
  return isCode ? 'code' : 'mailed_link'
}

export function isOpenedBy(session: Session, link: Pick<Link, 'id'>): boolean {
  return session.proof.kind === 'link' && session.proof.id === link.id
}
