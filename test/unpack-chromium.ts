import { findChromium } from './chromium.ts'

/**
 * Finds the browser once, before the files that need one start in parallel: two that unpack it at once would break each other.
 * Without a browser, those files say so themselves.
 */
export default async function setup(): Promise<void> {
  try {
    const { executablePath, env } = await findChromium()
    process.env['CHROMIUM_PATH'] = executablePath
    process.env['CHROMIUM_ENV'] = JSON.stringify(env)
  } catch {
    // The browser tests fail with the one sentence that says what to install.
  }
}
