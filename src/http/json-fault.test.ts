import { array, assert, constantFrom, json, oneof, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { findJsonFault } from './json-fault.ts'

test.each([
  ['a curly quote of the help page', '{\n  "landing_page": “hub”\n}', 2, 19, '“', 'a value'],
  ['its line without a comma', '{"landing_page": "campaign"\n"resource": "x"}', 2, 1, '"', 'a comma or }'],
  ['its parenthesis', '{"a": "b" (or "c")}', 1, 11, '(', 'a comma or }'],
  ['a comma before the end', '{\n  "a": 1,\n}', 3, 1, '}', 'a name in double quotes'],
  ['a comma before the end of a list', '[1, ]', 1, 5, ']', 'a value'],
  ['a missing comma', '{"a": "b" "c": 1}', 1, 11, '"', 'a comma or }'],
  ['a missing comma in a list', '[1 2]', 1, 4, '2', 'a comma or ]'],
  ['a missing colon', '{"a" 1}', 1, 6, '1', 'a colon'],
  ['a name without quotes', '{a: 1}', 1, 2, 'a', 'a name in double quotes or }'],
  ['single quotes', "['a']", 1, 2, "'", 'a value or ]'],
  ['a text that never ends', '{"a": "b}', 1, 7, '"', 'a value'],
  ['a body that was cut off', '{"a": 1', 1, 8, 'the end', 'a comma or }'],
  ['nothing', ' \n', 2, 1, 'the end', 'a value'],
  ['the wrong bracket', '[{]', 1, 3, ']', 'a name in double quotes or }'],
  ['something after the end', '{} {}', 1, 4, '{', 'the end'],
  ['a fault after a picture', '["🍞🍞" x]', 1, 7, 'x', 'a comma or ]'],
])('%s is found where it stands', (_, text, line, column, found, expected) => {
  expect(findJsonFault(text)).toEqual({ line, column, found, expected })
})

test('a fault is found in exactly those texts that JSON.parse refuses', () => {
  const scraps = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '\\',
    '1',
    '-',
    '0',
    '.5',
    'e3',
    'null',
    'tru',
    ' ',
    '\n',
  ]
  const scrap = array(constantFrom(...scraps), { maxLength: 12 }).map((list) => list.join(''))
  assert(
    property(oneof(scrap, json(), string()), (text) => {
      expect(findJsonFault(text) === undefined).toBe(isJson(text))
    }),
    { numRuns: 3_000 },
  )
})

test('neither depth nor length is too much', () => {
  const deep = '['.repeat(250_000)
  const long = `"${'a\\n'.repeat(80_000)}`
  expect(findJsonFault(deep)).toMatchObject({ column: 250_001, found: 'the end' })
  expect(findJsonFault(long)).toMatchObject({ column: 1, found: '"' })
  expect(findJsonFault(`${long}"`)).toBeUndefined()
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
