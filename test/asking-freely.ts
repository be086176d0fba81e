import type { LimitSettings } from '../src/limits.ts'

/** No limit on asking for sign-in emails, for tests about something else. */
export const askingFreely = {
  signInRequestsPerNetwork: undefined,
  signInRequestsFromKnownBrowsers: undefined,
  mailsPerPerson: undefined,
  lookUpsPerAddress: undefined,
} satisfies Partial<LimitSettings>
