import { expect, test } from 'vitest'
import { englishTerms, englishWith } from './en.ts'
import { spanishTerms, spanishWith } from './es.ts'
import { sentences } from './words.fixture.ts'

const en = englishWith(englishTerms)
const es = spanishWith(spanishTerms)

/** Texts that are the same in both languages: names, codes, and words that happen to be spelled alike. */
const alike = new Set(['direction', 'errorTitle', 'profileForm.no'])

/** Contains no word: a figure, a name, a placeholder. */
const isBare = (text: string) => !/\p{L}{2}/u.test(text.replaceAll(/\bx\b|VOMO|Porchlight|example\.com/g, ''))

test('Spanish says everything in its own words', () => {
  const english = new Map(sentences(en))
  const same = sentences(es).filter(
    ([path, said]) =>
      english.get(path) === said && !isBare(said) && !/\.(code|place)$/.test(path) && !alike.has(path),
  )
  expect(same).toEqual([])
})

test('Spanish says neither more nor less than English', () => {
  expect(
    sentences(es)
      .map(([path]) => path)
      .toSorted(),
  ).toEqual(
    sentences(en)
      .map(([path]) => path)
      .toSorted(),
  )
  expect(es.limits.map(({ code }) => code)).toEqual(en.limits.map(({ code }) => code))
})

test('words hold no markup, no exclamation mark and no straight quotes', () => {
  for (const [path, sentence] of sentences(es)) expect(sentence, path).not.toMatch(/[<>!¡'"]|&\w+;/)
})

test('a question is opened as well as closed', () => {
  for (const [path, sentence] of sentences(es))
    expect(sentence.split('¿').length, path).toBe(sentence.split('?').length)
})

test('the number decides the word', () => {
  expect(es.hub.hoursThisYear(1, '1')).toBe('Llevas 1 hora este año')
  expect(es.hub.hoursThisYear(46.5, '46.5')).toBe('Llevas 46.5 horas este año')
  expect(es.hub.hoursThisYear(0, '0')).toBe('Llevas 0 horas este año')
  expect(es.resume.total(1_000_000, '1,000,000')).toBe('Llevas 1,000,000 de horas de voluntariado')
  expect(es.shiftsPage.heading(0)).toBe('No tienes próximos turnos')
  expect(es.shiftsPage.heading(1)).toBe('Tienes 1 turno por venir')
  expect(es.shiftsPage.heading(1204)).toBe('Tienes 1,204 turnos por venir')
  expect(es.loading.shifts(1)).toBe('Todavía se está cargando 1 turno desde VOMO.')
  expect(es.loading.shifts(3)).toBe('Todavía se están cargando 3 turnos desde VOMO.')
  expect(es.shift.inDays(1)).toBe('en 1 día')
})

test('a noun of the customer’s own stands where ours would', () => {
  const own = spanishWith({ ...spanishTerms, opportunity: { one: 'jornada', other: 'jornadas' } })
  expect(own.campaign.ahead(1)).toBe('1 jornada por venir')
  expect(own.campaign.ahead(3)).toBe('3 jornadas por venir')
  expect(own.terms.opportunity.other).toBe('jornadas')
})
