import { isRefusal, Refusal } from '../errors.ts'

/** One try to spend a link at a time, in this process. */
export type Turns = <T>(linkId: string, spend: () => Promise<T>) => Promise<T>

/**
 * Tries of one link by the thousand would each take a connection and wait for the same row, until the pool refuses them and everyone
 * else. So they wait here for the one before. Once that one has spent the link, or found it dead, those behind it are refused without asking: a dead
 * link stays dead.
 */
export function openTurns(): Turns {
  /** The last try of each link: whether it left the link dead. */
  const last = new Map<string, Promise<boolean>>()

  return async (linkId, spend) => {
    const before = last.get(linkId)
    const tried = after(before, spend)
    const leftDead = tried.then(
      () => true,
      (error: unknown) => isRefusal(error, 'link_not_usable'),
    )
    last.set(linkId, leftDead)
    try {
      return await tried
    } finally {
      if (last.get(linkId) === leftDead) last.delete(linkId)
    }
  }
}

/** @throws {Refusal} 'link_not_usable' */
async function after<T>(before: Promise<boolean> | undefined, spend: () => Promise<T>): Promise<T> {
  if (await before) throw new Refusal('link_not_usable')
  return spend()
}
