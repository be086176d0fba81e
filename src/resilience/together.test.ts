import { expect, it, vi } from 'vitest'
import { openTogether } from './together.ts'

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 5))

it('of thousands at once the first is worked on alone or with those that came with it, and all others together, in order', async () => {
  const together = openTogether()
  const taken: number[][] = []
  const work = vi.fn<(items: readonly number[]) => Promise<void>>(async (items) => {
    taken.push([...items])
    await pause()
  })
  const first = together('a', 0, work)
  await Promise.resolve()
  const others = Array.from({ length: 3_000 }, (_, i) => together('a', i + 1, work))
  await Promise.all([first, ...others])
  expect(work).toHaveBeenCalledTimes(2)
  expect(taken.flat()).toEqual(Array.from({ length: 3_001 }, (_, i) => i))
  await together('a', 9, work)
  expect(taken[2]).toEqual([9])
})

it('each waits for the work that took it, and a failed one leaves the next alone', async () => {
  const together = openTogether()
  const failing = () => Promise.reject(new Error('away'))
  const first = together('a', 1, failing)
  await Promise.resolve()
  const second = together('a', 2, pause)
  expect(await Promise.allSettled([first, second])).toMatchObject([
    { status: 'rejected' },
    { status: 'fulfilled' },
  ])
})

it('another key waits for no one', async () => {
  const together = openTogether()
  void together('a', 1, () => new Promise(() => {}))
  const work = vi.fn<() => Promise<void>>(async () => {})
  await together('b', 1, work)
  expect(work).toHaveBeenCalledTimes(1)
})
