import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Method } from './method.ts'

/** A browser that signs in by one method, at a portal of its own. */
export type Attempt = {
  /** All steps before the proof. @returns what the browser saw, without what differs by chance */
  begin: (address: string) => Promise<unknown>
  /** Brings the proof. */
  finish: () => Promise<unknown>
  /** The kinds of proof of the sessions that the person with this address has. */
  proofs: () => Promise<readonly string[]>
}

export type Opened = {
  attempt: () => Attempt
  /** Addresses of two people on record, and one that is not on it. */
  known: readonly [string, string]
  unknown: string
  close: () => Promise<void>
}

/** What every way to sign in holds. Each row of `methods.ts` runs it. */
export function methodContract(method: Method, open: () => Promise<Opened>): void {
  describe(`signing in by ${method.name}`, () => {
    let opened: Opened
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    it('answers people on record and strangers alike', async () => {
      const { known, unknown, attempt } = opened
      expect(await attempt().begin(unknown)).toEqual(await attempt().begin(known[0]))
    })

    it('opens a session with the proof, not before, and the session tells which proof it was', async () => {
      const attempt = opened.attempt()
      await attempt.begin(opened.known[1])
      expect(await attempt.proofs()).toEqual([])
      await attempt.finish()
      expect(await attempt.proofs()).toEqual([method.proof])
    })
  })
}
