import { expect, test } from 'vitest'
import { languageWith } from '../text/languages.ts'
import { nounsOf, readOwnTerms } from './own-terms.ts'

const none = { project: null, campaign: null, group: null }

test('the customer’s own word comes before VOMO’s, and VOMO’s before ours', () => {
  const own = { en: { opportunity: { one: 'serving date', other: 'serving dates' } } }
  const { terms } = languageWith('en', nounsOf(own, { ...none, project: 'Event', group: 'Team' }, 'en')).words
  expect(terms.opportunity).toEqual({ one: 'serving date', other: 'serving dates' })
  expect(terms.group).toEqual({ one: 'team', other: 'teams' })
  expect(terms.initiative).toEqual({ one: 'initiative', other: 'initiatives' })
})

test('VOMO’s one word stands on no Spanish page', () => {
  expect(nounsOf({}, { ...none, group: 'Team' }, 'es')).toEqual({})
  const own = { es: { group: { one: 'equipo', other: 'equipos' } } }
  expect(languageWith('es', nounsOf(own, { ...none, group: 'Team' }, 'es')).words.terms.group.other).toBe(
    'equipos',
  )
})

test('what is stored and makes no sense counts as nothing', () => {
  expect(readOwnTerms(null)).toEqual({})
  expect(readOwnTerms('{"en":{"group":{"one":"team"}}}')).toEqual({})
  expect(readOwnTerms('{"tlh":{}}')).toEqual({})
  const own = { en: { group: { one: 'team', other: 'teams' } } }
  expect(readOwnTerms(JSON.stringify(own))).toEqual(own)
})

test('a language with the same nouns is made once', () => {
  const nouns = () => nounsOf({}, { ...none, group: 'Team' }, 'en')
  expect(languageWith('en', nouns())).toBe(languageWith('en', nouns()))
  expect(languageWith('en', nouns())).not.toBe(languageWith('en'))
})
