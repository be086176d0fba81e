import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCsv } from './csv.fixture.ts'
import { toCsv } from './csv.ts'

const one = [{ name: 'What', of: (text: string) => text }]
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

  test('says of every text what it was, whatever stands in it', () => {
    expect(() =>
      fc.assert(
        fc.property(
          fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 2 })),
          (rows) => {
            const columns = [0, 1].map((i) => ({ name: `c${i}`, of: (row: string[]) => row[i] ?? '' }))
            const [, ...read] = parseCsv(toCsv(columns, rows))
            return rows.every((row, i) =>
              row.every((text, j) => [text, `'${text}`].includes(read[i]?.[j] ?? 'missing')),
            )
          },
        ),
      ),
    ).not.toThrow()
  })
})
