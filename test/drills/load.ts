import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Four } from '../four.ts'

/** What the promises allow: all is well again this long after what was broken is back. */
export const recoveryMs = 10_000
/** Within this, work of a dead process is another's: see docs/decisions/0041-many-processes.md. */
const handOverMs = 30_000
const spenders = 6
const askers = 3

type Outcome = 'won' | 'lost' | 'refused' | 'unknown'

export type Load = Awaited<ReturnType<typeof putUnderLoad>>

/**
 * Sign-ins by mailed links, each link tried once, and requests for sign-in emails, each for another volunteer, at processes chosen at
 * random, until it is stopped.
 */
export async function putUnderLoad(four: Four, run: string) {
  const links: { secret: string; id: string; outcome: Outcome }[] = []
  const acknowledged: string[] = []
  const counts = { refused: 0, unknown: 0, failed: 0 }
  let isOver = false
  let made = 0

  async function at<T>(work: (port: number) => Promise<T>): Promise<T | undefined> {
    const portal = four.portals[Math.floor(Math.random() * four.portals.length)]
    try {
      return await work(portal?.port ?? 0)
    } catch (error) {
      // No connection, so nothing was asked.
      if (!/ECONNREFUSED/.test(String((error as { code?: string }).code))) counts.unknown += 1
      await pause(20)
      return undefined
    }
  }

  function note(status: number): Outcome {
    if (status === 303 || status === 202) return 'won'
    if (status === 410) return 'lost'
    if (status === 503) {
      counts.refused += 1
      return 'refused'
    }
    // A commit that was cut off may have happened.
    counts.failed += 1
    return 'unknown'
  }

  async function spend(): Promise<void> {
    while (!isOver) {
      const link = await four.newLink(`${run}-${(made += 1)}`).catch(() => undefined)
      if (!link) {
        await pause(50)
        continue
      }
      const answer = await at((port) => four.askAt(port, 'POST', `/auth/${link.secret}`))
      links.push({ ...link, outcome: answer ? note(answer.status) : 'unknown' })
      await pause(5)
    }
  }

  async function ask(): Promise<void> {
    while (!isOver) {
      const address = `${run}-asks-${(made += 1)}@example.org`
      const given = {
        body: JSON.stringify({ email: address }),
        headers: { 'content-type': 'application/json' },
      }
      const answer = await at((port) => four.askAt(port, 'POST', '/portal/api/sign-in', given))
      if (answer && note(answer.status) === 'won') acknowledged.push(address)
      await pause(100)
    }
  }

  const working = [...Array.from({ length: spenders }, spend), ...Array.from({ length: askers }, ask)]

  /** How long it takes until every process signs a person in and takes a request. */
  async function untilWell(): Promise<number> {
    const sinceMs = performance.now()
    await Promise.all(
      four.portals.map(async ({ port }) => {
        await expect
          .poll(() => statusesAt(port).catch(() => []), { timeout: recoveryMs, interval: 50 })
          .toEqual([303, 200])
      }),
    )
    return performance.now() - sinceMs
  }

  async function statusesAt(port: number): Promise<number[]> {
    const { secret } = await four.newLink(`${run}-well-${(made += 1)}`)
    const signedIn = await four.askAt(port, 'POST', `/auth/${secret}`)
    return [signedIn.status, (await four.askAt(port, 'GET', '/readyz')).status]
  }

  return {
    untilWell,
    /** The links that have signed a person in so far. */
    won: () => links.filter(({ outcome }) => outcome === 'won').map(({ id }) => id),
    /** Stops, and looks whether every promise was kept. @param ends how often something was killed or cut */
    async settle(ends: number) {
      isOver = true
      await Promise.all(working)
      const sessions = await four.sessionsByLink()
      const wrong = links.filter(({ id, outcome }) => {
        const opened = sessions.get(id) ?? 0
        if (outcome === 'won') return opened !== 1
        return outcome === 'unknown' ? opened > 1 : opened !== 0
      })
      expect(wrong, 'one session for each sign-in, none without, none twice').toEqual([])
      // What was not spent still signs in, and what was is dead.
      for (const { secret, id } of links.filter(({ outcome }) => outcome !== 'won').slice(0, 200)) {
        const { status } = await four.ask('POST', `/auth/${secret}`)
        expect(status, id).toBe(sessions.has(id) ? 410 : 303)
      }

      const mailed = () => {
        const byAddress = new Map<string, Set<string>>()
        for (const { to, messageId } of four.emails())
          byAddress.set(to, (byAddress.get(to) ?? new Set()).add(messageId))
        return byAddress
      }
      const unmailed = () => acknowledged.filter((address) => !mailed().has(address))
      await expect.poll(unmailed, { timeout: handOverMs + recoveryMs, interval: 200 }).toEqual([])
      expect(
        [...mailed()].filter(([, ids]) => ids.size > 1),
        'one email for each request',
      ).toEqual([])
      const sent = four.emails().length
      const distinct = new Set(four.emails().map(({ messageId }) => messageId)).size
      expect(sent - distinct, 'sent again only where a process ended').toBeLessThanOrEqual(ends)

      await expect.poll(() => four.stuck(), { timeout: handOverMs, interval: 200 }).toEqual([])
      return {
        'sign-ins': links.filter(({ outcome }) => outcome === 'won').length,
        'requests for emails': acknowledged.length,
        'emails sent twice': sent - distinct,
        'answered 503': counts.refused,
        'answered 500': counts.failed,
        'cut off': counts.unknown,
      }
    },
  }
}
