import { z } from 'zod'
import type { Passkey } from './passkeys.ts'
import type { RelyingParty } from './relying-party.ts'

/** Ed25519, ES256 and RS256: what browsers and security keys make. */
export const algorithms = [-8, -7, -257]

const base64url = z
  .string()
  .max(20_000)
  .regex(/^[A-Za-z0-9_-]+$/)
const transport = z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'])
const credential = { id: base64url.max(1_400), rawId: base64url.max(1_400), type: z.literal('public-key') }

/** A credential as our script writes it, after WebAuthn's `toJSON`. */
const signed = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.max(100),
  }),
})
const made = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string()).max(10),
  }),
})

export type Signed = z.infer<typeof signed>

/** What a passkey says of itself as it signs. */
export type Used = { signCount: number; isBackedUp: boolean }

/** @param text of a form's field; `undefined` for what cannot be a signature */
export function readSigned(text: string | undefined): Signed | undefined {
  return signed.safeParse(jsonIn(text)).data
}

function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

/**
 * Whether a passkey signed this challenge for us, with its holder verified. The caller judges its count: the library would compare
 * it before the signature, and so let a stranger who knows a passkey's id have it refused.
 *
 * @returns its count and whether it is backed up; `undefined` when anything is wrong
 */
export async function verifySigned(
  { response, ...answer }: Signed,
  by: { passkey: Passkey; challenge: string; party: RelyingParty },
): Promise<Used | undefined> {
  const { passkey, challenge, party } = by
  if (response.userHandle !== passkey.userHandle || isFramed(response.clientDataJSON)) return undefined
  const { verifyAuthenticationResponse } = await library()
  const verified = await unlessInvalid(
    verifyAuthenticationResponse({
      response: { ...answer, response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential: { id: passkey.credentialId, publicKey: passkey.publicKey, counter: 0 },
      requireUserVerification: true,
    }),
  )
  if (!verified?.verified) return undefined
  const { newCounter, credentialDeviceType, credentialBackedUp } = verified.authenticationInfo
  // Whether a passkey may be backed up is decided when it is made.
  if ((credentialDeviceType === 'multiDevice') !== passkey.isBackupEligible) return undefined
  return { signCount: newCounter, isBackedUp: credentialBackedUp }
}

/** A passkey that was just made for us. @param text of a form's field @returns `undefined` when anything is wrong */
export async function verifyMade(
  text: string | undefined,
  by: { challenge: string; party: RelyingParty },
): Promise<
  | Pick<
      Passkey,
      'credentialId' | 'publicKey' | 'signCount' | 'isBackupEligible' | 'isBackedUp' | 'transports'
    >
  | undefined
> {
  const { challenge, party } = by
  const read = made.safeParse(jsonIn(text)).data
  if (!read || isFramed(read.response.clientDataJSON)) return undefined
  const transports = read.response.transports.flatMap((each) => transport.safeParse(each).data ?? [])
  const { verifyRegistrationResponse } = await library()
  const verified = await unlessInvalid(
    verifyRegistrationResponse({
      response: { ...read, response: { ...read.response, transports }, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    }),
  )
  if (!verified?.verified) return undefined
  const { credential: key, credentialDeviceType, credentialBackedUp } = verified.registrationInfo
  // The library does not compare the id that was sent with the one that was made.
  if (key.id !== read.id) return undefined
  return {
    credentialId: key.id,
    publicKey: key.publicKey,
    signCount: key.counter,
    isBackupEligible: credentialDeviceType === 'multiDevice',
    isBackedUp: credentialBackedUp,
    transports,
  }
}

/** Loaded at the first use: it takes a fifth of a second and 25 MB, and many portals never need it. */
function library() {
  return import('@simplewebauthn/server')
}

/** The library throws for what is wrong; what it throws may quote the sender, so it is not logged. */
async function unlessInvalid<Verified>(verifying: Promise<Verified>): Promise<Verified | undefined> {
  try {
    return await verifying
  } catch {
    return undefined
  }
}

/** Signed in a frame of another site's page; ours cannot be framed. */
function isFramed(clientData: string): boolean {
  const read = z
    .object({ crossOrigin: z.boolean().optional() })
    .safeParse(jsonIn(Buffer.from(clientData, 'base64url').toString('utf8'))).data
  return read?.crossOrigin === true
}
