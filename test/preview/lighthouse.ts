import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilWarm } from '../browser.ts'
import { findChromium } from '../chromium.ts'
import { type House, openHouse, signIn, type TestBrowser } from '../house.ts'
import { allWaysPath, defaultWays, setWays, type Ways, waysTogether } from '../ways.ts'

/**
 * `npm run lighthouse`: every page of a volunteer, on Lighthouse's slow phone and on its desktop, in all four categories, with its
 * size. `LIGHTHOUSE_ONLY=hub,help` limits it to those. Pages that say that something failed are left out: Lighthouse measures
 * answers of 200 alone. Lighthouse takes 185 MB and runs rarely, so it is no dependency: npm puts it into a temporary folder.
 * Versions from 13 on need Node 22.19.
 */
const version = '12.8.2'
/**
 * All our pages ask search engines not to index them. And Lighthouse fetches `robots.txt` from within a page, where our
 * Content-Security-Policy forbids all fetches.
 */
const skipped = ['is-crawlable', 'robots-txt']
const maxFirstViewBytes = 30 * 1024
const screens = { phone: [], desktop: ['--preset=desktop'] }

/** Open to all; the rest is for a volunteer who is signed in. */
const openPages: Record<string, string> = {
  ...Object.fromEntries(Object.keys(waysTogether).map((name) => [name, allWaysPath])),
  'sign-in': '/sign-in',
  'help-signed-out': '/help',
  'two-records': '/sign-in/two-records',
}
/** How the sign-in page is set up before it is measured. */
const waysOf: Partial<Record<string, Ways>> = { ...waysTogether, 'sign-in': defaultWays }
const pages: Record<string, string | ((ann: TestBrowser) => Promise<string>)> = {
  ...openPages,
  hub: '/organization/riverbend',
  hours: '/user',
  'hours-filtered': '/user?verified=no',
  shifts: '/shifts',
  opportunities: '/opportunities',
  saturdays: '/opportunities?day=sat',
  opportunity: firstOpportunity,
  initiative: () => Promise.resolve(`/${house.riverbend.campaigns[3]}`),
  profile: '/profile',
  'profile-edit': '/profile/edit',
  account: '/account',
  erase: '/account/erase',
  help: '/help',
}
const only = process.env['LIGHTHOUSE_ONLY']?.split(',') ?? Object.keys(pages)
const run = promisify(execFile)

type Audit = {
  score: number | null
  explanation?: string
  numericValue?: number
  details?: { items?: Request[] }
}
type Request = { resourceType?: string; transferSize?: number }
type Category = { score: number | null; auditRefs: { id: string; weight: number }[] }
type Result = {
  finalDisplayedUrl: string
  categories: Record<string, Category>
  audits: Record<string, Audit>
}

let folder: string
let house: House
const lines = [
  '| page | performance | accessibility | best practices | SEO | bytes | page | style | script | requests | shift |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-lighthouse-'))
  execFileSync('npm', ['install', '--silent', '--no-save', '--prefix', folder, `lighthouse@${version}`])
  house = await openHouse({ warms: true })
  await untilWarm(house)
}, 300_000)
afterAll(async () => {
  console.log(lines.join('\n'))
  await house?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(Object.entries(screens))('on a %s', (screen, options) => {
  it.each(only)('%s has 100 in every category, and nothing on it shifts', async (name) => {
    const ways = waysOf[name]
    if (ways) await setWays(house, ways)
    const [address = ''] = house.riverbend.volunteers
    const ann = name in openPages ? house.browser() : await signIn(house, address)
    const page = pages[name] ?? ''
    const path = typeof page === 'string' ? page : await page(ann)
    const cookie = [...ann.cookies].map(([key, value]) => `${key}=${value}`).join('; ')
    const result = await look(`http://${house.riverbend.host}${path}`, { cookie }, options)
    const { pathname, search } = new URL(result.finalDisplayedUrl)
    expect(pathname + search).toBe(path)

    const scores = Object.values(result.categories).map(({ score }) => Math.round((score ?? 0) * 100))
    const requests = result.audits['network-requests']?.details?.items ?? []
    const bytes = (type?: string) =>
      requests
        .filter(({ resourceType }) => type === undefined || resourceType === type)
        .reduce((sum, { transferSize = 0 }) => sum + transferSize, 0)
    const shift = result.audits['cumulative-layout-shift']?.numericValue
    const sizes = [bytes(), bytes('Document'), bytes('Stylesheet'), bytes('Script')]
    lines.push(`| ${[`${name}, ${screen}`, ...scores, ...sizes, requests.length, shift].join(' | ')} |`)

    expect(lacking(result)).toEqual([])
    expect(scores).toEqual([100, 100, 100, 100])
    expect(shift).toBe(0)
    expect(bytes()).toBeLessThanOrEqual(maxFirstViewBytes)
  })
})

async function firstOpportunity(ann: TestBrowser): Promise<string> {
  const { text } = await ann.get('/opportunities')
  return /href="(\/opportunities\/[^"]+)"/.exec(text)?.[1] ?? ''
}

async function look(url: string, headers: Record<string, string>, options: string[]): Promise<Result> {
  const { executablePath, env } = await findChromium()
  const [asked, answered] = [join(folder, 'headers.json'), join(folder, 'result.json')]
  writeFileSync(asked, JSON.stringify(headers))
  await run(
    process.execPath,
    [
      join(folder, 'node_modules/lighthouse/cli/index.js'),
      url,
      '--quiet',
      '--output=json',
      `--output-path=${answered}`,
      `--extra-headers=${asked}`,
      `--skip-audits=${skipped.join(',')}`,
      '--chrome-flags=--headless --no-sandbox --disable-gpu',
      ...options,
    ],
    { env: { ...process.env, ...env, CHROME_PATH: executablePath } },
  )
  return JSON.parse(readFileSync(answered, 'utf8')) as Result
}

/** Audits that lost a point, apart from speed, which is always a matter of degree. */
function lacking({ categories, audits }: Result): string[] {
  return Object.entries(categories)
    .filter(([category]) => category !== 'performance')
    .flatMap(([, { auditRefs }]) => auditRefs.filter(({ weight }) => weight > 0))
    .filter(({ id }) => (audits[id]?.score ?? 1) < 1)
    .map(({ id }) => [id, audits[id]?.explanation].filter(Boolean).join(': '))
}
