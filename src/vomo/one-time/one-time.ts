import { within } from '../../resilience/within.ts'
import type { AccessReader } from '../access/access.ts'
import { linkHostsOf, siteBehind, vomoPresets } from '../access/presets.ts'
import type { Calls } from '../flow/calls.ts'
import { type FailureKind, VomoFailure } from '../wire/failure.ts'
import { isRecord } from '../wire/values.ts'
import { createReach, type Lookup, plainAddress } from './one-time-network.ts'

/**
 * Where a volunteer may be carried, out of the five places VOMO knows. The other two, `admin` and `admin_resume`, are for its
 * staff: a mailed link to the portal must not become a way in to VOMO's administration.
 */
export const handOffLandings = ['hub', 'resume', 'campaign'] as const

export type HandOffLanding = (typeof handOffLandings)[number]

export type OneTimeOrder = {
  /** As VOMO's own record spells it. */
  address: string
  /** The network address of whoever will click; VOMO compares it. */
  visitorAddress: string
  landing: HandOffLanding
  /** For `campaign`: its slug. */
  resource?: string
}

/** What VOMO found wrong with an order: a field of it, or what it said instead of a link. */
export type Objection =
  | keyof typeof fieldObjections
  | 'other_field'
  | 'bad_link'
  | 'other_network'
  | FailureKind

export type OneTimeLink =
  | { readonly url: string }
  /** VOMO is well, and there is no link for this person, place or network. */
  | { readonly reason: 'refused'; readonly why: readonly Objection[] }
  /** VOMO did not say: down, slow, limited, or of no use. */
  | { readonly reason: 'unavailable'; readonly why: readonly Objection[] }

/** The fields we send, as VOMO's errors name them. */
const fieldObjections = { email: true, ip_address: true, landing_page: true, resource: true } as const

/** Answers that speak of the order, not of how VOMO is. */
const refusing: readonly FailureKind[] = ['declined', 'forbidden', 'invalid', 'refused']

/** Nobody waits longer to learn whether the click could succeed; the click itself will tell. Milliseconds. */
const lookupWaitMs = 500

/** Longer than any link VOMO has been seen to make. */
const maxLinkLength = 2_000

/**
 * VOMO's one-time links: each signs one person in at VOMO, once. Such a link is a secret, so it is asked for only when
 * somebody is about to follow it, given to nobody else, kept nowhere and never logged.
 *
 * @see https://support.vomo.org/hc/en-us/articles/5463959935373-What-is-a-VOMO-Login-Magic-Link
 */
export function createOneTimeLinks(given: {
  access: AccessReader
  calls: Calls
  clock: () => number
  lookup: Lookup
  /** How long somebody waits for a link, the line before our own calls included. Milliseconds. */
  waitMs: number
}) {
  const { access, calls, clock, lookup, waitMs } = given
  const isInReach = createReach({ lookup, clock })

  async function site(customerId: string): Promise<string> {
    return siteBehind((await access.read(customerId))?.baseUrl ?? vomoPresets.production.baseUrl)
  }

  async function order(customerId: string, wanted: OneTimeOrder): Promise<OneTimeLink> {
    const signal = AbortSignal.timeout(waitMs)
    const granted = await access.read(customerId)
    if (!granted) return unavailable('no_access')
    const ipAddress = plainAddress(wanted.visitorAddress)
    if (ipAddress === undefined) return refused('ip_address')
    const canReach = await within(lookupWaitMs, isInReach(siteBehind(granted.baseUrl), ipAddress))
    if (canReach === false) return refused('other_network')

    const body = {
      email: wanted.address,
      ip_address: ipAddress,
      landing_page: wanted.landing,
      ...(wanted.resource !== undefined && { resource: wanted.resource }),
    }
    const answer = await calls.post(customerId, 'identity', { path: '/users/one-time', body, signal })
    // VOMO's form of "there is no such path": this VOMO makes no links.
    if (answer === undefined) return refused('refused')
    const link = isRecord(answer) && isRecord(answer.data) ? answer.data.auth_link : undefined
    if (typeof link !== 'string') return unavailable('not_understood')
    const url = readAuthLink(link, granted.baseUrl)
    return url === undefined ? refused('bad_link') : { url }
  }

  return {
    site,
    /** Tried once: the answer to a second try would be a second secret. Never throws for what VOMO does. */
    async link(customerId: string, wanted: OneTimeOrder): Promise<OneTimeLink> {
      try {
        return await order(customerId, wanted)
      } catch (error) {
        if (!(error instanceof VomoFailure)) throw error
        return refusing.includes(error.kind) ? refused(...objections(error)) : unavailable(error.kind)
      }
    },
  }
}

/**
 * A link that a browser may be sent to: absolute, plain to read, without a user, and to a host of this customer's VOMO. Plain
 * http only where VOMO itself is reached so, as in the demo.
 *
 * @param baseUrl of the customer's VOMO access
 * @returns the link as a browser reads it; `undefined` for anything else
 */
export function readAuthLink(text: string, baseUrl: string): string | undefined {
  // Checked before parsing: the parser drops line breaks and tabs, and turns what is no ASCII into something else.
  if (text.length > maxLinkLength || !/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const schemes = ['https:', ...(baseUrl.startsWith('http:') ? ['http:'] : [])]
  const isOfVomo = schemes.includes(url.protocol) && linkHostsOf(baseUrl).includes(url.host)
  return isOfVomo && url.username === '' && url.password === '' ? url.href : undefined
}

/** Which fields VOMO named, never what it said of them. */
function objections({ kind, fieldErrors }: VomoFailure): Objection[] {
  const named = Object.keys(fieldErrors).map((field): Objection => (isSent(field) ? field : 'other_field'))
  return named.length > 0 ? [...new Set(named)] : [kind]
}

function isSent(field: string): field is keyof typeof fieldObjections {
  return Object.hasOwn(fieldObjections, field)
}

function refused(...why: Objection[]): OneTimeLink {
  return { reason: 'refused', why }
}

function unavailable(...why: FailureKind[]): OneTimeLink {
  return { reason: 'unavailable', why }
}
