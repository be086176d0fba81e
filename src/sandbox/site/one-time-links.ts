import { createHash, randomBytes } from 'node:crypto'
import { isSameIpAddress } from '../world/ip-address.ts'

/** What a link was made for. */
type Grant = {
  customerSlug: string
  userId: number
  /** The address of the visitor who will click. */
  ipAddress: string
  /** Where the click leads. */
  path: string
}

type ClickRules = { isIpChecked: boolean; doesWrongIpSpend: boolean }

/** Links that sign a person in at VOMO, once. A new link leaves the person's older ones valid. */
export function makeOneTimeLinks(clock: () => number) {
  const links = new Map<string, Grant & { expiresAtMs: number }>()

  function forgetExpired(): void {
    for (const [hash, { expiresAtMs }] of links) if (expiresAtMs <= clock()) links.delete(hash)
  }

  return {
    /** @returns the token, which is not stored */
    issue(grant: Grant, lifeMs: number): string {
      forgetExpired()
      const token = randomBytes(32).toString('base64url')
      links.set(hashOf(token), { ...grant, expiresAtMs: clock() + lifeMs })
      return token
    },

    /** Checks and spends in one synchronous step, so of two clicks on one link exactly one signs in. */
    click(token: string, ipAddress: string, rules: ClickRules): Grant | 'not usable' | 'wrong address' {
      const hash = hashOf(token)
      const link = links.get(hash)
      if (!link || link.expiresAtMs <= clock()) return 'not usable'
      const isRightAddress = !rules.isIpChecked || isSameIpAddress(link.ipAddress, ipAddress)
      if (isRightAddress || rules.doesWrongIpSpend) links.delete(hash)
      return isRightAddress ? link : 'wrong address'
    },
  }
}

export type OneTimeLinks = ReturnType<typeof makeOneTimeLinks>

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
