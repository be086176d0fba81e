import { simpleParser } from 'mailparser'
import type { Page } from 'playwright-core'
import type { startPeer } from '../../src/mail/smtp.fixture.ts'
import { en } from '../../src/text/en.ts'

type MailServer = Awaited<ReturnType<typeof startPeer>>

/** The code of the latest email that a server took. */
async function codeOfLatest({ taken }: MailServer): Promise<string> {
  const { text = '' } = await simpleParser(taken.at(-1)?.raw ?? '')
  return /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(text)?.[0] ?? ''
}

/** Sets the first organization up by the link that `porchlight setup` printed. @returns how many buttons were pressed */
export async function setUpInBrowser(
  page: Page,
  given: { printed: string; vomo: { url: string; token: string }; owner: string; mailServer: MailServer },
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
  await page.getByLabel(en.signIn.checkMail.label).fill(await codeOfLatest(given.mailServer))
  await press(said.finish.button)
  return presses
}
