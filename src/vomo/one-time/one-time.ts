import { within } from '../../resilience/within.ts'
import type { AccessReader } from '../access/access.ts'
import { linkHostsOf, siteBehind, vomoPresets } from '../access/presets.ts'
import type { Calls } from '../flow/calls.ts'
import { type FailureKind, VomoFailure } from '../wire/failure.ts'
import type { Lookup } from '../wire/lookup.ts'
import { isRecord } from '../wire/values.ts'
import { createReach, plainAddress } from './one-time-network.ts'

/**
 * The landings a hand-off may use, of the five VOMO knows. The other two, `admin` and `admin_resume`, are for its staff: an emailed
 * link to the portal must not become a way into VOMO's administration.
 */
export const handOffLandings = ['hub', 'resume', 'campaign'] as const

export type OneTimeOrder = {
  /** As VOMO's own record spells it. */
  address: string
  /** The network address of the visitor who will click; VOMO compares it. */
  visitorAddress: string
  landing: (typeof handOffLandings)[number]
  /** The slug, for `campaign`. */
  resource?: string
}

/** What VOMO rejected about an order: a field, or its message when it sent no link. */
type Objection = keyof typeof fieldObjections | 'other_field' | 'bad_link' | 'other_network' | FailureKind

export type OneTimeLink =
  | { readonly url: string }
  /** VOMO is healthy, and makes no link for this person, place or network. */
  | { readonly reason: 'refused'; readonly why: readonly Objection[] }
  /** VOMO gave no verdict: it is down, slow, limiting us, or not understood. */
  | { readonly reason: 'unavailable'; readonly why: readonly Objection[] }

/** The fields we send, named as VOMO's errors name them. */
const fieldObjections = { email: true, ip_address: true, landing_page: true, resource: true } as const

/** Failures that are about the order, not about VOMO's health. */
const refusing: readonly FailureKind[] = ['declined', 'forbidden', 'invalid', 'refused']

/** How long to wait for a forecast of whether the click can succeed; without one, the click decides. Milliseconds. */
const lookupWaitMs = 500

/** Longer than any link VOMO has been seen to make. */
const maxLinkLength = 2_000

/**
 * VOMO's one-time links. Each signs one person in at VOMO, once, so it is a secret: we ask for it only when that person is about to
 * follow it, hand it only to them, and neither store nor log it.
 *
 * @see https://support.vomo.org/hc/en-us/articles/5463959935373-What-is-a-VOMO-Login-Magic-Link
 */
export function createOneTimeLinks(given: {
  access: AccessReader
  calls: Calls
  clock: () => number
  lookup: Lookup
  /** How long the volunteer waits for a link, including the line in front of our own calls. Milliseconds. */
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
    /** Tried once: a second try would create a second secret. Never throws for VOMO's failures. */
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
 * A link to which we may send a browser: absolute, printable, without a user, and to a host of this customer's VOMO. Plain http
 * only when VOMO itself is reached that way, as in the demo.
 *
 * @param baseUrl of the customer's VOMO access
 * @returns the link as a browser reads it; `undefined` for anything else
 */
export function readAuthLink(text: string, baseUrl: string): string | undefined {
  // Checked before parsing: the parser drops line breaks and tabs, and converts non-ASCII characters.
  if (text.length > maxLinkLength || !/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const schemes = ['https:', ...(baseUrl.startsWith('http:') ? ['http:'] : [])]
  const isOfVomo = schemes.includes(url.protocol) && linkHostsOf(baseUrl).includes(url.host)
  return isOfVomo && url.username === '' && url.password === '' ? url.href : undefined
}

/** The fields VOMO named, never its words about them. */
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
