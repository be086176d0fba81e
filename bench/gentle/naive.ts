import { request } from 'undici'
import type { Visit } from './day-plan.ts'
import { startVomo } from './house.ts'
import type { VirtualTime } from './virtual-time.ts'

/** How long the recipe keeps an answer where it keeps any. */
const keptMs = 60_000

/**
 * The portal as VOMO's recipe for one has it, beside a VOMO of its own and on the same day: a search for the address with each sign-in, and five calls
 * for a page (the record for the identity, and profile, shifts, opportunities, certificates). Where VOMO refuses, the page fails.
 *
 * @param given.keeps whether it keeps each answer for a minute, as the recipe advises
 * @see https://docs.virtuous.org/volunteer/workflows/build-a-volunteer-portal
 */
export async function followRecipe(
  time: VirtualTime,
  visits: readonly Visit[],
  { keeps }: { keeps: boolean },
) {
  const { sandbox, token, close } = await startVomo(time)
  const kept = new Map<string, number>()
  const counts = { calls: 0, refused: 0, pages: 0, failedPages: 0 }

  /** @returns whether it was answered */
  async function call(path: string, whose: string): Promise<boolean> {
    const key = `${whose} ${path}`
    if (keeps && time.now() - (kept.get(key) ?? -Infinity) < keptMs) return true
    counts.calls += 1
    const askedAtMs = time.now()
    const { statusCode, body } = await request(`${sandbox.url}/v1${path}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    await body.dump()
    if (statusCode === 429) counts.refused += 1
    if (statusCode !== 200) return false
    kept.set(key, askedAtMs)
    return true
  }

  async function visit({ atMs, volunteer, gapsMs, signsIn }: Visit): Promise<void> {
    const { vomoUserId: id, address } = volunteer
    await time.sleepUntil(atMs)
    if (signsIn) await call(`/users?email_like=${encodeURIComponent(address)}`, 'sign-in')
    for (const gapMs of gapsMs) {
      const own = [`/users/${id}`, `/users/${id}?profile`, `/users/${id}?participations`].map((path) =>
        call(path, String(id)),
      )
      const shared = ['/projects?page=1', '/certificates'].map((path) => call(path, 'everybody'))
      counts.pages += 1
      if (!(await Promise.all([...own, ...shared])).every(Boolean)) counts.failedPages += 1
      await time.sleep(gapMs)
    }
  }

  await Promise.all(visits.map(visit))
  await close()
  return counts
}
