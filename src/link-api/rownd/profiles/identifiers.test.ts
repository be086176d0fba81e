import { describe, expect, it } from 'vitest'
import { defaultProfileSchema } from '../application/profile-schema.ts'
import { fieldVerifiedBy, readIdentifier } from './identifiers.ts'

describe('what identifies', () => {
  it.each([
    ['email', ' Ana@Example.ORG ', 'ana@example.org'],
    ['phone_number', '+1 919 555 0123', '+19195550123'],
    ['phone', '919 555 0123', '+19195550123'],
    ['google_id', ' 1099 ', '1099'],
  ])('%s %j is kept as %s', (field, text, value) => {
    expect(readIdentifier(field, text, 'US')).toEqual({ value })
  })

  it.each([
    ['email', 'ana'],
    ['phone_number', '555 0123'],
    ['google_id', '  '],
    ['google_id', 'a\u0000b'],
  ])('%s cannot be %j', (field, text) => {
    expect(readIdentifier(field, text, 'US')).toHaveProperty('broken')
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
