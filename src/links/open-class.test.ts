import { describe, expect, it } from 'vitest'
import {
  classifyOpen,
  isNavigation,
  type LinkRequest,
  type OpenClass,
  type OpenReason,
} from './open-class.ts'

/** A click in a browser that asked for the email, a minute after it was sent. */
const click: LinkRequest = {
  method: 'GET',
  secPurpose: undefined,
  fetchMode: 'navigate',
  fetchDest: 'document',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  sinceSentMs: 60_000,
  hasCookie: true,
  address: 'same',
}

const webKit = 'AppleWebKit/537.36 (KHTML, like Gecko)'

/** User agents of people's browsers. */
const browsers = {
  'Firefox on Windows': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0',
  'Firefox on Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Firefox on Android': 'Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0',
  'Firefox on iPhone':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/131.0 Mobile/15E148 Safari/605.1.15',
  'Chrome on Windows': `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/130.0.0.0 Safari/537.36`,
  'Chrome on a Mac': `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webKit} Chrome/130.0.0.0 Safari/537.36`,
  'Chrome on Android': `Mozilla/5.0 (Linux; Android 10; K) ${webKit} Chrome/130.0.0.0 Mobile Safari/537.36`,
  'Chrome on iPhone':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0.6723.37 Mobile/15E148 Safari/604.1',
  'Chrome on a Chromebook': `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webKit} Chrome/130.0.0.0 Safari/537.36`,
  'Edge on Windows': `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0`,
  'Edge of 2016': `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/51.0.2704.79 Safari/537.36 Edge/14.14393`,
  'Safari on a Mac':
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
  'Safari on iPhone':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  'Safari on iPad':
    'Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
  Opera: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/129.0.0.0 Safari/537.36 OPR/115.0.0.0`,
  Vivaldi: `Mozilla/5.0 (X11; Linux x86_64) ${webKit} Chrome/130.0.0.0 Safari/537.36 Vivaldi/7.0`,
  'Samsung Internet': `Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) ${webKit} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36`,
  DuckDuckGo: `Mozilla/5.0 (Linux; Android 14) ${webKit} Version/4.0 Chrome/130.0.0.0 Mobile DuckDuckGo/5 Safari/537.36`,
  'a view inside the Gmail app':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/340.0 Mobile/15E148 Safari/604.1',
  'a view inside an Android app': `Mozilla/5.0 (Linux; Android 13; Pixel 7 Build/TQ3A; wv) ${webKit} Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
} satisfies Record<string, string>

const previews = {
  Slack: 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Slack’s images': 'Slack-ImgProxy (+https://api.slack.com/robots)',
  Facebook: 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  Twitter: 'Twitterbot/1.0',
  WhatsApp: 'WhatsApp/2.23.20.0 A',
  Telegram: 'TelegramBot (like TwitterBot)',
  Discord: 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
  LinkedIn: 'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  Skype: 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5',
  Bing: `Mozilla/5.0 ${webKit}; compatible; BingPreview/1.0b`,
  Apple:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1)',
  Google: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  Reddit: 'Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)',
  Mastodon: 'http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.social/)',
  'Teams, of its own name': 'Mozilla/5.0 (Windows NT 6.1; WOW64) MSTeams Preview/1.0',
} satisfies Record<string, string>

const scanners = {
  SafeLinks: 'Mozilla/5.0 (compatible; MSIE 10.0; SafeLinks)',
  Outlook: 'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.5134; Pro)',
  Proofpoint: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/96.0 Safari/537.36 Proofpoint`,
  Mimecast: 'Mimecast-URL-Scanner/1.0',
  Barracuda: 'BarracudaCentral/1.0 (Barracuda Sentinel)',
  IronPort: 'IronPort URL Check',
  Symantec: 'Symantec.cloud Link Following',
  Sophos: 'Mozilla/5.0 (Sophos Email Time-of-Click)',
  'Trend Micro': 'Mozilla/5.0 (compatible; TrendMicro WRS)',
  VirusTotal: 'Mozilla/5.0 (compatible; virustotal)',
  urlscan: 'urlscan.io/1.0',
  Zscaler: 'Mozilla/5.0 (compatible; Zscaler)',
  'Gmail’s images':
    'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'a headless Chrome': `Mozilla/5.0 (X11; Linux x86_64) ${webKit} HeadlessChrome/130.0.0.0 Safari/537.36`,
  PhantomJS: `Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1`,
  'some crawler': 'Mozilla/5.0 (compatible; SomeCrawler/1.0; +https://crawler.example)',
  'some bot': 'examplebot/1.0',
} satisfies Record<string, string>

const programs = {
  curl: 'curl/8.5.0',
  wget: 'Wget/1.21.4',
  'a Python program': 'python-requests/2.32.3',
  'a Go program': 'Go-http-client/2.0',
  'a Java program': 'Java/17.0.2',
  okhttp: 'okhttp/4.12.0',
  node: 'node',
  'something that only says Mozilla': 'Mozilla/5.0',
  'something old': 'Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)',
  'something that says nothing': '',
} satisfies Record<string, string>

const classOf = (more: Partial<LinkRequest>) => classifyOpen({ ...click, ...more })
const each = (agents: Record<string, string>) => Object.entries(agents)

describe('opened by', () => {
  it.each(each(browsers))('%s: a person', (_, userAgent) => {
    expect(classOf({ userAgent })).toEqual({ class: 'person', reason: 'nothing_unusual' })
    expect(classOf({ userAgent, fetchMode: undefined, fetchDest: undefined }).class).toBe('person')
    expect(classOf({ userAgent, hasCookie: false }).class).toBe('other_device')
    expect(classOf({ userAgent, hasCookie: undefined, sinceSentMs: 0 }).class).toBe('person')
    expect(classOf({ userAgent, address: 'other' }).class).toBe('wrong_address')
    expect(classOf({ userAgent, address: 'other_family' }).class).toBe('wrong_address')
  })

  it.each(each(browsers))(
    '%s, looking ahead: a prefetch, even of a page that is never shown',
    (_, userAgent) => {
      for (const secPurpose of ['prefetch', 'prefetch;prerender', 'preview', '']) {
        expect(classOf({ userAgent, secPurpose })).toEqual({
          class: 'prefetch',
          reason: 'announced_prefetch',
        })
      }
    },
  )

  it.each(each(browsers))('what says it is %s and asks as no click does: a scanner', (_, userAgent) => {
    expect(classOf({ userAgent, method: 'HEAD' }).reason).toBe('asked_for_headers_only')
    for (const [fetchMode, fetchDest] of [
      ['no-cors', 'image'],
      ['no-cors', 'empty'],
      ['cors', 'empty'],
      ['navigate', 'iframe'],
      ['same-origin', 'script'],
      ['no-cors', undefined],
      [undefined, 'image'],
    ] as const)
      expect(classOf({ userAgent, fetchMode, fetchDest })).toEqual({
        class: 'mail_scanner',
        reason: 'no_navigation',
      })
    expect(classOf({ userAgent, hasCookie: false, sinceSentMs: 400 }).reason).toBe('within_seconds')
  })

  it.each(each(previews))('%s: a preview', (_, userAgent) => {
    for (const more of [{}, { hasCookie: false, sinceSentMs: 0 }, { address: 'other' as const }])
      expect(classOf({ userAgent, ...more })).toEqual({
        class: 'preview_bot',
        reason: 'names_itself_preview',
      })
    expect(classOf({ userAgent, method: 'HEAD' }).class).toBe('preview_bot')
  })

  it.each(each(scanners))('%s: a scanner', (_, userAgent) => {
    for (const more of [{}, { hasCookie: false, sinceSentMs: 0 }, { address: 'other' as const }])
      expect(classOf({ userAgent, ...more })).toEqual({
        class: 'mail_scanner',
        reason: 'names_itself_scanner',
      })
  })

  it.each(each(programs))('%s: no person', (_, userAgent) => {
    expect(classOf({ userAgent })).toEqual({ class: 'mail_scanner', reason: 'no_browser' })
    expect(classOf({ userAgent, method: 'HEAD' }).class).toBe('mail_scanner')
  })

  it('a client that names no browser: not a person', () =>
    expect(classOf({ userAgent: undefined }).reason).toBe('no_browser'))
})

describe('what decides first', () => {
  it.each<[Partial<LinkRequest>, OpenClass, OpenReason]>([
    [{ secPurpose: 'prefetch', userAgent: 'curl/8' }, 'prefetch', 'announced_prefetch'],
    [{ userAgent: previews.Slack, method: 'HEAD' }, 'preview_bot', 'names_itself_preview'],
    [{ userAgent: 'curl/8', method: 'HEAD' }, 'mail_scanner', 'asked_for_headers_only'],
    [{ address: 'other', hasCookie: false, sinceSentMs: 0 }, 'wrong_address', 'address_differs'],
    [{ hasCookie: true, sinceSentMs: 0 }, 'person', 'nothing_unusual'],
    [{ hasCookie: false, sinceSentMs: 2999 }, 'mail_scanner', 'within_seconds'],
    [{ hasCookie: false, sinceSentMs: 3000 }, 'other_device', 'cookie_missing'],
    // The clock was set back.
    [{ hasCookie: false, sinceSentMs: -5000 }, 'mail_scanner', 'within_seconds'],
  ])('%o', (more, openClass, reason) => expect(classOf(more)).toEqual({ class: openClass, reason }))
})

describe('odd input', () => {
  const odd = [
    '',
    ' ',
    '\u0000',
    '\n\r',
    '\ud800',
    '💡',
    '(((((((',
    // Inputs on which a careless pattern would backtrack.
    `Mozilla/5.0 (${')'.repeat(16_000)}`,
    `Mozilla/5.0 (${'chrome) '.repeat(2000)}`,
    `Mozilla/5.0 ${'('.repeat(5000)}`,
    'Mozilla/5.0 ('.repeat(2000),
    `Mozilla/5.0 (x) ${'chrome '.repeat(3000)}`,
    'x'.repeat(16_000),
    '__proto__',
    '\\',
    '.*',
    'null',
  ]

  it('is classed like any other, without a fault', () => {
    for (const text of odd) {
      for (const more of [
        { userAgent: text },
        { method: text },
        { secPurpose: text },
        { fetchMode: text },
        { fetchDest: text },
      ])
        expect(classOf(more).class).toMatch(/^[a-z_]+$/)
    }
    for (const sinceSentMs of [Number.NaN, Infinity, -Infinity, -1, 0.5])
      expect(classOf({ sinceSentMs, hasCookie: false }).class).toMatch(/^(mail_scanner|other_device)$/)
  })

  it('is no navigation unless both say so or nothing', () => {
    expect(isNavigation({ fetchMode: undefined, fetchDest: undefined })).toBe(true)
    expect(isNavigation({ fetchMode: 'navigate', fetchDest: 'document' })).toBe(true)
    for (const text of odd) {
      expect(isNavigation({ fetchMode: text, fetchDest: 'document' })).toBe(false)
      expect(isNavigation({ fetchMode: 'navigate', fetchDest: text })).toBe(false)
    }
    for (const text of ['NAVIGATE', 'navigate ', 'navigate,navigate', 'nested-navigate'])
      expect(isNavigation({ fetchMode: text, fetchDest: 'document' })).toBe(false)
  })
})
