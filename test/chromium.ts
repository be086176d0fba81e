import { execFileSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type FoundChromium = { executablePath: string; env: Record<string, string> }

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const unpackedIn = fileURLToPath(new URL('../node_modules/.cache/chromium', import.meta.url))

/**
 * A Chromium for the browser tests: `CHROMIUM_PATH`, one that is installed, or the one that ships inside a development
 * dependency (Linux x64 only).
 *
 * @throws where there is none, with one sentence saying what to install
 */
export async function findChromium(): Promise<FoundChromium> {
  const given = process.env['CHROMIUM_PATH']
  if (given) return { executablePath: given, env: {} }
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
  const withLibraries = { LD_LIBRARY_PATH: join(unpackedIn, 'al2023', 'lib') }
  for (const env of [{}, withLibraries]) {
    if (runs(path, env)) return { executablePath: path, env }
  }
  // Half unpacked by a run that was cut short, perhaps.
  rmSync(unpackedIn, { recursive: true, force: true })
  const again = await unpack()
  if (runs(again, withLibraries)) return { executablePath: again, env: withLibraries }
  throw new Error('the Chromium that ships with the development dependencies does not start here')
}

/** The package unpacks below the folder for temporary files, and its system libraries only where it believes to be on Lambda. */
async function unpack(): Promise<string> {
  mkdirSync(unpackedIn, { recursive: true })
  const before = { TMPDIR: process.env['TMPDIR'], LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'] }
  process.env['TMPDIR'] = unpackedIn
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs22.x'
  try {
    const { default: shipped } = await import('@sparticuz/chromium')
    return await shipped.executablePath()
  } finally {
    delete process.env['AWS_LAMBDA_JS_RUNTIME']
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
