import { describe, expect, it } from 'vitest'
import { defaultProfileSchema } from '../application/profile-schema.ts'
import { RowndError } from '../envelope.ts'
import { whatIsProved } from './handlers.ts'

const application = { schema: defaultProfileSchema, verificationFields: ['email', 'phone_number'] }
const [email, phone_number] = ['ann@x.example', '+19195550100']
const stored = { data: { email: 'old@x.example', phone_number: '+19195550199' } }

describe('what visiting a link proves', () => {
  it.each([
    ['e-mail goes before phone', undefined, { email, phone_number }, undefined, 'email', email],
    [
      'a phone where there is no e-mail',
      undefined,
      { phone_number },
      undefined,
      'phone_number',
      phone_number,
    ],
    ['the data goes before the profile', undefined, { phone_number }, stored, 'phone_number', phone_number],
    ['the profile where the data has neither', undefined, {}, stored, 'email', 'old@x.example'],
    ['the type that was asked for', 'phone', { email, phone_number }, stored, 'phone_number', phone_number],
    ['of that type what is stored', 'phone', { email }, stored, 'phone_number', '+19195550199'],
    [
      'not what the same order takes away',
      undefined,
      { email: null },
      stored,
      'phone_number',
      '+19195550199',
    ],
  ] as const)('%s', (_, type, data, profile, field, value) =>
    expect(whatIsProved(application, type, { data, profile })).toEqual({ field, value }),
  )

  it.each([
    [undefined, {}, undefined],
    ['phone', { email }, undefined],
    ['email', { email: null }, stored],
  ] as const)('is nothing for %j, %j', (type, data, profile) => {
    const prove = () => whatIsProved(application, type, { data, profile })
    expect(prove).toThrow(RowndError)
    expect(prove).toThrow('There is no e-mail address or phone number to verify.')
  })

  it('is no field that does not identify', () => {
    const byPhone = { ...application, verificationFields: ['phone_number'] }
    expect(() => whatIsProved(byPhone, 'email', { data: { email }, profile: undefined })).toThrow(RowndError)
  })
})
