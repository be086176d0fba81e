import { dayIn } from '../../time/zones.ts'
import type { HeldCertificates } from '../../vomo/copies/certificates.ts'
import type { Held, VomoUserDetail } from '../../vomo/types.ts'
import type { CertificatesAnswer } from './answers.ts'

type CertificateState = 'valid' | 'expires_soon' | 'expired' | 'no_end'

/** The volunteer has this long to renew it before it expires. */
const soonDays = 60

/**
 * The certificates a volunteer holds, if VOMO says so, and those the customer defines. VOMO promises only the second.
 *
 * @param defined `undefined` until it was read
 * @param at.timeZone the customer's: a certificate ends with a day there
 */
export function toCertificates(
  record: Held<VomoUserDetail>,
  defined: HeldCertificates | undefined,
  { nowMs, timeZone }: { nowMs: number; timeZone: string },
): CertificatesAnswer {
  const held = record.value.certificates
  const today = dayIn(timeZone, nowMs)
  const soon = dayIn(timeZone, nowMs + soonDays * 86_400_000)
  return {
    data: (held ?? [])
      .map(({ name, earnedOn, expiresOn }) => ({
        name,
        earned_on: earnedOn,
        expires_on: expiresOn,
        state: stateOf(expiresOn, { today, soon }),
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    told: held !== null,
    defined: (defined?.value ?? []).map(({ name, description, validForDays }) => ({
      name,
      description,
      valid_for_days: validForDays,
    })),
    complete: defined !== undefined,
    as_of: new Date(record.fetchedAtMs).toISOString(),
  }
}

/** Days as `YYYY-MM-DD` sort as text. */
function stateOf(
  expiresOn: string | null,
  { today, soon }: { today: string; soon: string },
): CertificateState {
  if (expiresOn === null) return 'no_end'
  if (expiresOn < today) return 'expired'
  return expiresOn <= soon ? 'expires_soon' : 'valid'
}
