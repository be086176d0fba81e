import type { Readable } from 'node:stream'
import { simpleParser } from 'mailparser'
import type { Page } from 'playwright-core'
import { SMTPServer } from 'smtp-server'
import { en } from '../../src/text/en.ts'

/** A mail server on loopback that remembers the code of the latest email. Port 0: a free one. */
export async function openCodeMailbox(port = 0) {
  let code = ''
  async function take(stream: Readable, done: () => void): Promise<void> {
    code = /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec((await simpleParser(stream)).text ?? '')?.[0] ?? ''
    done()
  }
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => void take(stream, done),
  })
  await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', resolve))
  const address = smtp.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    code: () => code,
    close: () => new Promise<void>((resolve) => smtp.close(resolve)),
  }
}

/** Sets the first organization up by the link that `porchlight setup` printed. @returns how many buttons were pressed */
export async function setUpInBrowser(
  page: Page,
  given: { printed: string; vomo: { url: string; token: string }; owner: string; code: () => string },
): Promise<number> {
  const said = en.firstRun
  let presses = 0
  const press = async (button: string) => {
    presses += 1
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: button }).click()])
  }
  await page.goto(/http:\S+\/setup\/\w+/.exec(given.printed)?.[0] ?? '')
  await press(said.begin.button)
  await page.getByLabel(said.organization.name).fill('Riverbend Food Bank')
  await page.getByLabel(said.organization.timeZone).selectOption('America/Chicago')
  await press(said.next)
  await page.getByLabel(said.vomo.url).fill(given.vomo.url)
  await page.getByLabel(said.vomo.token).fill(given.vomo.token)
  await press(said.vomo.button)
  await page.getByLabel(said.email.label).fill(given.owner)
  await press(said.email.button)
  await page.getByLabel(en.signIn.checkMail.label).fill(given.code())
  await press(said.finish.button)
  return presses
}
