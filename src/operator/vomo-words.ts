import type { AccessProblem } from '../vomo/flow/check-access.ts'

/** What an operator reads about a VOMO we cannot use: the option to check, and the end of a sentence about it. */
export const accessWords: Record<AccessProblem, { option: string; rule: (baseUrl: string) => string }> = {
  no_access: { option: 'vomo-token-file', rule: () => 'was never given' },
  not_there: {
    option: 'vomo-url',
    rule: (baseUrl) =>
      `leads to no VOMO: ${baseUrl} answers as something else${/\/v\d+$/.test(baseUrl) ? '' : `. Did you mean ${baseUrl}/v1?`}`,
  },
  token_refused: { option: 'vomo-token-file', rule: (baseUrl) => `holds a token that ${baseUrl} refuses` },
  unreachable: { option: 'vomo-url', rule: (baseUrl) => `cannot be reached: ${baseUrl} gives no answer` },
  not_now: {
    option: 'vomo-url',
    rule: (baseUrl) =>
      `could not be checked: the calls to ${baseUrl} for this minute are used up. Try again in a minute`,
  },
}
