import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { isSigned } from './signature.ts'

const body = Buffer.from('{"type":"user.updated"}')
const signed = (secret: string, bytes: Uint8Array = body) =>
  createHmac('sha256', secret).update(bytes).digest('hex')

it('is VOMO’s signature with the secret, or with the one before it', () => {
  expect(isSigned(body, signed('new'), ['new', undefined])).toBe(true)
  expect(isSigned(body, signed('new'), ['new', 'old'])).toBe(true)
  expect(isSigned(body, signed('old'), ['new', 'old'])).toBe(true)
  expect(isSigned(body, signed('old'), ['new', undefined])).toBe(false)
})

it('is over the raw bytes, and in lower-case hex', () => {
  const bytes = Uint8Array.of(0xff, 0x00, 0x0a, 0xc3)
  expect(isSigned(bytes, signed('new', bytes), ['new', undefined])).toBe(true)
  expect(isSigned(body, signed('new', bytes), ['new', undefined])).toBe(false)
  expect(isSigned(body, signed('new').toUpperCase(), ['new', undefined])).toBe(false)
  expect(isSigned(body, `sha256=${signed('new')}`, ['new', undefined])).toBe(false)
  expect(isSigned(body, signed('new').slice(0, 63), ['new', undefined])).toBe(false)
})

it('is never there without a secret, whatever was guessed of what is computed in its place', () => {
  for (const secret of ['', 'undefined', 'there is no secret'])
    expect(isSigned(body, signed(secret), [undefined, undefined])).toBe(false)
  expect(isSigned(body, undefined, [undefined, undefined])).toBe(false)
  expect(isSigned(body, undefined, ['new', undefined])).toBe(false)
})
