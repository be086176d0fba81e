import type { IncomingMessage } from 'node:http'
import { expect, it, vi } from 'vitest'
import type { SafeResponse } from '../../../http/safe-headers.ts'
import { openRowndHouse } from '../rownd.fixture.ts'
import type { FollowCounter } from './follows.ts'
import { issueMagicLink } from './magic-links.ts'
import { quickFollower } from './quick-follow.ts'

/** By a test's store, which refuses a look-up of any table that is not named. */
it('looks up where a plain link leads by the tables it names', async () => {
  const { tools, customerId, application } = await openRowndHouse({
    defaultRedirectUrl: 'https://site.example/',
  })
  const order = { customerId, applicationId: application.id, linkData: {}, who: null, lifeMs: 60_000 }
  const redirectUrl = 'https://site.example/a'
  const { id, secret } = await tools.store.write(() =>
    issueMagicLink(tools.store.db, tools.secrets, { ...order, redirectUrl }, tools.clock()),
  )
  const note = vi.fn<FollowCounter['note']>()
  const follow = quickFollower({
    ...tools,
    follows: { note, flush: async () => {} },
    forwarding: { visitorOf: (peer) => peer, flush: async () => {} },
  })
  const visit = (path: string) => {
    const writeHead = vi.fn<(status: number, headers: object) => { end(): void }>(() => ({ end: () => {} }))
    const headers = { host: 'riverbend.example.org', 'user-agent': 'Mozilla/5.0', accept: 'text/html' }
    const incoming = { method: 'GET', url: path, headers, socket: { remoteAddress: '192.0.2.1' } }
    const answered = follow(incoming as unknown as IncomingMessage, { writeHead } as unknown as SafeResponse)
    return { answered, writeHead }
  }
  for (let times = 0; times < 2; times += 1) {
    const { answered, writeHead } = visit(`/l/${secret}`)
    expect(await answered).toBe(true)
    expect(writeHead.mock.calls[0]).toEqual([302, expect.objectContaining({ location: redirectUrl })])
  }
  expect(note.mock.calls.map(([linkId]) => linkId)).toEqual([id, id])
  expect(await visit(`/l/${tools.secrets.issue('link', tools.clock()).secret}`).answered).toBe(false)
  expect(visit(`/l/${secret}?a=1`).answered).toBeUndefined()
})
