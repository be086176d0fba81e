import { randomToken, type Secrets } from '../secrets.ts'

/** Thirty letters and digits that people do not confuse: no 0, O, 1, I, L, U. Eight of them are 39 bits. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 8

export function newCode(): string {
  return randomToken(codeLength, alphabet)
}

/** `ABCD-EFGH`, as a person reads it. */
export function showCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** Accepts a typed or pasted code with or without hyphen, spaces or capitals; `undefined` when it cannot be a code. */
export function readCode(text: string): string | undefined {
  const code = text.replace(/[\s\p{Pd}\p{Cf}.]/gu, '').replace(/[a-z]/g, (letter) => letter.toUpperCase())
  return code.length === codeLength && [...code].every((letter) => alphabet.includes(letter))
    ? code
    : undefined
}

/** A code opens only the request it was mailed for, so its hash includes the request. */
export function codeHash(secrets: Secrets, requestId: string, code: string): Buffer {
  return secrets.hash('code', `${requestId} ${code}`)
}

export function codeHashes(secrets: Secrets, requestId: string, code: string): Buffer[] {
  return secrets.hashes('code', `${requestId} ${code}`)
}
