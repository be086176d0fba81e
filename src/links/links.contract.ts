import { beforeEach, describe, expect, it } from 'vitest'
import { findOrCreatePerson } from '../accounts/people.ts'
import { operator, setCustomer } from '../customers/change-settings.ts'
import { Refusal } from '../errors.ts'
import { openSecrets } from '../secrets.ts'
import type { Store } from '../store/store.ts'
import {
  batchCounts,
  batchesOf,
  batchOf,
  batchRows,
  beginBatch,
  dropBatch,
  endBatch,
  forgetOldBatches,
  keepBatch,
  settleRow,
  takeRows,
} from './batches.ts'
import {
  countFromAcceptance,
  forgetOldLinks,
  issueLink,
  issueMailedLink,
  linkById,
  linksOfRequests,
  noIpPolicy,
  openLink,
  revokeLink,
  spendLink,
} from './links.ts'
import { type LinkFilter, linkCounts, linksLike, recentLinks } from './list.ts'
import { noteOpens, opensOf } from './opens.ts'

const firstOfRing = 'a-secret-of-the-links-contract-0123456789'
const secrets = openSecrets([firstOfRing])
const startMs = 1_800_000_000_000
const lifeMs = 600_000

/** What the link engine promises on every store. Each engine's test runs it with a function that opens a fresh store. */
export function linksContract(engine: string, open: () => Promise<Store>): void {
  describe(`links kept on ${engine}`, () => {
    let store: Store
    let customerId: string
    let otherCustomerId: string
    let personId: string

    beforeEach(async () => {
      store = await open()
      customerId = await makeCustomer('riverbend')
      otherCustomerId = await makeCustomer('hillside')
      personId = await makePerson('volunteer@example.org')
      return () => store.close()
    })

    const makeCustomer = (slug: string) =>
      store.write(() =>
        setCustomer(
          store.db,
          {
            slug,
            by: operator,
            changes: {
              name: slug,
              url: `https://${slug}.example`,
              'stranger-mails': 'no',
            },
          },
          startMs,
        ),
      )
    const makePerson = async (address: string) =>
      (
        await store.write(() =>
          findOrCreatePerson(store.db, { customerId, vomoUserId: `vomo of ${address}`, address }, startMs),
        )
      ).id
    const made = (more: Partial<Parameters<typeof issueLink>[2]> = {}, nowMs = startMs) =>
      store.write(() =>
        issueLink(
          store.db,
          secrets,
          {
            customerId,
            purpose: 'auth',
            issuer: { kind: 'application', id: 'app_1' },
            personId,
            address: 'volunteer@example.org',
            landing: '/user',
            ip: { rule: 'strict', addresses: ['203.0.113.9', '2001:db8::/32'] },
            opensStaff: false,
            lifeMs,
            ...more,
          },
          nowMs,
        ),
      )
    const mailed = (requestId: string, nowMs = startMs, to = { personId, customerId }) =>
      store.write(() =>
        issueMailedLink(
          store.db,
          secrets,
          { ...to, address: 'volunteer@example.org', landing: '/', requestId, lifeMs },
          nowMs,
        ),
      )
    const look = (secret: string, nowMs = startMs, at = customerId) =>
      openLink(store, secrets, { customerId: at, secret }, nowMs)
    const spend = (id: string, nowMs = startMs) => store.write(() => spendLink(store.db, id, nowMs))
    const stateOf = async (id: string, nowMs = startMs) =>
      (await linkById(store, { customerId, id }, nowMs))?.state

    it('of two hundred tries at once exactly one spends a link, twenty links in a row', async () => {
      for (let i = 0; i < 20; i += 1) {
        const { id } = i % 2 === 0 ? await made() : await mailed(`req_${i}`)
        const tries = await Promise.allSettled(Array.from({ length: 200 }, () => spend(id)))
        expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        const reasons = tries.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
        expect(reasons.every((each) => each instanceof Refusal && each.code === 'link_not_usable')).toBe(true)
      }
    })

    it('one who spends and then cannot go on has not spent it', async () => {
      const { id } = await made()
      const failing = store.write(function* () {
        yield* spendLink(store.db, id, startMs)
        throw new Error('no session for this one')
      })
      await expect(failing).rejects.toThrow('no session')
      expect(await stateOf(id)).toBe('usable')
      await spend(id)
      expect(await stateOf(id)).toBe('spent')
    })

    it('spending and revoking at once: one of them has happened, never both', async () => {
      for (let i = 0; i < 20; i += 1) {
        const { id } = await made()
        const revoke = () => store.write(() => revokeLink(store.db, id, 'withdrawn', startMs))
        const [spent, revoked] =
          i % 2 === 0
            ? await Promise.allSettled([spend(id), revoke()])
            : (await Promise.allSettled([revoke(), spend(id)])).toReversed()
        const isSpent = spent?.status === 'fulfilled'
        const isRevoked = revoked?.status === 'fulfilled' && revoked.value === true
        expect([isSpent, isRevoked].filter(Boolean)).toHaveLength(1)
        expect(await stateOf(id)).toBe(isSpent ? 'spent' : 'withdrawn')
      }
    })

    it('the secret is all that is needed, and what comes out is what went in', async () => {
      const { id, secret } = await made({
        opensStaff: true,
        isHandedOver: true,
        issuer: { kind: 'staff', id: 'per_1' },
      })
      expect(await look(secret)).toEqual({
        id,
        customerId,
        issuedAtMs: startMs,
        purpose: 'auth',
        issuer: { kind: 'staff', id: 'per_1' },
        personId,
        address: 'volunteer@example.org',
        landing: '/user',
        requestId: null,
        ip: { rule: 'strict', addresses: ['203.0.113.9', '2001:db8::/32'] },
        opensStaff: true,
        isHandedOver: true,
        fromKnownBrowser: false,
        sentAtMs: startMs,
        expiresAtMs: startMs + lifeMs,
        openCount: 0,
        state: 'usable',
        endsAtMs: startMs + lifeMs,
      })
    })

    it('a link for a person not known yet, and a plain redirect, keep their gaps', async () => {
      const { secret } = await made({ purpose: 'shorten', personId: null, address: null, landing: null })
      expect(await look(secret)).toMatchObject({
        purpose: 'shorten',
        personId: null,
        address: null,
        landing: null,
      })
    })

    it('no secret and no code is stored, in any column, in any spelling', async () => {
      const { secret } = await made()
      const { secret: mailedSecret, code } = await mailed('req_1')
      const kept = await store.read(store.db.selectFrom('link').selectAll().compile())
      const text = JSON.stringify(
        kept.map((row) =>
          Object.values(row).map((value) =>
            value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
          ),
        ),
      )
      for (const value of [secret, mailedSecret, code]) expect(text).not.toContain(value)
    })

    it('the secret of another customer opens nothing, nor does its id', async () => {
      const { id, secret } = await made()
      expect(await look(secret, startMs, otherCustomerId)).toBeUndefined()
      expect(await linkById(store, { customerId: otherCustomerId, id }, startMs)).toBeUndefined()
      expect(await recentLinks(store, otherCustomerId, 9, startMs)).toEqual([])
    })

    it.each(['', 'x', 'Z'.repeat(31), 'Z'.repeat(32), 'Z'.repeat(33), 'é'.repeat(32), 'Z'.repeat(100_000)])(
      'an invented secret opens nothing (%#)',
      async (secret) => {
        await made()
        expect(await look(secret)).toBeUndefined()
      },
    )

    it('a secret with one letter changed, or in the other case, opens nothing', async () => {
      const { secret } = await made()
      for (let i = 0; i < secret.length; i += 1) {
        const letter = secret[i] === 'a' ? 'b' : 'a'
        expect(await look(secret.slice(0, i) + letter + secret.slice(i + 1))).toBeUndefined()
      }
      expect(await look(secret.toUpperCase())).toBeUndefined()
      expect(await look(secret.toLowerCase())).toBeUndefined()
    })

    it('a secret hashed with an older key of the ring still opens', async () => {
      const { secret } = await made()
      const ring = openSecrets(['the-newest-secret-of-the-ring-0123456789', firstOfRing])
      expect(await openLink(store, ring, { customerId, secret }, startMs)).toBeDefined()
      const foreign = openSecrets(['the-newest-secret-of-the-ring-0123456789'])
      expect(await openLink(store, foreign, { customerId, secret }, startMs)).toBeUndefined()
    })

    it('looking at one, however often, spends nothing', async () => {
      const { id, secret } = await made()
      for (let i = 0; i < 50; i += 1) expect((await look(secret))?.state).toBe('usable')
      await spend(id)
      expect((await look(secret))?.state).toBe('spent')
    })

    it('is usable until its last millisecond, and not in the next', async () => {
      const { id, secret } = await made()
      expect((await look(secret, startMs + lifeMs - 1))?.state).toBe('usable')
      expect(await look(secret, startMs + lifeMs)).toMatchObject({
        state: 'expired',
        endsAtMs: startMs + lifeMs,
      })
      await expect(spend(id, startMs + lifeMs)).rejects.toThrow('link_not_usable')
      await spend(id, startMs + lifeMs - 1)
      expect(await stateOf(id)).toBe('spent')
    })

    it('stays spent after expiry, revoking and another try', async () => {
      const { id, secret } = await made()
      await spend(id, startMs + 5)
      expect(await store.write(() => revokeLink(store.db, id, 'withdrawn', startMs + 6))).toBe(false)
      await expect(spend(id, startMs + 7)).rejects.toThrow('link_not_usable')
      expect(await look(secret, startMs + lifeMs * 9)).toMatchObject({
        state: 'spent',
        endsAtMs: startMs + 5,
      })
    })

    it.each(['withdrawn', 'not_me'] as const)(
      'turned off as %s says so, once, and stays off',
      async (why) => {
        const { id, secret } = await made()
        expect(await store.write(() => revokeLink(store.db, id, why, startMs + 5))).toBe(true)
        expect(await store.write(() => revokeLink(store.db, id, 'withdrawn', startMs + 6))).toBe(false)
        await expect(spend(id, startMs + 7)).rejects.toThrow('link_not_usable')
        expect(await look(secret, startMs + lifeMs * 9)).toMatchObject({ state: why, endsAtMs: startMs + 5 })
      },
    )

    it('of those mailed to one person the last three stay usable, and spending one ends the others', async () => {
      const all: { id: string }[] = []
      for (let i = 0; i < 5; i += 1) all.push(await mailed(`req_${i}`, startMs + i))
      const states = () => Promise.all(all.map(({ id }) => stateOf(id, startMs + 9)))
      expect(await states()).toEqual(['replaced', 'replaced', 'usable', 'usable', 'usable'])
      await spend(all[2]?.id ?? '', startMs + 9)
      expect(await states()).toEqual(['replaced', 'replaced', 'spent', 'sibling_spent', 'sibling_spent'])
    })

    it('a resent mail ends the fourth oldest, a thousand times in a thousand', async () => {
      const all: { id: string }[] = []
      for (let i = 0; i < 1000; i += 1) all.push(await mailed(`req_${i}`, startMs + i))
      const usable = await store.read(
        store.db.selectFrom('link').select('id').where('revoked_at_ms', 'is', null).compile(),
      )
      expect(new Set(usable.map(({ id }) => id))).toEqual(new Set(all.slice(-3).map(({ id }) => id)))
    })

    it('what a person is mailed neither ends what was made for them, nor what others are mailed', async () => {
      const handed = await made()
      const elsewhere = await makePerson('other@example.org')
      const theirs = await mailed('req_other', startMs, { personId: elsewhere, customerId })
      const mine = []
      for (let i = 0; i < 4; i += 1) mine.push(await mailed(`req_${i}`, startMs + i))
      await spend(mine[3]?.id ?? '', startMs + 9)
      expect(await stateOf(handed.id)).toBe('usable')
      expect(await stateOf(theirs.id)).toBe('usable')
      await spend(handed.id)
      expect(await stateOf(theirs.id)).toBe('usable')
    })

    it('life counts from when the mail was accepted, once, and not for what is over', async () => {
      const { id, secret } = await mailed('req_1')
      const acceptedMs = startMs + lifeMs - 1
      const begin = (nowMs: number) => store.write(() => countFromAcceptance(store.db, id, nowMs))
      expect(await begin(acceptedMs)).toEqual({ requestId: 'req_1', expiresAtMs: acceptedMs + lifeMs })
      expect(await begin(acceptedMs + 5)).toBeUndefined()
      expect(await look(secret, acceptedMs + lifeMs - 1)).toMatchObject({
        state: 'usable',
        sentAtMs: acceptedMs,
      })
      expect(await look(secret, acceptedMs + lifeMs)).toMatchObject({ state: 'expired' })
      const late = await mailed('req_2')
      const tooLate = () => store.write(() => countFromAcceptance(store.db, late.id, startMs + lifeMs))
      expect(await tooLate()).toBeUndefined()
      expect(await look(late.secret, startMs + lifeMs)).toMatchObject({ state: 'expired' })
    })

    it('the code beside a link belongs to its request and to no other', async () => {
      const one = await mailed('req_1')
      const two = await mailed('req_2', startMs + 1)
      const found = await linksOfRequests(store, ['req_1', 'req_2'], startMs + 2)
      expect(found.map(({ link }) => link.id)).toEqual([two.id, one.id])
      const hashes = found.map(({ codeHash }) => Buffer.from(codeHash ?? []).toString('hex'))
      const hash = (requestId: string, code: string) =>
        secrets.hash('code', `${requestId} ${code}`).toString('hex')
      expect(hashes).toEqual([hash('req_2', two.code), hash('req_1', one.code)])
      expect(hashes).not.toContain(hash('req_2', one.code))
      expect(await linksOfRequests(store, [], startMs)).toEqual([])
    })

    it('fifty opens are kept of however many are counted', async () => {
      const { id, secret } = await made()
      const openAt = (i: number) =>
        ({
          class: 'mail_scanner',
          reason: 'no_browser',
          atMs: startMs + i,
          method: 'GET',
          network: '203.0.113.9',
          userAgent: `${'x'.repeat(1000)}\u0000\u202e\n`,
        }) as const
      // One by one, and several at once across the fiftieth and behind it.
      for (let i = 0; i < 45; i += 1) await store.write(() => noteOpens(store.db, id, [openAt(i)]))
      const batches = [Array.from({ length: 10 }, (_, i) => openAt(45 + i)), [55, 56, 57, 58, 59].map(openAt)]
      for (const batch of batches) await store.write(() => noteOpens(store.db, id, batch))
      const opens = await opensOf(store, id)
      expect(opens).toHaveLength(50)
      expect(opens.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 50 }, (_, i) => startMs + i))
      expect(opens[0]?.userAgent).toBe('x'.repeat(200))
      expect(await look(secret)).toMatchObject({ openCount: 60, state: 'usable' })
    })

    it('an open of a deleted link is not recorded, and raises no error', async () => {
      await store.write(() =>
        noteOpens(store.db, 'lnk_gone', [
          {
            class: 'person',
            reason: 'nothing_unusual',
            atMs: startMs,
            method: 'GET',
            network: '203.0.113.9',
            userAgent: '',
          },
        ]),
      )
      expect(await opensOf(store, 'lnk_gone')).toEqual([])
    })

    it('is forgotten ninety days after it ran out, with its opens, and not before', async () => {
      const { id } = await made()
      const note = {
        class: 'person',
        reason: 'nothing_unusual',
        atMs: startMs,
        method: 'GET',
        network: 'x',
      } as const
      await store.write(() => noteOpens(store.db, id, [{ ...note, userAgent: '' }]))
      const afterMs = startMs + lifeMs + 90 * 86_400_000
      await store.write(() => forgetOldLinks(store.db, afterMs))
      expect(await stateOf(id)).toBe('usable')
      await store.write(() => forgetOldLinks(store.db, afterMs + 1))
      expect(await stateOf(id)).toBeUndefined()
      expect(await opensOf(store, id)).toEqual([])
    })

    it('the latest of a customer come newest first, as many as asked for', async () => {
      const ids = []
      for (let i = 0; i < 5; i += 1) ids.push((await made({ ip: noIpPolicy }, startMs + i)).id)
      const latest = await recentLinks(store, customerId, 3, startMs + 9)
      expect(latest.map(({ id }) => id)).toEqual(ids.slice(2).toReversed())
    })

    it('are listed page by page, none twice and none left out, also where several were made at once', async () => {
      for (let i = 0; i < 7; i += 1) await made({}, startMs + Math.floor(i / 3))
      const listed: string[] = []
      for (;;) {
        const last = listed.at(-1)
        const before =
          last === undefined ? undefined : await linkById(store, { customerId, id: last }, startMs)
        const page = await linksLike(store, customerId, { before }, { maxRows: 2, nowMs: startMs })
        if (page.length === 0) break
        listed.push(...page.map(({ id }) => id))
      }
      const all = await recentLinks(store, customerId, 99, startMs)
      expect(listed).toEqual(all.map(({ id }) => id))
      expect(listed).toHaveLength(7)
      expect(await linksLike(store, otherCustomerId, {}, { maxRows: 2, nowMs: startMs })).toEqual([])
    })

    it('are found by their state and by who made them', async () => {
      const usable = await made({ issuer: { kind: 'staff', id: 'per_1' } })
      const used = await made({ issuer: { kind: 'application', id: 'app_2' } })
      const canceled = await made()
      const expired = await made({ lifeMs: 1 })
      await store.write(() => spendLink(store.db, used.id, startMs))
      await store.write(() => revokeLink(store.db, canceled.id, 'withdrawn', startMs))
      const like = async (filter: LinkFilter) =>
        (await linksLike(store, customerId, filter, { maxRows: 9, nowMs: startMs + 1 })).map(({ id }) => id)
      expect(await like({ state: 'open' })).toEqual([usable.id])
      expect(await like({ state: 'used' })).toEqual([used.id])
      expect(await like({ state: 'canceled' })).toEqual([canceled.id])
      expect(await like({ state: 'expired' })).toEqual([expired.id])
      expect(await like({ issuer: { kind: 'staff', id: null } })).toEqual([usable.id])
      expect(await like({ issuer: { kind: 'application', id: 'app_2' } })).toEqual([used.id])
      expect(await like({ issuer: { kind: 'application', id: null }, state: 'expired' })).toEqual([
        expired.id,
      ])
      expect(await like({ issuer: { kind: 'portal', id: null } })).toEqual([])
    })

    it('the rows of a file are kept sealed, taken once, and gone with their time', async () => {
      const row = {
        typed: 'volunteer@example.org',
        address: 'volunteer@example.org',
        vomoUserId: '7',
        landing: 'hub',
        path: '/',
      }
      const rows = [
        { ...row, number: 2, state: 'ready', fault: null },
        { ...row, number: 3, state: 'fault', fault: 'twice' },
      ] as const
      const keep = () =>
        store.write(() => keepBatch(store.db, secrets, { customerId, by: 'per_1', rows }, startMs))
      const id = await keep()
      const another = await keep()
      const at = { customerId, id }
      const batch = await batchOf(store, at)
      if (!batch) throw new Error('no batch')
      expect(await batchOf(store, { ...at, customerId: otherCustomerId })).toBeUndefined()
      expect([...(await store.write(() => takeRows(store.db, id, [2, 3])))]).toEqual([])
      expect(
        await store.write(() => beginBatch(store.db, batch, { lifeMs, isEmailed: false }, startMs)),
      ).toBe(true)
      const other = { ...batch, id: another }
      expect(
        await store.write(() => beginBatch(store.db, other, { lifeMs, isEmailed: false }, startMs)),
      ).toBe(false)
      expect([...(await store.write(() => takeRows(store.db, id, [2, 3])))]).toEqual([2])
      const { id: linkId, expiresAtMs } = await made()
      const link = { url: 'https://riverbend.example/magiclink/x', expiresAtMs }
      await store.write(() =>
        settleRow(store.db, secrets, { batchId: id, number: 2 }, { state: 'made', id: linkId, link }),
      )
      expect([...(await store.write(() => takeRows(store.db, id, [2, 3])))]).toEqual([])
      expect(await store.write(() => dropBatch(store.db, id))).toBe(false)
      expect(await store.write(() => endBatch(store.db, id, 'all_done', startMs))).toBe(true)
      const of = { batchId: id, states: ['made', 'fault'] as const, after: -1 }
      expect(await batchRows({ store, secrets }, of, 9)).toEqual([
        { number: 2, state: 'made', fault: null, contents: row, link: { url: link.url, expiresAtMs } },
        { number: 3, state: 'fault', fault: 'twice', contents: row, link: null },
      ])
      expect(await batchCounts(store, id)).toMatchObject({ made: 1, fault: 1, ready: 0 })
      await store.write(() => forgetOldBatches(store.db, startMs + 3_600_000))
      expect((await batchesOf(store, customerId)).map((each) => each.id)).toEqual([id])
      await store.write(() => forgetOldBatches(store.db, startMs + 24 * 3_600_000))
      expect(await batchesOf(store, customerId)).toEqual([])
      expect(await linkById(store, { customerId, id: linkId }, startMs)).toBeDefined()
    })

    it('are counted by when they were made and used', async () => {
      const { id } = await made({}, startMs)
      await made({}, startMs + 1)
      await store.write(() => spendLink(store.db, id, startMs + 300_000))
      const counts = await linkCounts(store, customerId, {
        sinceMs: startMs - 86_400_000,
        maxLifeMs: 86_400_000,
      })
      const sum = (of: 'made' | 'used') => counts.reduce((so, each) => so + each[of], 0)
      expect([sum('made'), sum('used')]).toEqual([2, 1])
      expect(counts.every(({ atMs }) => atMs % 900_000 === 0 && Math.abs(atMs - startMs) <= 900_000)).toBe(
        true,
      )
      expect(await linkCounts(store, customerId, { sinceMs: startMs + 2, maxLifeMs: 0 })).toEqual([])
    })
  })
}
