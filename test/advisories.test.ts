import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Store, Write } from '../src/store/store.ts'
import { formType, inParallel, mailedLinkFor, makeLinkFor, openTarget, type Target } from './attack.ts'
import { openRows, type Rows } from './database.ts'

/** Flaws of other sign-in systems that no other file tests for here. docs/security.md lists all thirty. */

const advisories = Array.from({ length: 30 }, (_, i) => i + 1)

let target: Target
let database: Rows
/** Aborts a write after this many of its statements; 0 aborts none. */
let breakAfter = 0

beforeAll(async () => {
  target = await openTarget({ through: breakable })
  database = await openRows(target.database)
})
afterAll(async () => {
  await database.close()
  await target.close()
})
afterEach(() => {
  breakAfter = 0
})

function breakable(store: Store): Store {
  return {
    ...store,
    write: (flow) => store.write(() => (breakAfter > 0 ? broken(flow(), breakAfter) : flow())),
  }
}

function* broken<T>(flow: Write<T>, after: number): Write<T> {
  let step = flow.next([])
  for (let done = 0; !step.done; done += 1) {
    if (done === after) throw new Error('broken off')
    step = flow.next(yield step.value)
  }
  return step.value
}

describe('a sign-in that is broken off between two statements', () => {
  it.each(['mailed', 'made'] as const)(
    'advisory 3: leaves a %s link as it was, and the visitor signed out, wherever it broke',
    async (kind) => {
      const address = `broken-${kind}@example.org`
      const { path, id } = await (kind === 'mailed' ? mailedLinkFor : makeLinkFor)(target, { address })
      let wasBroken = 0
      for (let after = 1; after < 20; after += 1) {
        breakAfter = after
        const answer = await press(path)
        if (answer.status === 303) break
        wasBroken += 1
        expect([answer.status, answer.headers['set-cookie']]).toEqual([500, undefined])
        expect(await database.count(`session where link_id = '${id}'`)).toBe(0)
        expect(
          await database.count(`link where id = '${id}' and spent_at_ms is null and revoked_at_ms is null`),
        ).toBe(1)
      }
      expect(wasBroken).toBeGreaterThanOrEqual(3)
      expect(await database.count(`session where link_id = '${id}'`)).toBe(1)
      expect(
        await database.count(`audit_event where kind = 'sign_in.opened' and detail like '%${id}%'`),
      ).toBe(1)
      breakAfter = 0
      expect((await press(path)).status).toBe(410)
    },
  )
})

describe('guessing a code', () => {
  it('advisory 4: of two hundred wrong ones at once five are compared, and then the right one no more', async () => {
    const browser = target.browser()
    const { asked, code } = await mailedLinkFor(target, { address: 'guessed-at-once@example.org' })
    browser.setCookie('asked', asked)
    const before = await database.count("audit_event where kind = 'sign_in.failed'")
    await Promise.all(
      Array.from({ length: 200 }, () =>
        browser.postJson('/portal/api/sign-in/complete', { code: '2222-2222' }),
      ),
    )
    expect((await database.count("audit_event where kind = 'sign_in.failed'")) - before).toBe(5)
    expect((await browser.postJson('/portal/api/sign-in/complete', { code })).status).toBe(422)
  })

  it('advisory 5: ten wrong ones in an hour close an address to codes, however often a new one is asked for and by whom', async () => {
    const address = 'guessed-for-long@example.org'
    const before = await database.count("audit_event where kind = 'sign_in.failed'")
    let last: { path: string } | undefined
    for (let request = 0; request < 8; request += 1) {
      const browser = target.browser()
      const mailed = await mailedLinkFor(target, { address })
      browser.setCookie('asked', mailed.asked)
      for (let i = 0; i < 6; i += 1)
        await browser.postJson('/portal/api/sign-in/complete', { code: '3333-3333' })
      expect((await browser.postJson('/portal/api/sign-in/complete', { code: '4444-4444' })).status).toBe(422)
      last = mailed
    }
    expect((await database.count("audit_event where kind = 'sign_in.failed'")) - before).toBe(10)
    // The stranger does not lock the owner out: the link beside the code signs in.
    expect((await press(last?.path ?? '')).status).toBe(303)
  })
})

describe('a made link', () => {
  it.each([
    ['has another address now', "address = 'moved@example.org'"],
    ['is no longer as VOMO has them', "standing = 'stale'"],
    ['is gone from VOMO', "standing = 'orphaned'"],
    ['was shut out', "standing = 'disabled'"],
  ])('advisory 19: for a person who %s opens nothing, and is not spent by the try', async (_, change) => {
    const address = `changed-${change.length}@example.org`
    const { path, id, personId } = await makeLinkFor(target, { address })
    await database.run(`update person set ${change} where id = '${personId}'`)
    for (const method of ['GET', 'POST']) {
      const answer = await press(path, method)
      expect([answer.status, answer.headers['set-cookie']]).toEqual([410, undefined])
    }
    expect(await database.count(`link where id = '${id}' and spent_at_ms is null`)).toBe(1)
    await database.run(
      `update person set address = '${address}', standing = 'active' where id = '${personId}'`,
    )
    expect((await press(path, 'GET')).status).toBe(303)
  })
})

it('advisory 24: a person who proves an address ends the sessions opened under another', async () => {
  const address = 'rightful@example.org'
  const earlier = target.browser()
  await earlier.post((await mailedLinkFor(target, { address })).path)
  expect((await earlier.get('/portal/api/limits')).status).toBe(200)
  await database.run(`update person set address = 'squatter@example.org' where address = '${address}'`)
  target.pass(1000)
  const owner = target.browser()
  expect((await owner.post((await mailedLinkFor(target, { address })).path)).status).toBe(303)
  expect((await owner.get('/portal/api/limits')).status).toBe(200)
  expect((await earlier.get('/portal/api/limits')).status).toBe(401)
})

it('advisory 27: twenty thousand invented secrets, at both kinds of link, leave no row in any table', async () => {
  await target.portal.idle()
  const before = await allCounts()
  const answers = new Set<number>()
  await inParallel(Array.from({ length: 20_000 }).keys(), async (i) => {
    const secret = `${i}`.padStart(32, 'Zz')
    const path = i % 4 < 2 ? `/auth/${secret}` : `/magiclink/${secret}`
    answers.add((await press(path, i % 2 === 0 ? 'GET' : 'POST')).status)
  })
  expect([...answers]).toEqual([410])
  expect(await allCounts()).toEqual(before)
  expect(Object.keys(before).length).toBeGreaterThan(10)
}, 180_000)

describe('docs/security.md', () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const page = readFileSync(join(root, 'docs/security.md'), 'utf8')

  it('has a row for each of the thirty advisories, and each has a test by its number or a reason why it cannot apply', () => {
    const rows = [...page.matchAll(/^\| ([\d, ]+) \| [^|]+ \| ([^|]+) \|$/gm)]
    const numbers = (text: string) => [...text.matchAll(/\d+/g)].map(([number]) => Number(number))
    const listed = rows.flatMap(([, which = '']) => numbers(which))
    expect(listed.toSorted((a, b) => a - b)).toEqual(advisories)

    const excused = rows
      .filter(([, , here = '']) => here.startsWith('cannot apply: '))
      .flatMap(([, which = '']) => numbers(which))
    const tested = ['test', 'src'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(test|contract)\.tsx?$/.test(file))
        .flatMap((file) => [
          ...readFileSync(join(root, folder, file), 'utf8').matchAll(
            /['"`](?:[^'"`\n]*, )?advisor(?:y|ies) ([\d, and]+):/g,
          ),
        ])
        .flatMap(([, which = '']) => numbers(which)),
    )
    expect(advisories.filter((each) => !tested.includes(each) && !excused.includes(each))).toEqual([])
    // An advisory with a test needs no excuse.
    expect(excused.filter((each) => tested.includes(each))).toEqual([])
  })

  it('names, for each advisory and each bar, files that are there', () => {
    const named = [...page.matchAll(/`((?:test|src)\/[\w./-]+\.tsx?)`/g)].map(([, file = '']) => file)
    expect(named.length).toBeGreaterThan(20)
    for (const file of new Set(named)) expect(readFileSync(join(root, file), 'utf8'), file).not.toBe('')
    const bars = new Set([...page.matchAll(/^\| (L\d) \|/gm)].map(([, bar]) => bar))
    expect(bars).toEqual(new Set(Array.from({ length: 9 }, (_, i) => `L${i + 1}`)))
  })
})

function press(path: string, method = 'POST') {
  const { origin } = target.doors.riverbend
  return target.send(method, path, {
    headers: { origin, 'sec-fetch-site': 'same-origin', 'content-type': formType },
  })
}

async function allCounts(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of await database.tables()) counts[table] = await database.count(`"${table}"`)
  return counts
}
