import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  randomFillSync,
} from 'node:crypto'

/**
 * Protects secrets: keyed hashes of what we issued, and seals around what we must read again. Every use has its own key, derived
 * from `PORCHLIGHT_SECRET`, so a value of one kind never passes for another.
 */
export type Secrets = {
  /** The keyed hash to store. */
  hash(kind: HashKind, value: string): Buffer
  /** The keyed hashes to look up: one for each secret of the ring. */
  hashes(kind: HashKind, value: string): Buffer[]
  /**
   * A new secret to hand out, and the keyed hash to store. The hash begins with the second it was made in, so that new rows are
   * adjacent in the index. Only the holder of the key can read that second from the secret; to all others its letters are random.
   */
  issue(kind: IssuedKind, nowMs: number): { secret: string; hash: Buffer }
  /** The keyed hashes an issued secret may be stored under; none for a text that was never issued in that form. */
  issuedHashes(kind: IssuedKind, secret: string): Buffer[]
  seal(kind: SealKind, plain: string): Buffer
  /** @throws when the box was not sealed by us, or for another kind */
  open(kind: SealKind, box: Uint8Array): string
  /** The same for a box that may come from elsewhere, or be of a secret that was lost: `undefined` instead of an error. */
  tryOpen(kind: SealKind, box: Uint8Array): string | undefined
  /** The box as the first secret of the ring seals it, the same one where it already did; `undefined` if no secret opens it. */
  reseal(kind: SealKind, box: Uint8Array): Uint8Array | undefined
}

type IssuedKind = 'link' | 'session' | 'known browser' | 'record choice' | 'setup link' | 'setup session'
type HashKind =
  | 'code'
  | 'browser'
  | 'api token'
  | 'app secret'
  | 'refresh token'
  | 'refresh successor'
  | 'hand-off code'
  | 'link visitor'
  | 'calendar feed'
  | 'shift'
  | 'opportunity'
  | 'limit'
  | 'password tries'
  | 'record try'
  | 'passkey challenge'
  | 'database'
  | 'provider flow'
  | 'logout token'
  | 'vomo account'
  | 'directory address'
  | 'batch address'
export type SealKind =
  | 'vomo token'
  | 'message'
  | 'job'
  | 'signing key'
  | 'rownd link'
  | 'batch row'
  | 'batch link'
  | 'hand-off'
  | 'calendar just made'
  | 'passkey challenge'
  | 'reminders off'
  | 'client secret'
  | 'provider flow'
  | 'provider trial'
  | 'id token'
  | 'password'
  | 'vomo copy'
  | 'vomo person'
  | 'vomo directory'
  | 'vomo directory sheet'
  | 'webhook secret'
  | 'former webhook secret'
  | 'setup'

/** A secret of the ring: gives the key of each use. */
type Key = (use: string) => Buffer

/** With fewer bits, guessing `PORCHLIGHT_SECRET` becomes feasible. */
export const minSecretBytes = 32

/** @param ring secrets of at least 32 bytes; the first hashes and seals, all are tried when reading */
export function openSecrets(ring: readonly string[]): Secrets {
  const [first, ...older] = ring.map((secret) => {
    if (Buffer.byteLength(secret) < minSecretBytes)
      throw new Error('a secret of the ring is shorter than 32 bytes')
    const derived = new Map<string, Buffer>()
    return (use: string) => {
      let key = derived.get(use)
      if (!key) {
        key = Buffer.from(hkdfSync('sha256', secret, 'porchlight', use, 32))
        derived.set(use, key)
      }
      return key
    }
  })
  if (!first) throw new Error('the ring of secrets is empty')
  const newest = first
  const all = [newest, ...older]

  /** @param keys those of the ring to try */
  function openWith(keys: readonly Key[], kind: SealKind, box: Uint8Array): string | undefined {
    const bytes = Buffer.from(box)
    for (const key of keys) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key(`seal ${kind}`), bytes.subarray(0, 12))
        decipher.setAuthTag(bytes.subarray(12, 28))
        return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        // An older secret of the ring may have sealed it.
      }
    }
    return undefined
  }

  function seal(kind: SealKind, plain: string): Buffer {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', newest(`seal ${kind}`), iv)
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), body])
  }

  const hashWith = (key: Buffer, value: string) => createHmac('sha256', key).update(value).digest()

  /** A mask, computable only with the key, over the second in which the secret was made. */
  function veilOf(digest: Buffer): number {
    return digest.readUIntBE(0, secondBytes) % allSeconds
  }

  return {
    hash: (kind, value) => hashWith(first(`hash ${kind}`), value),
    hashes: (kind, value) => all.map((key) => hashWith(key(`hash ${kind}`), value)),
    issue(kind, nowMs) {
      const drawn = randomToken(drawnLength)
      const hash = hashWith(first(`hash ${kind}`), drawn)
      const second = Math.floor(nowMs / 1000)
      const secret = drawn + inLetters((second + veilOf(hash)) % allSeconds, secondLength)
      hash.writeUIntBE(second, 0, secondBytes)
      return { secret, hash }
    },
    issuedHashes(kind, secret) {
      if (!isIssuedForm(secret)) return []
      const veiled = fromLetters(secret.slice(drawnLength))
      return all.map((key) => {
        const hash = hashWith(key(`hash ${kind}`), secret.slice(0, drawnLength))
        hash.writeUIntBE((veiled - veilOf(hash) + allSeconds) % allSeconds, 0, secondBytes)
        return hash
      })
    },
    seal,
    open(kind, box) {
      const opened = openWith(all, kind, box)
      if (opened === undefined) throw new Error(`cannot open a sealed ${kind}`)
      return opened
    },
    tryOpen: (kind, box) => openWith(all, kind, box),
    reseal(kind, box) {
      if (openWith([newest], kind, box) !== undefined) return box
      const opened = openWith(older, kind, box)
      return opened === undefined ? undefined : seal(kind, opened)
    },
  }
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Letters of an issued secret: 26 random ones, 154 bits, and the masked second of its making. Its URL fits on one line of an email. */
const drawnLength = 26
const secondLength = 6
const allSeconds = letters.length ** secondLength
const secondBytes = 6

/** Whether a text looks like an issued secret; others are not worth a hash. */
export function isIssuedForm(text: string): boolean {
  return text.length === drawnLength + secondLength && /^[0-9A-Za-z]+$/.test(text)
}

/** Random letters and digits without bias: 32 of them hold 190 bits. */
export function randomToken(length: number, alphabet: string = letters): string {
  const even = 256 - (256 % alphabet.length)
  let token = ''
  while (token.length < length) {
    const byte = randomByte()
    if (byte < even) token += alphabet[byte % alphabet.length]
  }
  return token
}

/** Random bytes, fetched in bulk because each system call costs as much as hundreds of bytes; each is used once and then erased. */
const drawn = Buffer.alloc(2048)
let used = drawn.length

function randomByte(): number {
  if (used === drawn.length) {
    randomFillSync(drawn)
    used = 0
  }
  const byte = drawn[used] as number
  drawn[used] = 0
  used += 1
  return byte
}

/** `per_…`, `cus_…`: an id shows its kind, and is not a secret. */
export function newId(prefix: string): string {
  return `${prefix}_${randomToken(20)}`
}

const momentLength = 8

/**
 * An id for frequent rows: it begins with its time, so that new rows are adjacent in the index. With random ids each insert would
 * change a different page, and every changed page is written and flushed with the commit.
 */
export function newIdAt(prefix: string, nowMs: number): string {
  return `${prefix}_${inLetters(nowMs, momentLength)}${randomToken(20 - momentLength)}`
}

/** Sorts before every such id of this time and later, and after every earlier one. */
export function firstIdAt(prefix: string, ms: number): string {
  return `${prefix}_${inLetters(Math.max(0, ms), momentLength)}`
}

/** The time of such an id. */
export function timeOfId(id: string): number {
  const start = id.indexOf('_') + 1
  return fromLetters(id.slice(start, start + momentLength))
}

/** The last this many digits of a number, in base 62. */
function inLetters(value: number, length: number): string {
  let text = ''
  let left = value
  for (let i = 0; i < length; i += 1) {
    text = letters.charAt(left % letters.length) + text
    left = Math.floor(left / letters.length)
  }
  return text
}

function fromLetters(text: string): number {
  let value = 0
  for (const letter of text) value = value * letters.length + letters.indexOf(letter)
  return value
}
