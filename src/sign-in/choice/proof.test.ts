import { expect, test } from 'vitest'
import type { VomoUser } from '../../vomo/types.ts'
import { foldName, provenRecord } from './proof.ts'

test.each([
  ['Ibarra-Núñez', 'ibarra nunez'],
  ["O'Brien", 'OBRIEN'],
  ['O’Brien', 'o brien'],
  ['Müller', 'MULLER'],
  ['Strauß', 'STRAUSS'],
  ['Sørensen', 'sorensen'],
  ['Łukasik', 'lukasik'],
  ['Yıldız', 'YILDIZ'],
  ['İnan', 'inan'],
  ['Παπαδόπουλος', 'ΠΑΠΑΔΟΠΟΥΛΟΣ'],
  ['Королёв', 'королев'],
  ['ﬁnch', 'Finch'],
  ['Ｓａｔｏ', 'sato'],
  ['Nguyễn', 'nguyen'],
  ['מַלְכָּה', 'מלכה'],
  ['van der  Berg', 'Vanderberg'],
  ['de la Cruz', 'Dela Cruz'],
])('%s and %s are one name', (a, b) => {
  expect(foldName(a)).toBe(foldName(b))
})

test.each([
  ['कुमार', 'कमर'],
  ['王', '汪'],
  ['김', '김이'],
  ['Ann', 'Anne'],
  ['Lee', 'Li'],
])('%s and %s are two', (a, b) => {
  expect(foldName(a)).not.toBe(foldName(b))
})

const records = (...given: [string, string | null, string | null][]) =>
  given.map(([id, lastName, birthday]) => ({ id, lastName, birthday }) as VomoUser)

test.each<[string, VomoUser[], string | undefined]>([
  ['one of two', records(['1', 'Vega', '1980-02-03'], ['2', 'Vega', '1981-02-03']), '1'],
  ['the halves of two', records(['1', 'Vega', '1990-01-01'], ['2', 'Lee', '1980-02-03']), undefined],
  ['two alike', records(['1', 'Vega', '1980-02-03'], ['2', 'vega', '1980-02-03']), undefined],
  ['no birthday', records(['1', 'Vega', null]), undefined],
  ['no name', records(['1', null, '1980-02-03']), undefined],
  ['no record', [], undefined],
])('of %s a claim proves the right one, or none', (_, users, id) => {
  expect(provenRecord(users, { lastName: 'VEGA', birthday: '1980-02-03' })?.id).toBe(id)
})

test('an empty name, or the mark of a birthday that is not known, proves nothing', () => {
  const users = records(['1', null, '1980-02-03'], ['2', '-', '1980-02-03'], ['3', 'Vega', '1900-01-01'])
  expect(provenRecord(users, { lastName: '-', birthday: '1980-02-03' })).toBeUndefined()
  expect(provenRecord(users, { lastName: 'Vega', birthday: '1900-01-01' })).toBeUndefined()
})
