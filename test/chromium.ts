import { execFileSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

export type FoundChromium = { executablePath: string; env: Record<string, string> }

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const unpackedIn = fileURLToPath(new URL('../node_modules/.cache/chromium', import.meta.url))

const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
]

/** @param more arguments in addition to the default ones */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const { executablePath, env } = await findChromium()
  return chromium.launch({
    executablePath,
    args: [...launchArguments, ...more],
    env: { ...process.env, ...env },
  })
}

/**
 * A Chromium for the browser tests: `CHROMIUM_PATH`, an installed one, or the one inside a development dependency (Linux x64 only).
 *
 * @throws when there is none, with one sentence that says what to install
 */
export async function findChromium(): Promise<FoundChromium> {
  const given = process.env['CHROMIUM_PATH']
  if (given) return { executablePath: given, env: readEnv(process.env['CHROMIUM_ENV']) }
  const installed = findInstalled()
  if (installed) return { executablePath: installed, env: {} }
  try {
    return await unpackShipped()
  } catch (cause) {
    throw new Error(
      'No browser for the browser tests: install chromium (apt-get install chromium), or set CHROMIUM_PATH.',
      {
        cause,
      },
    )
  }
}

function findInstalled(): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name)
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined
}

async function unpackShipped(): Promise<FoundChromium> {
  const path = await unpack()
  const fonts = { FONTCONFIG_FILE: writeFontsConf() }
  const withLibraries = { ...fonts, LD_LIBRARY_PATH: join(unpackedIn, 'al2023', 'lib') }
  for (const env of [fonts, withLibraries]) {
    if (runs(path, env)) return { executablePath: path, env }
  }
  // An interrupted run may have left it half unpacked.
  rmSync(unpackedIn, { recursive: true, force: true })
  const again = await unpack()
  if (runs(again, withLibraries)) return { executablePath: again, env: withLibraries }
  throw new Error('the Chromium that ships with the development dependencies does not start here')
}

/** The environment variables that the package sets or reads; restored afterwards. */
const touched = ['TMPDIR', 'AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME']

/** The machine's fonts and the few that ship: without any, this browser shows no text and exits. */
function writeFontsConf(): string {
  const file = join(unpackedIn, 'fonts.conf')
  const folders = ['/usr/share/fonts', '/usr/local/share/fonts', join(unpackedIn, 'fonts')]
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<fontconfig>
${folders.map((folder) => `  <dir>${folder}</dir>`).join('\n')}
  <cachedir>${join(unpackedIn, 'fonts-cache')}</cachedir>
</fontconfig>
`,
  )
  return file
}

/** The package unpacks into the temporary folder, and unpacks its system libraries only if it believes it runs on Lambda. */
async function unpack(): Promise<string> {
  mkdirSync(unpackedIn, { recursive: true })
  const before = Object.fromEntries(touched.map((name) => [name, process.env[name]]))
  process.env['TMPDIR'] = unpackedIn
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs22.x'
  try {
    const { default: shipped } = await import('@sparticuz/chromium')
    return await shipped.executablePath()
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

function runs(path: string, env: Record<string, string>): boolean {
  try {
    execFileSync(path, ['--version', '--no-sandbox'], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
      timeout: 20_000,
    })
    return true
  } catch {
    return false
  }
}

/** What the browser needs in its environment, as `unpack-chromium.ts` found it. */
function readEnv(text: string | undefined): Record<string, string> {
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>)
}
