import { availableParallelism } from 'node:os'
import { parseOptions } from '@node-rs/argon2'
import { beforeAll, describe, expect, it } from 'vitest'
import { Refusal } from '../../errors.ts'
import { costOf, defaultPasswordMs, isOutdated, openHasher } from './hashing.ts'

const quick = openHasher(1)
let kept: string

beforeAll(async () => {
  kept = await quick.inTurn('known', () => quick.hash('purple kettle marches sideways'))
})

describe('a hash', () => {
  it('is argon2id with its cost beside it, and salted', async () => {
    expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await quick.hash('purple kettle marches sideways')).not.toBe(kept)
  })

  it('is measured on this machine, and never cheaper than OWASP’s least', async () => {
    const { memoryCost, timeCost, parallelism } = parseOptions(
      await openHasher(defaultPasswordMs).hash('some'),
    )
    expect([65_536, 32_768, 19_456]).toContain(memoryCost)
    expect(timeCost).toBeGreaterThanOrEqual(2)
    expect(parallelism).toBe(1)
  })

  it('takes 150 to 300 ms on machines of any speed, with as much memory as goes into three passes', () => {
    // From a tenth of a millisecond for a MiB to three: the slowest are thirty times slower than this one when it is idle.
    for (let passMs = 0.02; passMs < 3; passMs *= 1.07) {
      const { memoryCost, timeCost } = costOf(passMs, defaultPasswordMs)
      const ms = (memoryCost / 1024) * timeCost * passMs
      expect([passMs, ms >= 150 && ms <= 300]).toEqual([passMs, true])
      expect(memoryCost === 65_536).toBe(64 * 2.5 * passMs <= defaultPasswordMs)
    }
  })

  it('is right for its password alone, to the last character and the last of 256 emoji', async () => {
    expect(await quick.isRight('purple kettle marches sideways', kept)).toBe(true)
    for (const other of ['purple kettle marches sidewayS', 'purple kettle marches sideways ', ''])
      expect(await quick.isRight(other, kept)).toBe(false)
    const emoji = '🦊'.repeat(256)
    const long = await quick.hash(emoji)
    expect(await quick.isRight(emoji, long)).toBe(true)
    expect(await quick.isRight('🦊'.repeat(255), long)).toBe(false)
  })

  it('has no end at a NUL', async () => {
    const hash = await quick.hash('purple kettle\0 marches sideways')
    expect(await quick.isRight('purple kettle', hash)).toBe(false)
    expect(await quick.isRight('purple kettle\0 sits', hash)).toBe(false)
  })

  it('is outdated when it costs less than wanted, or much more, and not when it takes nearly as long', () => {
    const passMs = 0.15
    const today = { ...costOf(passMs, defaultPasswordMs), algorithm: 2, parallelism: 1 }
    const isOld = (change: object) => isOutdated({ ...today, ...change }, passMs, defaultPasswordMs)
    expect(isOld({})).toBe(false)
    expect(isOld({ timeCost: today.timeCost - 4 })).toBe(false)
    expect(isOld({ timeCost: today.timeCost + 4 })).toBe(false)
    expect(isOld({ timeCost: today.timeCost - 10 })).toBe(true)
    expect(isOld({ timeCost: today.timeCost + 10 })).toBe(true)
    // As long, with half the memory: what a process measures that chose it.
    expect(isOld({ memoryCost: 32_768, timeCost: 2 * today.timeCost })).toBe(false)
    expect(isOld({ memoryCost: 8_192, timeCost: 8 * today.timeCost })).toBe(true)
    expect(isOld({ parallelism: 4 })).toBe(true)
    expect(isOld({ algorithm: 1 })).toBe(true)
    // A machine too slow for what is wanted does not hash anew at each sign-in.
    const slow = { ...costOf(30, defaultPasswordMs), algorithm: 2, parallelism: 1 }
    expect(isOutdated(slow, 30, defaultPasswordMs)).toBe(false)
  })
})

describe('the turns', () => {
  const cores = Math.max(1, Math.min(2, availableParallelism() - 1))

  it('leave a core free, keep sixteen waiting, and refuse the next at once with the time to come back', async () => {
    const hasher = openHasher(1)
    let running = 0
    let maxSeen = 0
    const ends: (() => void)[] = []
    const work = () =>
      hasher.inTurn('other', async () => {
        running += 1
        maxSeen = Math.max(maxSeen, running)
        await new Promise<void>((end) => ends.push(end))
        running -= 1
      })
    const taken = Array.from({ length: cores + 16 }, work)
    const refused = await work().catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Refusal)
    expect(refused).toMatchObject({ code: 'service_unavailable', status: 503, retryAfterMs: 5_000 })
    // Those known wait in a line of their own, and go first.
    const order: string[] = []
    const known = hasher.inTurn('known', async () => void order.push('known'))
    const next = Promise.all(taken).then(() => order.push('others'))
    for (let ended = 0; ended < taken.length; ) {
      await new Promise((turn) => setImmediate(turn))
      const end = ends.shift()
      if (end) {
        end()
        ended += 1
      }
    }
    await Promise.all([known, next])
    expect(order).toEqual(['known', 'others'])
    expect(maxSeen).toBe(cores)
  })

  it('go on after work that failed', async () => {
    const hasher = openHasher(1)
    for (let i = 0; i < 40; i += 1)
      await expect(hasher.inTurn('other', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await hasher.inTurn('other', async () => 'yes')).toBe('yes')
  })
})
