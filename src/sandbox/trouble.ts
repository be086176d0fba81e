import { type Answer, gatewayPage, serverError } from './api/answers.ts'
import type { SandboxOptions } from './options.ts'
import { makeRandom } from './world/random.ts'

/** Decides which calls fail: first the counted ones, then a share that is the same on every run. */
export function makeFailures() {
  const random = makeRandom(1, 'trouble')
  return function isNextFailing(options: SandboxOptions): boolean {
    if (options.fail_next > 0) {
      options.fail_next -= 1
      return true
    }
    return options.fail_rate > 0 && random.chance(options.fail_rate)
  }
}

/** The gateway answers 502, 503 and 504, as HTML; VOMO itself answers the others, as JSON. */
export function failure({
  fail_status: status,
}: SandboxOptions): Answer | { status: Answer['status']; html: string } {
  const isGateway = status >= 502
  return isGateway ? { status, html: gatewayPage(status) } : { ...serverError, status }
}

/** Whether a gateway answers this path as if VOMO were not there. */
export function isHidden(path: string, { not_found: hidden }: SandboxOptions): boolean {
  if (hidden === 'users' || hidden === 'projects') return new RegExp(`^/v1/${hidden}/[^/]+$`).test(path)
  return hidden === 'everything'
}
