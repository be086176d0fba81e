import { readDay } from '../../vomo/wire/values.ts'
import { foldName } from './proof.ts'

/** The parts of a birthday as they were typed. */
export type TypedBirthday = { day: string; month: string; year: string }

export const birthdayParts = ['day', 'month', 'year'] as const

type Part = keyof TypedBirthday
/** The rule it breaks, and the first part to correct. */
export type BirthdayFault = { rule: 'missing' | 'year' | 'month' | 'real' | 'past'; part: Part }

const firstYear = 1900

/**
 * A birthday in three fields. The month may be a number or a name in the visitor's language, whole or from three letters on.
 *
 * @param at.today `YYYY-MM-DD`
 * @returns `YYYY-MM-DD`, or the rule it breaks
 */
export function readBirthday(
  typed: TypedBirthday,
  at: { locale: string; today: string },
): string | BirthdayFault {
  const tidy = (part: Part) => typed[part].normalize('NFKC').trim()
  const order = partsInOrder(at.locale)
  const empty = order.find((part) => tidy(part) === '')
  if (empty) return { rule: 'missing', part: empty }
  const month = monthOf(tidy('month'), at.locale)
  if (month === undefined) return { rule: 'month', part: 'month' }
  if (!/^\d{4}$/.test(tidy('year'))) return { rule: 'year', part: 'year' }
  const [first = 'day'] = order
  if (!/^\d{1,2}$/.test(tidy('day'))) return { rule: 'real', part: 'day' }
  const day = `${tidy('year')}-${String(month).padStart(2, '0')}-${tidy('day').padStart(2, '0')}`
  if (readDay(day) === null) return { rule: 'real', part: first }
  if (day > at.today || Number(tidy('year')) < firstYear) return { rule: 'past', part: 'year' }
  return day
}

/** The order in which a language writes a date. */
export function partsInOrder(locale: string): Part[] {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric', year: 'numeric' })
    .formatToParts(0)
    .map(({ type }) => type)
    .filter((type): type is Part => birthdayParts.some((part) => part === type))
}

function monthOf(text: string, locale: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  const typed = foldName(text)
  if (typed.length < 3) return undefined
  const nameOf = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' })
  const found = Array.from({ length: 12 }, (_, month) => month + 1).filter((month) =>
    foldName(nameOf.format(Date.UTC(2000, month - 1, 15))).startsWith(typed),
  )
  return found.length === 1 ? found[0] : undefined
}
