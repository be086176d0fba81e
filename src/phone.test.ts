import { describe, expect, it } from 'vitest'
import { readPhone } from './phone.ts'

describe('a phone number', () => {
  it.each([
    ['+19195550123', 'US', '+19195550123'],
    ['  +1 919 555 0123 ', 'US', '+19195550123'],
    ['+1 (919) 555-0123', 'DE', '+19195550123'],
    ['+1.919.555.0123', 'US', '+19195550123'],
    ['+1‑919‑555‑0123', 'US', '+19195550123'],
    ['+1 555 000 1111', 'US', '+15550001111'],
    ['(202) 555-0199', 'US', '+12025550199'],
    ['12025550198', 'US', '+12025550198'],
    ['1 (202) 555-0199', 'US', '+12025550199'],
    ['202.555.0199', 'CA', '+12025550199'],
    ['011 49 30 1234567', 'US', '+49301234567'],
    ['+49 30 1234567', 'US', '+49301234567'],
    ['+49 (0)30 1234567', 'US', '+49301234567'],
    ['030 1234567', 'DE', '+49301234567'],
    ['0049301234567', 'GB', '+49301234567'],
    ['+44\u00a020\u00a07946\u00a00958', 'US', '+442079460958'],
    ['55 1234 5678', 'MX', '+525512345678'],
    ['+１９１９５５５０１２３', 'US', '+19195550123'],
  ])('written as %j in %s is %s', (text, country, number) => {
    expect(readPhone(text, country)).toBe(number)
  })

  it.each([
    ['555-0123', 'no area code'],
    ['030 1234567', 'dialed like that elsewhere'],
    ['447911123456', 'another country without its plus'],
    ['0049301234567', 'dialed like that elsewhere'],
    ['0000000000', 'not assigned'],
    ['1234567890', 'not assigned'],
    ['+0301234567', 'no country begins with 0'],
    ['+999123456789', 'no such country'],
    ['+1234567890123456', 'sixteen digits'],
    ['+123456', 'six digits'],
    ['+1919555O123', 'a letter'],
    ['1-800-FLOWERS', 'letters'],
    ['+1 919 555 0123 ext 7', 'an extension'],
    ['2025550199x3', 'an extension'],
    ['++19195550123', 'two pluses'],
    ['+1 919 555 0123, +1 919 555 0124', 'two numbers'],
    ['+1919\n5550123', 'a line break'],
    [`+1${' '.repeat(60)}9195550123`, 'too long'],
    ['', 'nothing'],
    ['+', 'nothing after it'],
  ])('%j in the US is none: %s', (text) => {
    expect(readPhone(text, 'US')).toBeUndefined()
  })

  it('is read for no country that there is not', () => {
    expect(readPhone('2025550199', 'XX')).toBeUndefined()
  })
})
