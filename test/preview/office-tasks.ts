import type { Locator } from 'playwright-core'
import type { IdentityProvider } from '../../src/demo/identity-provider.tsx'
import { en } from '../../src/text/en.ts'
import type { House } from '../house.ts'
import type { Newcomer } from './newcomer.ts'

/** What an owner does at a desk, from the first page of staff, numbered as those who answer the phone count their jobs. */
export type OfficeTask = (ann: Newcomer, house: House) => Promise<void>

const link = ({ page }: Newcomer, name: string): Locator => page.getByRole('link', { name, exact: true })
const button = ({ page }: Newcomer, name: string): Locator => page.getByRole('button', { name, exact: true })
const label = ({ page }: Newcomer, name: string): Locator => page.getByLabel(name, { exact: true })
const done = ({ page }: Newcomer): Locator => page.getByRole('status').first()
const menu = (ann: Newcomer, place: keyof typeof en.staff.menu.places) =>
  ann.go(
    ann.page
      .getByRole('navigation', { name: en.staff.menu.label })
      .getByRole('link', { name: en.staff.menu.places[place], exact: true }),
  )

async function openSettings(ann: Newcomer, group: keyof typeof en.staffSettings.groups): Promise<void> {
  const { change, groups } = en.staffSettings
  await menu(ann, 'settings')
  await ann.go(link(ann, `${change}: ${groups[group]}`))
}

async function saveSetting(ann: Newcomer, name: string, text: string): Promise<void> {
  await ann.write(label(ann, en.staffSettings.fields[name]?.label ?? name), text)
  await ann.go(button(ann, en.staffSettings.save))
  await ann.find(done(ann))
}

/** Sets the organization's own accounts up, with what its IT department sent, and tests them. Pasted, not typed, but for their name. */
export async function setUpAccounts(
  ann: Newcomer,
  { provider, address }: { provider: IdentityProvider; address: string },
): Promise<void> {
  const said = en.staffWaysIn
  const paste = (name: string, text: string) => ann.press(label(ann, name), (field) => field.fill(text))
  await menu(ann, 'ways_in')
  await ann.go(link(ann, said.providers.add))
  await ann.press(label(ann, said.make.another))
  await paste(said.make.issuer, provider.issuer)
  await paste(said.form.clientId, provider.clientId)
  await paste(said.form.clientSecret, provider.clientSecret)
  await ann.write(label(ann, said.form.label), 'your account')
  await ann.go(button(ann, said.make.button))
  await ann.go(button(ann, said.test.button))
  // The page leads on by itself.
  const account = button(ann, address)
  await account.waitFor()
  await ann.go(account)
  await ann.find(ann.page.getByRole('heading', { level: 1, name: said.trial.works }))
}

let turn = 0

export const officeTasks: Record<string, OfficeTask> = {
  '11 make links for a list': async (ann, { riverbend }) => {
    const said = en.staffLinkLists
    await menu(ann, 'links')
    await ann.go(link(ann, said.link))
    const buffer = Buffer.from(['email', ...riverbend.volunteers.slice(0, 3)].join('\n'))
    await ann.giveFile(label(ann, said.file.label), { name: 'list.csv', mimeType: 'text/csv', buffer })
    await ann.go(button(ann, said.file.button))
    await ann.go(button(ann, said.checked.start))
    while (await link(ann, said.working.refresh).isVisible()) await ann.go(link(ann, said.working.refresh))
    await ann.press(link(ann, said.ended.fetch))
  },
  '12 show a field': async (ann) => {
    await menu(ann, 'settings')
    await ann.go(link(ann, en.staffRecord.heading))
    await ann.write(label(ann, en.staffRecord.another), `Size ${turn++}`)
    await ann.go(button(ann, en.staffSettings.save))
    await ann.find(done(ann))
  },
  '13 change the color': async (ann) => {
    await openSettings(ann, 'looks')
    await saveSetting(ann, 'color', `#0b5a${50 + turn++}`)
  },
  '13 change who to ask': async (ann) => {
    await openSettings(ann, 'organization')
    await saveSetting(ann, 'contact-name', `Dana ${turn++}`)
  },
  '14 change the days to confirm': async (ann) => {
    await openSettings(ann, 'hours')
    await saveSetting(ann, 'confirm-days', String(3 + turn++))
  },
  '15 make an announcement': async (ann) => {
    const said = en.announcements
    await menu(ann, 'announcements')
    await ann.write(label(ann, said.text('English')), 'The office is closed on Friday.')
    await ann.write(label(ann, said.from), '2031-05-01')
    await ann.write(label(ann, said.to), '2031-05-02')
    await ann.go(button(ann, said.look))
    await ann.go(button(ann, said.save))
    await ann.find(done(ann))
  },
  '16 see how many sign in': (ann) =>
    ann.find(ann.page.getByRole('heading', { name: /sign-ins? in the last/ })),
  '17 invite a member of staff': async (ann) => {
    const said = en.staffTeam
    await menu(ann, 'team')
    await ann.write(label(ann, said.add.label), `jo-${turn++}@example.org`)
    await ann.press(label(ann, said.roles.coordinator))
    await ann.go(button(ann, said.add.button))
    await ann.find(done(ann))
  },
  '18 make a token for the website': async (ann) => {
    const said = en.staffApplications
    await menu(ann, 'applications')
    await ann.go(ann.page.locator('main table a').first())
    await ann.write(label(ann, said.token.name), `Website ${turn++}`)
    await ann.press(label(ann, said.token.scopeFor.links))
    await ann.press(label(ann, said.token.lives['90']))
    await ann.go(button(ann, said.token.button))
    await ann.find(ann.page.locator('code').first())
  },
  '19 see what happened': async (ann) => {
    await menu(ann, 'audit')
    await ann.find(ann.page.locator('main tbody tr').first())
  },
  '20 replace VOMO’s token': async (ann, { riverbend }) => {
    await menu(ann, 'settings')
    await ann.go(link(ann, en.staffVomo.heading))
    // Pasted, not typed.
    await ann.press(label(ann, en.staffVomo.token.label), (field) => field.fill(riverbend.vomo_token))
    await ann.go(button(ann, en.staffVomo.token.button))
    await ann.find(done(ann))
  },
  '22 take the organization’s data away': async (ann) => {
    await menu(ann, 'settings')
    await ann.go(link(ann, en.staffExport.link))
    await ann.press(button(ann, en.staffExport.button), async (download) => {
      await Promise.all([ann.page.waitForEvent('download'), download.click()])
    })
  },
}
