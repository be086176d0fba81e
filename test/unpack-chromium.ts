import { findChromium } from './chromium.ts'

/**
 * Finds the browser once, before the files that need one start side by side: two that unpack the shipped one at once would
 * pull it from under each other. Where there is none, those files say so themselves.
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
