import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { untilWarm } from '../browser.ts'
import { findChromium } from '../chromium.ts'
import { type House, openHouse, signIn } from '../house.ts'

/**
 * `npm run lighthouse`: the pages volunteers see first, on Lighthouse's slow phone, in all four categories. Lighthouse takes 185 MB
 * and runs rarely, so it is no dependency: npm puts it into a temporary folder. Versions from 13 on need Node 22.19.
 */
const version = '12.8.2'
/**
 * All our pages ask search engines not to index them. And Lighthouse fetches `robots.txt` from within a page, where our
 * Content-Security-Policy forbids all fetches.
 */
const skipped = ['is-crawlable', 'robots-txt']
const pages = {
  'sign-in': { path: '/sign-in', isSignedIn: false },
  hub: { path: '/organization/riverbend', isSignedIn: true },
  resume: { path: '/user', isSignedIn: true },
  shifts: { path: '/shifts', isSignedIn: true },
}
const run = promisify(execFile)

type Audit = {
  score: number | null
  explanation?: string
  numericValue?: number
  details?: { items?: { resourceType?: string; transferSize?: number }[] }
}
type Category = { score: number | null; auditRefs: { id: string; weight: number }[] }
type Result = {
  finalDisplayedUrl: string
  categories: Record<string, Category>
  audits: Record<string, Audit>
}

let folder: string
let house: House

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-lighthouse-'))
  execFileSync('npm', ['install', '--silent', '--no-save', '--prefix', folder, `lighthouse@${version}`])
  house = await openHouse({ warms: true })
  await untilWarm(house)
}, 300_000)
afterAll(async () => {
  await house?.close()
  rmSync(folder, { recursive: true, force: true })
})

it.each(Object.entries(pages))(
  '%s has 100 in every category, and nothing on it shifts',
  async (name, page) => {
    const [address = ''] = house.riverbend.volunteers
    const session = page.isSignedIn && (await signIn(house, address)).cookies.get('porchlight_session')
    const headers = session ? { cookie: `porchlight_session=${session}` } : {}
    const result = await look(`http://${house.riverbend.host}${page.path}`, headers)
    expect(new URL(result.finalDisplayedUrl).pathname).toBe(page.path)

    const scores = Object.entries(result.categories).map(
      ([category, { score }]) => [category, Math.round((score ?? 0) * 100)] as const,
    )
    const requests = result.audits['network-requests']?.details?.items ?? []
    const scripts = requests.filter(({ resourceType }) => resourceType === 'Script')
    const bytes = (of: typeof requests) => of.reduce((sum, { transferSize = 0 }) => sum + transferSize, 0)
    const shift = result.audits['cumulative-layout-shift']?.numericValue
    const line = [
      ...scores.map(([category, score]) => `${category} ${score}`),
      `${bytes(requests)} bytes`,
      `script ${bytes(scripts)} bytes`,
      `${requests.length} requests`,
      `CLS ${shift}`,
    ]
    console.log(`${name}: ${line.join(', ')}`)

    expect(lacking(result)).toEqual([])
    expect(scores.map(([, score]) => score)).toEqual([100, 100, 100, 100])
    expect(shift).toBe(0)
  },
)

async function look(url: string, headers: Record<string, string>): Promise<Result> {
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
