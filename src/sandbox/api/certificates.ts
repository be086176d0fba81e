import { wireTime } from '../world/timestamps.ts'
import type { Certificate, User } from '../world/world.ts'
import { type Call, type Endpoint, wireId } from './call.ts'
import { page } from './paging.ts'

/** Definitions only. VOMO has no call for who holds one. */
export const listCertificates: Endpoint = (call) =>
  page(call, call.records.certificates, (certificate) => wireCertificate(call, certificate))

function wireCertificate(call: Call, certificate: Certificate) {
  return {
    type: 'certificate',
    id: wireId(call, certificate.id),
    name: certificate.name,
    description: certificate.description,
    expiration_length: certificate.expiration_length,
    created_at: wireTime(certificate.created_at_ms),
    updated_at: wireTime(certificate.created_at_ms),
  }
}

/** What a user's detail may carry, in the shape we guess; nothing unless the option is on. */
export function wireEarned(call: Call, user: User) {
  if (!call.options.user_certificates) return {}
  const earned = call.records.earned.filter(({ user_id }) => user_id === user.id)
  return {
    certificates: earned.map(({ certificate_id, earned_at_ms, expires_at_ms }) => ({
      id: wireId(call, certificate_id),
      name: call.records.certificates.find(({ id }) => id === certificate_id)?.name ?? null,
      earned_at: wireTime(earned_at_ms),
      expires_at: expires_at_ms === null ? null : wireTime(expires_at_ms),
    })),
  }
}
