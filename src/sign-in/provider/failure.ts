import type { RefusedSignIn } from './refused.ts'

/**
 * A provider gave no answer that signs its visitor in. Carries no token and no claim; `detail` is a code or the name of a rule.
 */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure'
  readonly because: RefusedSignIn
  readonly detail: string

  constructor(because: RefusedSignIn, detail: string) {
    super(`a provider: ${because} (${detail})`)
    this.because = because
    this.detail = detail
  }
}

/** The failure that a library wrapped. */
export function failureIn(error: unknown): ProviderFailure | undefined {
  for (let each = error; each instanceof Error; each = each.cause)
    if (each instanceof ProviderFailure) return each
  return undefined
}
