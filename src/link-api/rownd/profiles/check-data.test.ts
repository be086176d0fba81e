import { describe, expect, it } from 'vitest'
import { defaultProfileSchema, profileField, readProfileSchema } from '../application/profile-schema.ts'
import { RowndError } from '../envelope.ts'
import { checkData, identifiersIn, requireFields } from './check-data.ts'

const field = (rules: object) => profileField.parse(rules)
const application = {
  schema: {
    ...defaultProfileSchema,
    age: field({ type: 'number' }),
    is_driver: field({ type: 'boolean' }),
    shirt: field({ type: 'object' }),
    notes: field({ type: 'any' }),
    nickname: field({
      type: 'string',
      validation_rules: [
        { rule_name: 'min_length', rule_value: 2 },
        { rule_name: 'max_length', rule_value: '5' },
        { rule_name: 'match_regex', rule_value: '^[a-z]+$' },
      ],
    }),
  },
  verificationFields: ['email', 'phone_number'],
  isLenient: false,
  country: 'US',
}

function brokenBy(data: Record<string, unknown>, of = application): Record<string, readonly string[]> {
  try {
    checkData(of, data)
  } catch (error) {
    if (error instanceof RowndError) return { ...error.fieldErrors }
    throw error
  }
  return {}
}

describe('what an application wants to keep', () => {
  it('is kept as it is, but for e-mail and phone, which are normalised', () => {
    const given = {
      email: ' Ana@Example.ORG',
      phone_number: '+1 (919) 555-0123',
      first_name: ' Ana ',
      age: 41,
      is_driver: false,
      shirt: { size: 'M' },
      notes: ['a', 1, null],
    }
    expect(checkData(application, given)).toEqual({
      ...given,
      email: 'ana@example.org',
      phone_number: '+19195550123',
    })
  })

  it('may say phone for phone_number, unless the schema has a field of that name', () => {
    expect(checkData(application, { phone: '+19195550123' })).toEqual({ phone_number: '+19195550123' })
    const own = { ...application, schema: { ...application.schema, phone: field({ type: 'string' }) } }
    expect(checkData(own, { phone: 'at work' })).toEqual({ phone: 'at work' })
  })

  it('may repeat user_id, which is no part of it, and clears a field by null', () => {
    expect(checkData(application, { user_id: 'whoever', first_name: null })).toEqual({ first_name: null })
  })

  it.each([
    [{ shoe_size: 9 }, 'shoe_size', 'is not in the profile schema'],
    [{ constructor: 'x' }, 'constructor', 'is not in the profile schema'],
    [JSON.parse('{"__proto__":{"a":1}}'), '__proto__', 'is not in the profile schema'],
    [{ age: '41' }, 'age', 'must be of type number'],
    [{ is_driver: 'yes' }, 'is_driver', 'must be of type boolean'],
    [{ shirt: ['M'] }, 'shirt', 'must be of type object'],
    [{ first_name: 5 }, 'first_name', 'must be of type string'],
    [{ email: 'ana' }, 'email', 'must be an email address'],
    [{ phone: '5550123' }, 'phone', 'must be a phone number like +19195550123, or one as it is dialed in US'],
    [{ nickname: 'a' }, 'nickname', 'must have at least 2 characters'],
    [{ nickname: 'abcdef' }, 'nickname', 'must have at most 5 characters'],
    [{ nickname: 'AB' }, 'nickname', 'must match ^[a-z]+$'],
  ])('%j is refused, naming the field and the rule', (data, name, rule) => {
    expect(brokenBy(data as Record<string, unknown>)).toEqual({ [name]: [rule] })
  })

  it('is told every mistake at once', () => {
    expect(
      Object.keys(brokenBy({ age: 'x', shoe_size: 9, email: 'no', first_name: 'Ana' })).toSorted(),
    ).toEqual(['age', 'email', 'shoe_size'])
  })

  it('loses its unknown fields where the application is lenient, and nothing else', () => {
    const lenient = { ...application, isLenient: true }
    expect(checkData(lenient, { shoe_size: 9, first_name: 'Ana' })).toEqual({ first_name: 'Ana' })
    expect(brokenBy({ age: 'x', shoe_size: 9 }, lenient)).toEqual({ age: ['must be of type number'] })
  })

  it('names what identifies a user', () => {
    const data = checkData(application, { email: 'ana@example.org', phone: null, first_name: 'Ana' })
    expect(identifiersIn(application, data)).toEqual([{ field: 'email', value: 'ana@example.org' }])
  })

  it('is whole only with every required field', () => {
    const schema = { ...defaultProfileSchema, first_name: field({ type: 'string', required: true }) }
    expect(() => requireFields(schema, { first_name: 'Ana' }, 'E_USER_UPDATE_FAILED')).not.toThrow()
    for (const data of [{}, { first_name: null }])
      expect(() => requireFields(schema, data, 'E_USER_UPDATE_FAILED')).toThrow('first_name: is required')
  })
})

describe('a schema an operator writes', () => {
  it('is read with Rownd’s wrapper or without, and what Rownd keeps beside the rules is kept', () => {
    const fields = { email: { type: 'string', data_category: 'pii_basic', required: true } }
    const read = readProfileSchema({ schema: fields, user_verification_fields: ['email'] })
    expect(read).toEqual(readProfileSchema(fields))
    expect(read).toMatchObject({ schema: { email: { required: true, data_category: 'pii_basic' } } })
  })

  it.each([
    [{ a: { type: 'image' } }, 'a.type'],
    [{ 'a b': { type: 'string' } }, 'a b'],
    [{ user_id: { type: 'string' } }, 'user_id'],
    [{ constructor: { type: 'string' } }, 'constructor'],
    [{ a: { type: 'string', validation_rules: [{ rule_name: 'match_regex', rule_value: '(' }] } }, 'a'],
    [{ a: { type: 'string', validation_rules: [{ rule_name: 'min_length', rule_value: 'x' }] } }, 'a'],
    ['text', 'schema'],
  ])('%j is refused at %s', (given, at) => {
    const read = readProfileSchema(given)
    expect('broken' in read ? Object.keys(read.broken) : []).toEqual([at])
  })
})
