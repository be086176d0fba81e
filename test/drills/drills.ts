import { setTimeout as pause } from 'node:timers/promises'
import type { OwnServer } from '../../src/store/postgres-server.fixture.ts'
import type { Four } from '../four.ts'
import { putUnderLoad } from './load.ts'

export type Figures = Readonly<Record<string, number>>

/** Any of four processes is killed, and another takes its place. */
export async function kill(four: Four, rounds: number): Promise<Figures> {
  const load = await putUnderLoad(four, 'kill')
  for (let round = 0; round < rounds; round += 1) {
    const next = four.add()
    await pause(Math.random() * 300)
    await four.kill(Math.floor(Math.random() * 4))
    await next
  }
  const wellMs = await load.untilWell()
  return { kills: rounds, ...(await load.settle(rounds)), 'well after ms': Math.round(wellMs) }
}

/** @param harm ends once what it broke is back */
async function disturb(
  four: Four,
  name: string,
  given: { rounds: number; harm: (round: number) => Promise<void> },
): Promise<Figures> {
  const load = await putUnderLoad(four, name)
  let maxMs = 0
  for (let round = 0; round < given.rounds; round += 1) {
    await pause(500)
    await given.harm(round)
    maxMs = Math.max(maxMs, await load.untilWell())
  }
  const jobsAtOnce = 64 * four.portals.length
  const settled = await load.settle(given.rounds * jobsAtOnce)
  return { rounds: given.rounds, ...settled, 'well after ms, at most': Math.round(maxMs) }
}

export const restart = (four: Four, server: OwnServer, rounds: number) =>
  disturb(four, 'restart', { rounds, harm: () => server.restart() })

/** It crashes, and is away for a while, as until a standby has its place. */
export const failover = (four: Four, server: OwnServer, rounds: number) =>
  disturb(four, 'failover', { rounds, harm: () => server.restart({ crashes: true, awayMs: 3_000 }) })

export const cut = (four: Four, rounds: number) =>
  disturb(four, 'cut', {
    rounds,
    async harm() {
      for (let times = 0; times < 5; times += 1) {
        for (const { proxy } of four.portals) proxy.cut()
        await pause(50)
      }
    },
  })

/** @param disk fills it, and makes room again */
export const diskFull = (
  four: Four,
  server: OwnServer,
  given: { rounds: number; disk: { fill(): void; free(): void } },
) =>
  disturb(four, 'disk-full', {
    rounds: given.rounds,
    async harm() {
      given.disk.fill()
      await pause(4_000)
      given.disk.free()
      // A full disk may end the server, which its supervisor starts again.
      await server.revive()
    },
  })
