import { LRUCache } from 'lru-cache'
import type { AddressVerdict } from '../http/network.ts'

/** What kind of client opened a link, guessed from its request. Explains opens to the holder and to staff; decides nothing. */
export type OpenClass =
  | 'person'
  | 'other_device'
  | 'wrong_address'
  | 'prefetch'
  | 'preview_bot'
  | 'mail_scanner'

export type Opening = { class: OpenClass; reason: OpenReason }

/** The evidence for a class. */
export type OpenReason =
  | 'nothing_unusual'
  | 'cookie_missing'
  | 'address_differs'
  | 'announced_prefetch'
  | 'names_itself_preview'
  | 'names_itself_scanner'
  | 'no_browser'
  | 'asked_for_headers_only'
  | 'no_navigation'
  | 'within_seconds'

/** What a request for a link's page says about its sender. */
export type LinkRequest = {
  method: string
  secPurpose: string | undefined
  fetchMode: string | undefined
  fetchDest: string | undefined
  userAgent: string | undefined
  /** Since the email was accepted, or the link made. */
  sinceSentMs: number
  /** Whether the browser holds the cookie of the request the link answers; `undefined` for a link that no request asked for. */
  hasCookie: boolean | undefined
  address: AddressVerdict
}

const previewers =
  /slackbot|slack-imgproxy|facebookexternalhit|twitterbot|whatsapp|telegrambot|discordbot|linkedinbot|skypeuripreview|bingpreview|iframely|embedly|applebot|google-?bot|googleother|viber|redditbot|pinterest|mastodon|msteams|teamsbot|signal-desktop/i
const scanners =
  /safelinks|proofpoint|mimecast|barracuda|ironport|messagelabs|symantec|sophos|trendmicro|fireeye|cloudmark|virustotal|urlscan|zscaler|forcepoint|avanan|googleimageproxy|ms-?office|microsoft (office|outlook)|bot\b|crawler|spider|headlesschrome|phantomjs/i
const browsers = /^mozilla\/5\.0 \([^)]+\).*(chrome|safari|firefox|edg|opr|version)\//i

/** No person reads the email within this time. */
const tooSoonMs = 3_000

/** The first rule that matches wins. */
export function classifyOpen(seen: LinkRequest): Opening {
  const agent = seen.userAgent ?? ''
  if (seen.secPurpose !== undefined) return { class: 'prefetch', reason: 'announced_prefetch' }
  if (previewers.test(agent)) return { class: 'preview_bot', reason: 'names_itself_preview' }
  if (scanners.test(agent)) return { class: 'mail_scanner', reason: 'names_itself_scanner' }
  if (seen.method === 'HEAD') return { class: 'mail_scanner', reason: 'asked_for_headers_only' }
  if (!browsers.test(agent)) return { class: 'mail_scanner', reason: 'no_browser' }
  if (!isNavigation(seen)) return { class: 'mail_scanner', reason: 'no_navigation' }
  if (seen.address !== 'same') return { class: 'wrong_address', reason: 'address_differs' }
  // A made link has no request and may open at once: its maker redirects to it.
  if (seen.hasCookie === undefined || seen.hasCookie) return { class: 'person', reason: 'nothing_unusual' }
  if (seen.sinceSentMs < tooSoonMs) return { class: 'mail_scanner', reason: 'within_seconds' }
  return { class: 'other_device', reason: 'cookie_missing' }
}

/** Whether a user agent names a program that makes previews or checks mail. */
export function isKnownRobot(userAgent: string): boolean {
  const known = robots.get(userAgent)
  if (known !== undefined) return known
  const isRobot = previewers.test(userAgent) || scanners.test(userAgent)
  if (userAgent.length <= maxKeyLength) robots.set(userAgent, isRobot)
  return isRobot
}

/** User agents repeat and the pattern is slow, so results are cached. */
const robots = new LRUCache<string, boolean>({ max: 1_000 })
const maxKeyLength = 500

/** Whether a browser says that a person navigated there, or says nothing. */
export function isNavigation({
  fetchMode,
  fetchDest,
}: Pick<LinkRequest, 'fetchMode' | 'fetchDest'>): boolean {
  return (fetchMode ?? 'navigate') === 'navigate' && (fetchDest ?? 'document') === 'document'
}
