import { expect, it, vi } from 'vitest'
import { Refusal } from '../errors.ts'
import { openTurns } from './turns.ts'

const dead = () => Promise.reject(new Refusal('link_not_usable'))

it('of many tries of a link at once one spends it, and the others ask nothing', async () => {
  const turn = openTurns()
  const spend = vi.fn<() => Promise<string>>(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return 'spent'
  })
  const tries = await Promise.allSettled(Array.from({ length: 5_000 }, () => turn('lnk_1', spend)))
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(spend).toHaveBeenCalledTimes(1)
})

it('those behind one that found it dead ask nothing; a later one asks again', async () => {
  const turn = openTurns()
  const spend = vi.fn<() => Promise<never>>(dead)
  await expect(Promise.all([turn('lnk_1', spend), turn('lnk_1', spend)])).rejects.toThrow(Refusal)
  expect(spend).toHaveBeenCalledTimes(1)
  await expect(turn('lnk_1', spend)).rejects.toThrow(Refusal)
  expect(spend).toHaveBeenCalledTimes(2)
})

it('a try that failed otherwise leaves the link to the next one', async () => {
  const turn = openTurns()
  const tries = [turn('lnk_1', () => Promise.reject(new Error('away'))), turn('lnk_1', async () => 'spent')]
  expect((await Promise.allSettled(tries)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
})

it('another link waits for no one', async () => {
  const turn = openTurns()
  void turn('lnk_1', () => new Promise(() => {}))
  expect(await turn('lnk_2', async () => 'spent')).toBe('spent')
})
