import { expect, it, onTestFinished } from 'vitest'
import { openStore } from '../store/engines.ts'
import { forwardingSeen, openForwarding } from './forwarding.ts'
import { readCidr } from './network.ts'

const dayMs = 86_400_000
const quiet = () => {}

async function opened(trusted: string[]) {
  const store = await openStore({ database: ':memory:' })
  onTestFinished(() => store.close())
  let nowMs = 10 * dayMs
  const warned: unknown[] = []
  const log = { debug: quiet, info: quiet, error: quiet, warn: (fields: unknown) => void warned.push(fields) }
  const forwarding = openForwarding({ store, clock: () => nowMs, log, trustedProxies: trusted.map(readCidr) })
  return {
    ...forwarding,
    warned,
    pass: (ms: number) => void (nowMs += ms),
    seen: async () => {
      await forwarding.flush()
      const all = await forwardingSeen(store, nowMs)
      return Object.fromEntries(all.map(({ kind, proxy, form, count }) => [kind, [proxy, form, count]]))
    },
  }
}

it('row 4: what proxies do is counted, without a word of what they wrote', async () => {
  const { visitorOf, seen, warned, pass } = await opened(['10.0.0.0/8'])
  for (const hop of ['unknown', '203.0.113.99:x', 'é\u202e'])
    expect(visitorOf('10.1.1.1', hop)).toBe('10.1.1.1')
  expect(visitorOf('10.1.1.2', '203.0.113.9:51234')).toBe('203.0.113.9')
  expect(visitorOf('10.1.1.3', undefined)).toBe('10.1.1.3')
  expect(visitorOf('192.168.7.7', '203.0.113.9')).toBe('192.168.7.7')
  // From outside, it says nothing about our proxies, and names a visitor.
  expect(visitorOf('198.51.100.1', '203.0.113.9')).toBe('198.51.100.1')
  expect(await seen()).toEqual({
    unreadable: ['10.1.1.1', 'a?', 3],
    read: ['10.1.1.2', '', 1],
    missing: ['10.1.1.3', '', 1],
    untrusted: ['192.168.7.7', '', 1],
  })
  expect(warned).toEqual([
    { proxy: '10.1.1.1', form: 'aaaaaaa', count: 1 },
    { proxy: '10.1.1.1', form: 'a?', count: 2 },
  ])
  pass(dayMs / 2)
  visitorOf('10.1.1.1', 'unknown')
  expect(await seen()).toMatchObject({ unreadable: ['10.1.1.1', 'aaaaaaa', 4] })
  pass(2 * dayMs)
  expect(await seen()).toEqual({})
  visitorOf('10.1.1.1', 'unknown')
  expect(await seen()).toEqual({ unreadable: ['10.1.1.1', 'aaaaaaa', 1] })
})
