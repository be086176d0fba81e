import { expect, test } from 'vitest'
import { baseUrlNamed, linkHostsOf, siteBehind, vomoPresets } from './presets.ts'

test('production is the address of the newer help page, and the older one has a name of its own', () => {
  expect(baseUrlNamed('production')).toBe('https://api.vomo.org/v1')
  expect(baseUrlNamed('production-app')).toBe('https://app.vomo.org/v1')
  expect(baseUrlNamed('staging')).toBe('https://rey.vomo.org/v1')
})

test.each(['https://vomo.example.org/v1', 'http://localhost:3001/v1', 'toString', 'Production'])(
  'what is no name, as %s, is left as it is',
  (text) => expect(baseUrlNamed(text)).toBe(text),
)

test('people go to the site of VOMO, not to its API', () => {
  expect(siteBehind(vomoPresets.production.baseUrl)).toBe('https://app.vomo.org')
  expect(siteBehind(vomoPresets.staging.baseUrl)).toBe('https://rey.vomo.org')
  expect(siteBehind('http://localhost:3001/v1')).toBe('http://localhost:3001')
})

test('links lead to hosts of the same VOMO only', () => {
  expect(linkHostsOf(vomoPresets.production.baseUrl)).toEqual(['app.vomo.org', 'api.vomo.org'])
  expect(linkHostsOf(vomoPresets.staging.baseUrl)).toEqual(['rey.vomo.org'])
  expect(linkHostsOf('http://localhost:3001/v1')).toEqual(['localhost:3001'])
})
