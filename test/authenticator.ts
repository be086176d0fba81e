import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { NewPasskey } from '../src/sign-in/passkey/passkeys.ts'

/** An authenticator made of numbers, which lies as it is told. */

const upFlag = 0x01
const uvFlag = 0x04
const backupEligible = 0x08
const backedUp = 0x10
const attested = 0x40

type Lies = {
  origin?: string
  rpId?: string
  type?: string
  challenge?: string
  /** What the device says of its user. */
  flags?: number
  userHandle?: string | undefined
  crossOrigin?: boolean
  /** Signed by another key. */
  key?: KeyObject
  id?: string
  signature?: (bytes: Buffer) => Buffer
  signCount?: number
}

export type SoftKey = ReturnType<typeof makeKey>

export function makeKey({ origin, userHandle }: { origin: string; userHandle: string }) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const rpId = new URL(origin).hostname
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const cose = Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
    Buffer.from(x, 'base64url'),
    Buffer.from([0x22, 0x58, 0x20]),
    Buffer.from(y, 'base64url'),
  ])
  let signCount = 0

  function clientData(type: string, challenge: string, lies: Lies): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
        origin: lies.origin ?? origin,
        crossOrigin: lies.crossOrigin ?? false,
      }),
    )
  }

  function authenticatorData(flags: number, lies: Lies): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(lies.signCount ?? signCount)
    return Buffer.concat([
      createHash('sha256')
        .update(lies.rpId ?? rpId)
        .digest(),
      Buffer.from([lies.flags ?? flags]),
      counter,
    ])
  }

  const idText = (lies: Lies) => lies.id ?? id.toString('base64url')

  return {
    id: id.toString('base64url'),
    privateKey,
    /** As `addPasskey` takes it, for a host. */
    keptAt(host: string): NewPasskey {
      return {
        credentialId: id.toString('base64url'),
        /** COSE. */
        publicKey: new Uint8Array(cose),
        host,
        userHandle,
        name: 'Phone',
        transports: [],
        signCount: 0,
        isBackupEligible: true,
        isBackedUp: true,
      }
    },
    /** What the browser posts for a new one. */
    made(challenge: string, lies: Lies = {}): string {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const data = Buffer.concat([
        authenticatorData(upFlag | uvFlag | backupEligible | backedUp | attested, lies),
        Buffer.alloc(16),
        length,
        id,
        cose,
      ])
      const text = (value: string) => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)])
      const attestationObject = Buffer.concat([
        Buffer.from([0xa3]),
        text('fmt'),
        text('none'),
        text('attStmt'),
        Buffer.from([0xa0]),
        text('authData'),
        Buffer.from([0x58, data.length]),
        data,
      ])
      return JSON.stringify({
        id: idText(lies),
        rawId: idText(lies),
        type: 'public-key',
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, lies).toString('base64url'),
          attestationObject: attestationObject.toString('base64url'),
          transports: ['internal', 'something new'],
        },
      })
    },
    /** What the browser posts to sign in. */
    signed(challenge: string, lies: Lies = {}): string {
      if (lies.signCount === undefined) signCount += 1
      const data = authenticatorData(upFlag | uvFlag | backupEligible | backedUp, lies)
      const client = clientData('webauthn.get', challenge, lies)
      const bytes = Buffer.concat([data, createHash('sha256').update(client).digest()])
      const signature = sign('sha256', bytes, lies.key ?? privateKey)
      return JSON.stringify({
        id: idText(lies),
        rawId: idText(lies),
        type: 'public-key',
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: (lies.signature?.(signature) ?? signature).toString('base64url'),
          userHandle: 'userHandle' in lies ? lies.userHandle : userHandle,
        },
      })
    },
  }
}

/** A device that says nothing of who used it. */
export const unverified = upFlag | backupEligible | backedUp
/** A device that was not touched. */
export const untouched = uvFlag | backupEligible | backedUp
/** A device that says it can no longer be backed up. */
export const unbacked = upFlag | uvFlag
