import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DemoDescription } from '../src/demo/demo.tsx'
import { indexRecords } from '../src/sandbox/world/world.ts'
import { en } from '../src/text/en.ts'
import { askForMail, openHouse, pathOf, signIn } from './house.ts'

const outDir = fileURLToPath(new URL('../node_modules/.cache/cli', import.meta.url))

beforeAll(() => build({ logLevel: 'error', build: { outDir, emptyOutDir: true } }))

describe('the demo', () => {
  it('keeps sessions, links and emails when it is started again', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'porchlight-kept-'))
    const first = await openHouse({ dataFolder })
    const [address = '', other = ''] = first.riverbend.volunteers
    const browser = await signIn(first, address)
    const mail = await askForMail(first, first.browser(), other)
    await first.close()

    const second = await openHouse({ dataFolder, databaseUrl: first.databaseUrl })
    const again = second.browser()
    again.cookies.set('porchlight_session', browser.cookies.get('porchlight_session') ?? '')
    expect((await again.get('/portal/api/me')).json()['email']).toBe(address)
    expect(await second.emailsTo(other)).toHaveLength(1)
    expect(second.riverbend.api_token).toBe(first.riverbend.api_token)
    expect(statSync(join(dataFolder, 'api-token-riverbend')).mode & 0o777).toBe(0o600)
    expect((await second.browser().post(pathOf(mail.links[0]))).status).toBe(303)
    await second.close()
    rmSync(dataFolder, { recursive: true })
  })

  it('describes two customers whose volunteers are ordinary people', async () => {
    const house = await openHouse()
    const described = JSON.parse(readFileSync(join(house.dataFolder, 'demo.json'), 'utf8')) as DemoDescription
    expect(described.customers.map(({ slug }) => slug)).toEqual(['riverbend', 'hillside'])
    const emails = house.world.customers.map(({ records }) =>
      records.users.map((user) => user.email?.toLowerCase()),
    )
    for (const [i, customer] of described.customers.entries()) {
      expect(customer.volunteers.length).toBeGreaterThanOrEqual(20)
      expect(customer.staff.length).toBeGreaterThan(0)
      const records = house.world.customers[i]?.records
      if (!records) throw new Error('a customer without records')
      const { participationsOfUser, dateById } = indexRecords(records)
      for (const email of customer.volunteers) {
        expect(
          emails[i]?.filter((each) => each?.includes(email)),
          email,
        ).toHaveLength(1)
        expect(emails[1 - i], email).not.toContain(email)
        const user = records.users.find((each) => each.email === email)
        const ends = participationsOfUser
          .get(user?.id ?? 0)
          ?.map((row) => dateById.get(row.project_date_id ?? 0)?.ends_at_ms ?? 0)
        expect(
          ends?.some((ms) => ms > house.nowMs()),
          email,
        ).toBe(true)
        expect(
          ends?.some((ms) => ms > 0 && ms < house.nowMs()),
          email,
        ).toBe(true)
      }
    }
    await house.close()
  })

  it('words: names people who are interesting, and each is what is said of them', async () => {
    const house = await openHouse()
    const { people } = house.riverbend
    expect(people.map(({ is }) => is)).toEqual(['staff', 'none', 'two', 'gone', 'waiting', 'many'])
    const emailOf = (word: string) => people.find(({ is }) => is === word)?.email ?? ''
    const reasons = en.mail.notOnRecord.reasons
    for (const [word, reason] of [
      ['none', reasons.no_record],
      ['two', reasons.two_records],
      ['gone', reasons.no_record],
    ] as const) {
      const { text } = await askForMail(house, house.browser(), emailOf(word))
      expect(text.replaceAll(/\s+/g, ' '), word).toContain(reason('Riverbend Food Bank'))
    }
    expect((await (await signIn(house, emailOf('staff'))).get('/admin')).status).toBe(200)
    const waiting = (await (await signIn(house, emailOf('waiting'))).get('/portal/api/me/hours')).json()
    expect(waiting['recorded']).toBeGreaterThan(Number(waiting['verified']))
    const many = (await (await signIn(house, emailOf('many'))).get('/portal/api/me/participations')).json()
    expect(many['total']).toBe(400)
    expect(house.hillside.people).toEqual([
      { email: house.hillside.staff[0], is: 'staff' },
      { email: emailOf('none'), is: 'none' },
      { email: 'familia@terrace.example', is: 'family' },
    ])
    await house.close()
  })
})

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-cli-'))
  let demo: ChildProcess | undefined
  afterAll(() => {
    demo?.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  function porchlight(args: string[], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [join(outDir, 'cli.js'), ...args], { env: { PATH: '', ...env } })
    const said = { text: '' }
    child.stdout.on('data', (chunk) => (said.text += String(chunk)))
    child.stderr.on('data', (chunk) => (said.text += String(chunk)))
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
    return { child, said, exit }
  }

  async function pasted(line: string): Promise<string> {
    const shell = spawn('bash', ['-c', line])
    let answered = ''
    shell.stdout.on('data', (chunk) => (answered += String(chunk)))
    await new Promise((resolve) => shell.once('exit', resolve))
    return answered
  }

  it('starts the demo, prints curls that work when pasted, and stops cleanly when asked', async () => {
    const started = porchlight(['demo'], { PORT: '0', SANDBOX_PORT: '0', PORCHLIGHT_DATA: folder })
    demo = started.child
    await expect.poll(() => started.said.text, { timeout: 10_000 }).toContain('demo.json')
    const [curl = '', next = ''] = started.said.text.match(/curl .*/g) ?? []
    const [answered, answeredNext] = [await pasted(curl), await pasted(next)]
    for (const word of ['volunteer', 'staff', 'two', 'none', 'gone', 'waiting', 'many'])
      expect(started.said.text).toMatch(new RegExp(`^ +${word} +\\S+@\\S+$`, 'm'))
    expect(answered).toContain('{"sent":true}')
    expect(answered).toMatch(/"code":"[2-9A-Z]{4}-[2-9A-Z]{4}"/)
    expect(answeredNext).toMatch(/"auth_link":"http:\/\/localhost:\d+\/magiclink\/[A-Za-z0-9]{32}"/)
    started.child.kill('SIGTERM')
    expect(await started.exit).toBe(0)
  })

  it('has every command and option that the documents name', async () => {
    const text = ['README.md', 'docs/operating.md']
      .map((file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))
      .join('\n')
    const lines = text
      .replaceAll('\\\n', ' ')
      .matchAll(/(?:^|`)porchlight ((?:[a-z]+(?![^\s`]) ?){1,3})([^`\n]*)/gm)
    const optionsOf = new Map<string, Set<string>>()
    for (const [, words = '', rest = ''] of lines) {
      const command = words
        .trim()
        .split(' ')
        .filter((word) => word !== 'riverbend')
        .join(' ')
      const options = optionsOf.get(command) ?? new Set()
      for (const option of rest.match(/--[a-z-]+/g) ?? []) options.add(option)
      optionsOf.set(command, options)
    }
    expect(optionsOf.size).toBeGreaterThan(8)
    for (const [command, options] of optionsOf) {
      const { said, exit } = porchlight([...command.split(' '), '--help'])
      expect(await exit, command).toBe(0)
      expect(said.text).toContain(`Usage: porchlight ${command}`)
      for (const option of options) expect(said.text, command).toContain(option)
    }
  }, 180_000)

  it('names every mistake in its settings at once', async () => {
    const { said, exit } = porchlight(['demo'], { PORT: 'x', SANDBOX_PORT: '99999' })
    expect(await exit).toBe(1)
    expect(said.text).toContain('PORT must be a port number')
    expect(said.text).toContain('SANDBOX_PORT must be a port number')
  })
})
