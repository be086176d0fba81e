import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { english } from '../../text/languages.ts'
import { readUserDetail } from '../../vomo/people/read-user.ts'
import { participation, user } from '../volunteer.fixture.ts'
import type { CustomField } from './custom-fields.ts'
import { type FieldChoice, firstChoice } from './fields.ts'
import { toRecord } from './record.ts'

const custom = (...fields: CustomField[]): FieldChoice => ({ ...firstChoice, custom: fields })
const shirt: CustomField = { name: 'Shirt', label: 'T-shirt size', type: 'text' }

test('what leaves of a record is the whitelist, and profile fields only where the customer chose them', () => {
  const profileFields = [
    { name: 'Background check', value: 'passed' },
    { name: 'Shirt', value: 'M' },
  ]
  const hidden = { ssn: 'CANARY', participations: [participation()] }
  const volunteer = { ...user({ profileFields, phone: '(555) 012-0105', gender: 'F' }), ...hidden }
  expect(toRecord(volunteer, firstChoice, english)).toEqual({
    first_name: 'Mara',
    last_name: 'Quist',
    email: 'mara@example.org',
    phone: '(555) 012-0105',
    address: null,
    birthday: null,
    gender: 'F',
    fields: [],
  })
  expect(toRecord(volunteer, custom(shirt), english).fields).toEqual([{ label: 'T-shirt size', value: 'M' }])
})

test('a built-in field the customer hid is empty, and a name or an address cannot be hidden', () => {
  const volunteer = user({
    phone: '(555) 012-0105',
    address: '1 Main St',
    birthday: '1980-02-03',
    gender: 'N',
  })
  expect(toRecord(volunteer, { ...firstChoice, builtIn: ['birthday'] }, english)).toEqual({
    first_name: 'Mara',
    last_name: 'Quist',
    email: 'mara@example.org',
    phone: null,
    address: null,
    birthday: '1980-02-03',
    gender: null,
    fields: [],
  })
})

test('fields come in the order the customer chose, each as what it is', () => {
  const profileFields = [
    { name: 'Languages', value: ['English', 'Spanish'] },
    { name: 'Since', value: '2019-03-09' },
    { name: 'Driver', value: '1' },
    { name: 'Vegan', value: false },
    { name: 'Skills', value: 'Cooking' },
    { name: 'Skills', value: 'Driving' },
  ]
  const choice = custom(
    { name: 'Vegan', label: 'Vegan', type: 'yes_no' },
    { name: 'Driver', label: 'Has a licence', type: 'yes_no' },
    { name: 'Since', label: 'With us since', type: 'date' },
    { name: 'Languages', label: 'Languages', type: 'choice' },
    { name: 'Skills', label: 'Skills', type: 'choice' },
    { name: 'Absent', label: 'Absent', type: 'text' },
  )
  expect(toRecord(user({ profileFields }), choice, english).fields).toEqual([
    { label: 'Vegan', value: 'No' },
    { label: 'Has a licence', value: 'Yes' },
    { label: 'With us since', value: 'March 9, 2019' },
    { label: 'Languages', value: 'English, Spanish' },
    { label: 'Skills', value: 'Cooking, Driving' },
  ])
})

test('a listed field that became something else is not shown', () => {
  const types = ['text', 'date', 'yes_no', 'choice'] as const
  const strange = { text: ['a', 'b'], date: 'passed', yes_no: 'passed', choice: true } as const
  for (const type of types) {
    const profileFields = [{ name: 'Shirt', value: strange[type] }]
    expect(toRecord(user({ profileFields }), custom({ ...shirt, type }), english).fields, type).toEqual([])
  }
})

const word = fc.stringMatching(/^[a-z_]{1,12}$/)
const canary = fc.oneof(
  fc.constant('CANARY'),
  fc.constant(['CANARY']),
  fc.dictionary(word, fc.constant('CANARY'), { minKeys: 1 }),
  fc.array(fc.dictionary(word, fc.constant('CANARY'), { minKeys: 1 }), { minLength: 1 }),
)
const newField = fc.oneof(
  fc.record({ name: word, value: canary }),
  fc.record({ label: fc.constantFrom('Background check', 'shirt', ' Shirt 2', 'SHIRT'), values: canary }),
  fc.record({ profile_field: fc.dictionary(word, canary), value: canary }),
  // A listed field whose value is no longer text.
  fc.record({ name: fc.constant('Shirt'), value: fc.dictionary(word, canary, { minKeys: 1 }) }),
)
const mutation = fc.record({
  more: fc.dictionary(word, canary),
  renamed: fc.constantFrom('phone', 'address', 'birthday', 'gender'),
  to: word,
  retyped: fc.constantFrom('phone', 'address', 'birthday', 'gender'),
  values: fc.array(newField, { maxLength: 8 }),
})

test('A3: of 1,000 changes to what VOMO sends, none exposes anything', () => {
  const known = new Set(Object.keys(toRecord(user(), firstChoice, english)))
  let shown = 0
  fc.assert(
    fc.property(mutation, ({ more, renamed, to, retyped, values }) => {
      const plain: Record<string, unknown> = {
        id: 8,
        first_name: 'Mara',
        last_name: 'Quist',
        email: 'mara@example.org',
        phone: '(555) 012-0105',
        address: '1 Main St',
        birthday: '1980-02-03',
        gender: 'F',
      }
      const hidden = Object.fromEntries(Object.entries(more).filter(([name]) => !(name in plain)))
      const data: Record<string, unknown> = {
        ...plain,
        ...hidden,
        [`${to}_as`]: 'CANARY',
        [retyped]: { [to]: 'CANARY' },
        profile_field_values: [...values, { name: 'Shirt 3', value: 'M' }],
      }
      delete data[renamed]
      const listed = custom(shirt, { name: 'Shirt 3', label: 'Cap', type: 'choice' })
      const record = toRecord(readUserDetail({ data }, '8'), listed, english)
      shown += record.fields.length
      expect(Object.keys(record).every((key) => known.has(key))).toBe(true)
      expect(JSON.stringify(record)).not.toContain('CANARY')
    }),
    { numRuns: 1_000 },
  )
  expect(shown).toBe(1_000)
})
