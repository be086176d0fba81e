import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { maskAddress } from '../src/address.ts'
import { pathOf } from '../src/description/openapi.ts'
import { operations } from '../src/description/operations.ts'
import { en } from '../src/text/en.ts'
import { type Chromium, openChromium } from './browser.ts'
import { type House, openHouse, signIn } from './house.ts'

const run = promisify(execFile)
/** Loaded as it is: Vite would complain about each of its source maps. */
const { createConfig, lintFromString } = createRequire(import.meta.url)(
  '@redocly/openapi-core',
) as typeof import('@redocly/openapi-core')
const root = fileURLToPath(new URL('..', import.meta.url))

let house: House
let chromium: Chromium

beforeAll(async () => {
  house = await openHouse()
  chromium = await openChromium(house)
})
afterAll(() => chromium.close())

type Described = {
  info: Record<string, unknown>
  servers: { url: string }[]
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>
}

const described = async (): Promise<Described> =>
  (await house.send('GET', '/openapi.json')).json() as unknown as Described

const namesOf = (route: string) => {
  const [method = '', path = ''] = route.split(' ')
  return { method, path }
}

describe('the description for programs', () => {
  it('C6: an outside validator takes it, and a linter finds nothing in it', async () => {
    const description = await described()
    const { valid, errors } = await new Validator().validate(structuredClone(description))
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })

    // The validator would object only to a server on this machine.
    const public_ = { ...description, servers: [{ url: 'https://volunteers.riverbend.example' }] }
    const config = await createConfig({ extends: ['recommended-strict'] })
    const found = await lintFromString({
      source: JSON.stringify(public_),
      config,
      absoluteRef: 'openapi.json',
    })
    expect(found.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
  })

  it('C6: says of which product and portal it is, and names every call for good', async () => {
    const { info, servers, paths } = await described()
    expect(info).toMatchObject({
      title: 'Porchlight API',
      version: packageJson.version,
      license: { identifier: packageJson.license },
    })
    expect(servers.map(({ url }) => url)).toEqual([house.portalUrl])
    const ids = Object.values(paths).flatMap((path) => Object.values(path).map((each) => each.operationId))
    expect(new Set(ids).size).toBe(Object.keys(operations).length)
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/)
  })

  it('C6: names every way in which a call without proof, or with junk for a body, is refused', async () => {
    const { paths } = await described()
    const unnamed: string[] = []
    for (const route of Object.keys(operations)) {
      const { method, path } = namesOf(route)
      const responses = paths[pathOf(route)]?.[method.toLowerCase()]?.responses ?? {}
      const at = path.replaceAll(/:\w+/g, 'none')
      for (const headers of [{}, { origin: house.portalUrl, 'content-type': 'application/json' }]) {
        const answer = await house.send(method as 'POST', at, {
          headers,
          ...(method !== 'GET' && { body: '{"data":' }),
        })
        if (!(answer.status in responses)) unnamed.push(`${route} ${answer.status}`)
      }
    }
    expect(unnamed).toEqual([])
  })

  it('C6: a client that is made from it compiles, knows what each call takes and answers, and works', async () => {
    // Inside node_modules, where the generators find their dependencies.
    mkdirSync(join(root, 'node_modules/.clients'), { recursive: true })
    const folder = mkdtempSync(join(root, 'node_modules/.clients/client-'))
    const at = (name: string) => join(folder, name)
    try {
      writeFileSync(at('package.json'), '{ "type": "module" }')
      writeFileSync(at('openapi.json'), (await house.send('GET', '/openapi.json')).text)
      writeFileSync(at('drive.ts'), drive)
      const bin = (name: string) => join(root, 'node_modules/.bin', name)
      await run(bin('oazapfts'), [at('openapi.json'), at('client.ts')])
      const options =
        '--ignoreConfig --strict --skipLibCheck --module nodenext --target es2023 --rewriteRelativeImportExtensions'
      const compiled = await run(bin('tsc'), [...options.split(' '), 'client.ts', 'drive.ts'], {
        cwd: folder,
      }).catch(({ stdout }: { stdout: string }) => ({ stdout }))
      expect(compiled.stdout).toBe('')

      const { api_token: token, app_key: key, app_secret: secret, app_id: app, volunteers } = house.riverbend
      const [email = ''] = volunteers
      const browser = await signIn(house, email)
      const session = `porchlight_session=${browser.cookies.get('porchlight_session')}`
      const { driven } = (await import(pathToFileURL(at('drive.js')).href)) as {
        driven: (given: Record<string, string>) => Promise<Record<string, unknown>>
      }
      expect(await driven({ token, key, secret, app, email, session })).toEqual({
        link: expect.stringMatching(/^http:\/\/localhost:\d+\/magiclink\/\w+$/),
        email: house.userByEmail(email).email,
        refused: 'session_required',
        group: 'Made by a client',
        groups: expect.arrayContaining(['Made by a client']),
        unknown: 'E_UNAUTHORIZED',
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** Written as a partner would, and compiled against the generated client. */
const drive = `
import * as api from './client.ts'

type Credentials = { token: string; key: string; secret: string; app: string; email: string; session: string }

export async function driven({ token, key, secret, app, email, session }: Credentials) {
  const made = await api.createOneTimeLink(
    { email, ip_address: '127.0.0.1', landing_page: 'resume' },
    { headers: { authorization: \`Bearer \${token}\` } },
  )
  if (made.status !== 201) throw new Error(\`no link: \${made.status}\`)
  // @ts-expect-error: an address it is opened from must be given
  const lacking: Parameters<typeof api.createOneTimeLink>[0] = { email }
  // @ts-expect-error: there is no such landing
  const wrong: Parameters<typeof api.createOneTimeLink>[0] = { ...lacking, ip_address: '', landing_page: 'moon' }

  const record = await api.getRecord({ headers: { cookie: session } })
  if (record.status !== 200) throw new Error(\`no record: \${record.status}\`)
  const anonymous = await api.getRecord()
  if (anonymous.status !== 401) throw new Error('a record without a session')

  const application = { headers: { 'x-rownd-app-key': key, 'x-rownd-app-secret': secret } }
  const group = await api.createAppGroup(app, { name: 'Made by a client' }, application)
  if (group.status !== 200) throw new Error(\`no group: \${group.status}\`)
  const groups = await api.listAppGroups(app, {}, application)
  if (groups.status !== 200) throw new Error(\`no groups: \${groups.status}\`)
  const stranger = await api.listAppGroups(app)
  if (stranger.status !== 401) throw new Error('groups for a stranger')
  return {
    link: made.data.data.auth_link,
    email: record.data.email,
    refused: anonymous.data.code,
    group: group.data.name,
    groups: groups.data.results.map(({ name }) => name),
    unknown: stranger.data.code,
  }
}
`

describe('the description for people', () => {
  const page = async (browser = house.browser()) => (await browser.get('/docs/api')).text

  it('C6: every call on it works against the demo when it is pasted, and answers what it says', async () => {
    const blocks = blocksOf(await page())
    const withCall = blocks.flatMap(({ id }) => (id === undefined ? [] : [id]))
    const ids = Object.values(operations).map(({ id }) => id)
    // This operation needs a code that only a browser with a hand-off has.
    expect(withCall.toSorted()).toEqual(ids.filter((id) => id !== 'exchangeHandOffCode').toSorted())

    const script = blocks.map(({ id, text }) => `mark '${id ?? ''}'\n${text}\n`).join('')
    const folder = mkdtempSync(join(tmpdir(), 'porchlight-pasted-'))
    try {
      const { stdout } = await run('bash', ['-c', shell + script], { cwd: folder, maxBuffer: 2 ** 26 })
      const answers = new Map(stdout.split('\u0001').map((part) => part.split('\u0002') as [string, string]))
      const wrong: unknown[] = []
      for (const { id, status, answer } of Object.values(operations)) {
        const said = answers.get(id)
        if (said === undefined) continue
        const statuses = said.match(/(?<=\u0003)\d+/g) ?? []
        if (statuses.at(-1) !== String(status)) wrong.push([id, said])
        const body = said.replaceAll(/\u0003\d+\u0004/g, '').trim()
        const json = answer && body.startsWith('{') ? body.split('\n').at(-1) : undefined
        const issues = json && answer?.safeParse(JSON.parse(json)).error?.issues
        if (issues) wrong.push([id, issues])
      }
      expect(wrong).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('C6: has three parts and a list of what is in them, weighs 60 kB at most, and says who is signed in', async () => {
    const text = await page()
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000)
    for (const { title } of Object.values(en.apiDocs.parts)) expect(text).toContain(title)
    for (const { id } of Object.values(operations)) expect(text).toContain(`href="#${id}"`)
    expect(text).toContain(en.apiDocs.signedOut)

    const [address = ''] = house.riverbend.volunteers
    const signedIn = await page(await signIn(house, address))
    expect(signedIn).toContain(en.apiDocs.signedInAs(maskAddress(address)))
    expect(Buffer.byteLength(signedIn)).toBeLessThanOrEqual(60_000)
  })

  it('C6: needs no scrolling sideways on a screen of 320 pixels, nor at twice the size of text on a phone', async () => {
    const ann = await chromium.visitor({ viewport: { width: 320, height: 640 } })
    await ann.open('/docs/api')
    expect(await ann.overflow()).toBeLessThanOrEqual(0)
    await ann.page.setViewportSize({ width: 390, height: 844 })
    await ann.page.evaluate(`document.documentElement.style.fontSize = '200%'`)
    expect(await ann.overflow()).toBeLessThanOrEqual(0)
  })

  it('tells no portal’s credentials but the demo’s', async () => {
    const { hillside, riverbend } = house
    const theirs = (await house.send('GET', '/docs/api', { host: hillside.host })).text
    expect(theirs).toContain(hillside.api_token)
    for (const secret of [riverbend.api_token, riverbend.app_secret]) expect(theirs).not.toContain(secret)
  })
})

/** The code blocks in page order; the first lines of a part belong to no route. */
function blocksOf(text: string): { id: string | undefined; text: string }[] {
  const found = text.matchAll(/<section id="(\w+)"|<pre>(.*?)<\/pre>/gs)
  const blocks: { id: string | undefined; text: string }[] = []
  let id: string | undefined
  for (const [, section, pasted] of found) {
    if (section !== undefined) id = section
    if (pasted === undefined) continue
    const isFirst = id === undefined || id in en.apiDocs.parts
    blocks.push({ id: isFirst ? undefined : id, text: plainOf(pasted) })
  }
  return blocks
}

function plainOf(html: string): string {
  return html
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** Prints the route before each block, and the status after each call. */
const shell = `
mark() { printf '\\001%s\\002' "$1"; }
curl() { command curl -sS -w $'%{stderr}\\003%{http_code}\\004' "$@" 2>&3; }
exec 3>&1
`
