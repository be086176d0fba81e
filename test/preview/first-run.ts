import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { startPeer } from '../../src/mail/smtp.fixture.ts'
import { makeSampleWorld } from '../../src/sandbox/sample/sample-world.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { launchChromium } from '../chromium.ts'
import { setUpInBrowser } from './set-up.ts'

/**
 * `npm run first-run`: from a package to the hub of a real volunteer, by the package, its command line and a browser alone; prints
 * seconds and presses. VOMO and the mail server are played here.
 */

const repository = fileURLToPath(new URL('../..', import.meta.url))

it('the first organization, from the package to the hub of its first owner', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-first-run-'))
  const world = makeSampleWorld({ nowMs: Date.now() })
  const [riverbend] = world.customers
  const sandbox = await startSandbox({ world })
  const mailServer = await startPeer()
  execFileSync(process.execPath, ['deploy/release.js', folder], { cwd: repository })
  const [tarball = ''] = execFileSync('sh', ['-c', 'ls *.tgz'], { cwd: folder, encoding: 'utf8' }).split('\n')
  const times: [what: string, seconds: string][] = []
  let sinceMs = performance.now()
  const took = (what: string) => {
    times.push([what, ((performance.now() - sinceMs) / 1000).toFixed(1)])
    sinceMs = performance.now()
  }
  execFileSync('npm', ['install', '--global', '--prefix', folder, join(folder, tarball)], { stdio: 'ignore' })
  took('npm install --global')

  const port = await freePort()
  const env = {
    ...process.env,
    PORT: String(port),
    LISTEN_ON: '127.0.0.1',
    PORCHLIGHT_DATA: join(folder, 'data'),
    PORCHLIGHT_SECRET: 'not-the-secret-of-any-real-house-0123456789',
    TRUSTED_PROXIES: 'none',
    SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
    MAIL_FROM: 'no-reply@volunteers.example.org',
  }
  const program = join(folder, 'bin/porchlight')
  const serving = spawn(program, ['serve'], { env, stdio: 'ignore' })
  const chromium = await launchChromium()
  try {
    const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok)
    while (!(await ready().catch(() => false))) await pause(50)
    took('serve')
    const printed = execFileSync(program, ['setup'], { env, encoding: 'utf8' })
    took('porchlight setup')
    const page = await chromium.newPage({ locale: 'en-US' })
    const presses = await setUpInBrowser(page, {
      printed,
      vomo: { url: `${sandbox.url}/v1`, token: riverbend?.vomoToken ?? '' },
      owner: riverbend?.volunteers[0] ?? '',
      mailServer,
    })
    took(`in the browser, ${presses} presses`)
    expect(new URL(page.url()).pathname).toBe('/organization/riverbend-food-bank')
    const sum = times.reduce((total, [, seconds]) => total + Number(seconds), 0)
    const lines = [...times, ['from the package to the hub', sum.toFixed(1)]]
    process.stdout.write(
      `${lines.map(([what, seconds]) => `${seconds?.padStart(7)} s  ${what}`).join('\n')}\n`,
    )
    // How long npm takes is the network's affair, and the compiler's where SQLite's driver has no binary.
    expect(sum - Number(times[0]?.[1])).toBeLessThan(120)
  } finally {
    serving.kill()
    await chromium.close()
    await sandbox.close()
    await mailServer.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
