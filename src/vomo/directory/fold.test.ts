import { describe, expect, it } from 'vitest'
import { lineOf, type Reach, readTyped } from './fold.ts'

const rosa = {
  firstName: 'Ana-Lúcia',
  lastName: 'de la Cruz O’Brien',
  address: 'rosa.cruz+food@mail.riverbend.example',
  phone: '+1 (555) 012-0105',
}

function finds(typed: string, someone: Partial<typeof rosa> = {}, reach: Reach = 'all'): boolean {
  const line = lineOf({ ...rosa, ...someone })
  const wanted = readTyped(typed, reach)
  if (!wanted?.finds(line)) return false
  if (!`${line.first}${line.last} ${line.address} ${line.phone}`.includes(wanted.needle))
    throw new Error('missed by the needle')
  return true
}

describe('by name', () => {
  it.each([
    'ana',
    'Lucia',
    'LÚCIA',
    'analucia',
    'Ana-Lucia de la Cruz',
    'cruz ana',
    'delacruz',
    'O’Brien',
    "o'brien",
    'o brien',
    'obri',
    '  de   la  ',
    'ana.lucia',
  ])('%s finds Ana-Lúcia de la Cruz O’Brien', (typed) => {
    expect(finds(typed)).toBe(true)
  })

  it.each(['ucia', 'cia ana', 'ana smith', 'bryan', 'lacruzde'])('%s does not', (typed) => {
    expect(finds(typed)).toBe(false)
  })

  it.each([
    ['OBrien', "O'Brien"],
    ['Vega Santos', 'vega-santos'],
    ['Vega-Santos', 'vegasantos'],
    ['Straße', 'strasse'],
    ['Łukasz Ødegård', 'odegard lukasz'],
    ['İpek Işık', 'ipek isik'],
    ['Nguyễn', 'nguyen'],
    ['王小明', '王小'],
    ['Ｍａｒｉａ', 'maria'],
  ])('%s is found by %s', (lastName, typed) => {
    expect(finds(typed, { lastName })).toBe(true)
  })
})

describe('by address', () => {
  it.each([
    'rosa.cruz+food@mail.riverbend.example',
    'ROSA.CRUZ',
    'osa.cr',
    'food@mail',
    'riverbend.ex',
    '@mail',
    'osa',
  ])('%s', (typed) => {
    expect(finds(typed)).toBe(true)
  })

  it('not by two letters of it, which are for names', () => {
    expect(finds('ro')).toBe(false)
    expect(finds('osa ro')).toBe(false)
    expect(finds('an')).toBe(true)
  })

  it('not by a word of its domain alone, which hundreds may share', () => {
    expect(finds('riverbend')).toBe(false)
    expect(finds('ail')).toBe(false)
  })
})

describe('by phone', () => {
  it.each([
    '0105',
    '012-0105',
    '(555) 012-0105',
    '555.012.0105',
    '+1 555 012 0105',
    '15550120105',
    'cruz 0105',
  ])('%s', (typed) => {
    expect(finds(typed)).toBe(true)
  })

  it('also where VOMO has it without the code of its country', () => {
    expect(finds('+1 555 012 0105', { phone: '555 012 0105' })).toBe(true)
  })

  it.each(['105', '0106', '5550', '+1 555 013 0105'])('not by %s', (typed) => {
    expect(finds(typed)).toBe(false)
  })
})

describe('by what a masked row shows', () => {
  it.each([
    'ana',
    'luc',
    'analucia',
    'Ana-Lúcia de la Cruz O’Brien',
    'ana d',
    'lucia ana d.',
    // Only the first letter of the last name is compared.
    'ana dubois',
    'ana d cruz',
    'Rosa.Cruz+food@mail.riverbend.example',
    ' rosa.cruz+food@mail.riverbend.example ',
  ])('%s finds her', (typed) => {
    expect(finds(typed, {}, 'shown')).toBe(true)
  })

  it.each([
    'cruz',
    'de la cruz',
    'o’brien',
    'd ana',
    'ana cruz',
    'ana e',
    '0105',
    'ana 0105',
    '(555) 012-0105',
    'rosa',
    'ana rosa',
    'osa.cr',
    '@mail',
    'a@',
    'rosa.cruz+food@mail.riverbend.exampl',
    'osa.cruz+food@mail.riverbend.example',
    'ana rosa.cruz+food@mail.riverbend.example',
  ])('%s does not', (typed) => {
    expect(finds(typed, {}, 'shown')).toBe(false)
  })
})

it.each([
  ['cruz', true],
  ['lucia DE', true],
  ["o'brien", true],
  ['an', false],
  ['cruz obri', false],
  ['rosa.cruz', false],
  ['0105', false],
])('%s is all of a word of the name: %s', (typed, isNamed) => {
  expect(readTyped(typed, 'all')?.isNamed(lineOf(rosa))).toBe(isNamed)
})

it('what has no letter and no digit finds no one', () => {
  for (const typed of ['', ' ', '@', '- ’ .', '\t\n', '%', '_'])
    expect(readTyped(typed, 'all')).toBeUndefined()
})

it('a person without name, address or phone number is found by nothing', () => {
  const nothing = lineOf({ firstName: null, lastName: null, address: null, phone: null })
  for (const typed of ['a', '0105', 'ana@example.org'])
    expect(readTyped(typed, 'all')?.finds(nothing)).toBe(false)
})
