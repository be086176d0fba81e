import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCsv } from './csv.fixture.ts'
import { csvWithSemicolons, plainCsv, toCsv } from './csv.ts'

const one = [{ name: 'What', of: (text: string) => text }]
/** Removes the apostrophes, which are the only characters the writer adds to a text. */
const withoutGuards = (text: string) => text.replaceAll("'", '')
const cellOf = (text: string) => parseCsv(toCsv(one, [text]))[1]?.[0]

describe('a file of rows', () => {
  test('begins with the mark by which Excel knows UTF-8, and ends every line as RFC 4180 does', () => {
    const columns = [
      { name: 'Name', of: ({ name }: { name: string; hours: number | null }) => name },
      { name: 'Hours', of: ({ hours }: { name: string; hours: number | null }) => hours },
    ]
    const rows = [
      { name: 'Thuý, "Lâm"', hours: 2.5 },
      { name: 'two\nlines', hours: null },
    ]
    expect(toCsv(columns, rows)).toBe('\uFEFFName,Hours\r\n"Thuý, ""Lâm""",2.5\r\n"two\nlines",\r\n')
  })

  test('without rows still names its columns', () => {
    expect(toCsv(one, [])).toBe('\uFEFFWhat\r\n')
  })

  test.each(['=1+1', '+49', '-2', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '＠a'])(
    'holds no formula: %j',
    (text) => {
      expect(cellOf(text)).toBe(`'${text}`)
    },
  )

  test.each(['', 'a=1', '7 people', '…', 'Saturday - early'])('leaves %j as it is', (text) => {
    expect(cellOf(text)).toBe(text)
  })

  test('returns every text unchanged, with any content', () => {
    expect(() =>
      fc.assert(
        fc.property(
          fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 2 })),
          (rows) => {
            const columns = [0, 1].map((i) => ({ name: `c${i}`, of: (row: string[]) => row[i] ?? '' }))
            for (const form of [plainCsv, csvWithSemicolons]) {
              const [, ...read] = parseCsv(toCsv(columns, rows, form), form.separator)
              expect(read.map((line) => line.map(withoutGuards))).toEqual(
                rows.map((row) => row.map(withoutGuards)),
              )
            }
          },
        ),
      ),
    ).not.toThrow()
  })

  test('row 30: parts cells by semicolons, and writes decimals with a comma, for those whose Excel does', () => {
    const columns = [
      { name: 'Turno', of: ({ name }: { name: string; hours: number }) => name },
      { name: 'Horas', of: ({ hours }: { name: string; hours: number }) => hours },
    ]
    const file = toCsv(columns, [{ name: 'Cocina; tarde, "A"', hours: 3.5 }], csvWithSemicolons)
    expect(file).toBe('\uFEFFTurno;Horas\r\n"Cocina; tarde, ""A""";3,5\r\n')
  })

  test.each([
    ['a;=1', plainCsv, "a;'=1"],
    ['a,=1', csvWithSemicolons, "a,'=1"],
    ['a\n+1', plainCsv, "a\n'+1"],
    ['a\t"@SUM(A1)', csvWithSemicolons, 'a\t"\'@SUM(A1)'],
    [';=1', plainCsv, ";'=1"],
    ['Drive, +1 guest', plainCsv, 'Drive, +1 guest'],
  ])('holds no formula for a program that parts cells by another sign: %j', (text, form, guarded) => {
    expect(parseCsv(toCsv(one, [text], form), form.separator)[1]?.[0]).toBe(guarded)
  })
})
