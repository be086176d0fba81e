import { expect, test } from 'vitest'
import { partsInOrder, readBirthday } from './typed-birthday.ts'

const american = { locale: 'en-US', today: '2026-11-29' }
const spanish = { locale: 'es-US', today: '2026-11-29' }

test.each([
  ['27', '3', '1984', american, '1984-03-27'],
  ['07', '03', '1984', american, '1984-03-07'],
  [' 1 ', 'January', '2000', american, '2000-01-01'],
  ['29', 'feb', '2000', american, '2000-02-29'],
  ['1', 'Sept', '2000', american, '2000-09-01'],
  ['1', 'DICIEMBRE', '2000', spanish, '2000-12-01'],
  ['1', 'ene', '2000', spanish, '2000-01-01'],
  ['29', '11', '2026', american, '2026-11-29'],
])('%s, %s, %s is a birthday', (day, month, year, at, read) => {
  expect(readBirthday({ day, month, year }, at)).toBe(read)
})

test.each([
  ['', '', '', 'missing', 'month'],
  ['', '3', '1984', 'missing', 'day'],
  ['1', '3', '84', 'year', 'year'],
  ['1', 'Ju', '1984', 'month', 'month'],
  ['1', 'Enero', '1984', 'month', 'month'],
  ['x', '3', '1984', 'real', 'day'],
  ['30', '2', '1984', 'real', 'month'],
  ['1', '13', '1984', 'real', 'month'],
  ['30', '11', '2026', 'past', 'year'],
  ['31', '12', '1899', 'past', 'year'],
])('%s, %s, %s breaks a rule that is named', (day, month, year, rule, part) => {
  expect(readBirthday({ day, month, year }, american)).toEqual({ rule, part })
})

test('the parts are in the order of the language', () => {
  expect(partsInOrder('en-US')).toEqual(['month', 'day', 'year'])
  expect(partsInOrder('es-US')).toEqual(['day', 'month', 'year'])
})
