import { describe, expect, it } from 'vitest'
import { fieldVerifiedBy, normalisePhone, readIdentifier } from './identifiers.ts'
import { defaultProfileSchema } from './profile-schema.ts'

describe('a phone number', () => {
  it.each([
    ['+19195550123', '+19195550123'],
    ['  +1 919 555 0123 ', '+19195550123'],
    ['+1 (919) 555-0123', '+19195550123'],
    ['+1.919.555.0123', '+19195550123'],
    ['+49 30 1234567', '+49301234567'],
    ['+44\u00a020\u00a07946\u00a00958', '+442079460958'],
    ['+1‑919‑555‑0123', '+19195550123'],
    ['+123456789012345', '+123456789012345'],
  ])('written as %j is %s', (text, number) => {
    expect(normalisePhone(text)).toBe(number)
  })

  it.each([
    ['919 555 0123', 'no country'],
    ['19195550123', 'no plus'],
    ['0049301234567', 'a dialling prefix is no plus'],
    ['+0301234567', 'no country begins with 0'],
    ['+49 (0)30 1234567', 'a trunk digit is not dialled from abroad'],
    ['+1234567890123456', 'sixteen digits'],
    ['+123456', 'six digits'],
    ['+1919555O123', 'a letter'],
    ['+1 919 555 0123 ext 7', 'an extension'],
    ['++19195550123', 'two pluses'],
    ['+1 919 555 0123, +1 919 555 0124', 'two numbers'],
    ['+１９１９５５５０１２３', 'digits of another script'],
    ['+1919\n5550123', 'a line break'],
    [`+1${' '.repeat(60)}9195550123`, 'too long'],
    ['', 'nothing'],
    ['+', 'nothing after it'],
  ])('%j is none: %s', (text) => {
    expect(normalisePhone(text)).toBeUndefined()
  })
})

describe('what identifies', () => {
  it.each([
    ['email', ' Ana@Example.ORG ', 'ana@example.org'],
    ['phone_number', '+1 919 555 0123', '+19195550123'],
    ['phone', '+1 919 555 0123', '+19195550123'],
    ['google_id', ' 1099 ', '1099'],
  ])('%s %j is kept as %s', (field, text, value) => {
    expect(readIdentifier(field, text)).toEqual({ value })
  })

  it.each([
    ['email', 'ana'],
    ['phone_number', '919 555 0123'],
    ['google_id', '  '],
    ['google_id', 'a\u0000b'],
  ])('%s cannot be %j', (field, text) => {
    expect(readIdentifier(field, text)).toHaveProperty('broken')
  })

  it('by phone is whichever of its names the schema has', () => {
    const { phone_number: phone, ...others } = defaultProfileSchema
    const of = (schema: object, verificationFields: string[]) =>
      fieldVerifiedBy({ schema: schema as typeof defaultProfileSchema, verificationFields }, 'phone')
    expect(of(defaultProfileSchema, ['email', 'phone_number'])).toBe('phone_number')
    expect(of({ ...others, phone }, ['phone'])).toBe('phone')
    expect(of(defaultProfileSchema, ['email'])).toBeUndefined()
    expect(of(others, ['phone_number'])).toBeUndefined()
  })
})
