import { Command } from 'commander'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { customerBySlug } from '../customers/customers.ts'
import { Refusal } from '../errors.ts'
import { openRowndHouse, type RowndHouse } from '../link-api/rownd/rownd.fixture.ts'
import type { Log } from '../log/log.ts'
import { english, languageWith } from '../text/languages.ts'
import { verificationOf } from '../volunteer/rows/verification.ts'
import { addCustomerCommands } from './customer.ts'

let house: RowndHouse
const unheard = () => {}
const log: Log = { debug: unheard, info: unheard, warn: unheard, error: unheard }

beforeEach(async () => {
  house = await openRowndHouse()
})
afterEach(() => house.close())

async function set(...options: string[]): Promise<string[]> {
  const program = new Command()
  addCustomerCommands(program, { withStore: (work) => work({ ...house.tools, log }), say: unheard })
  try {
    await program.parseAsync(['customer', 'set', 'riverbend', ...options], { from: 'user' })
  } catch (error) {
    if (error instanceof Refusal) return Object.keys(error.fields)
    throw error
  }
  return []
}

async function said(language = english) {
  const customer = await customerBySlug(house.tools.store, 'riverbend')
  if (!customer) throw new Error('the customer is gone')
  return verificationOf(customer, language)
}

test('a customer says of its hours what it likes, in each language, or nothing', async () => {
  expect(await said()).toEqual({ word: 'confirmed', withinDays: null })
  await set('--hours-verified-word', ' approved by your supervisor ', '--confirm-days', '14')
  expect(await said()).toEqual({ word: 'approved by your supervisor', withinDays: 14 })
  expect(await said(languageWith('es'))).toEqual({ word: 'confirmadas', withinDays: 14 })
  await set('--hours-verified-word-es', 'aprobadas')
  expect(await said(languageWith('es'))).toEqual({ word: 'aprobadas', withinDays: 14 })
  await set('--contact-name', 'Rosa')
  expect(await said()).toEqual({ word: 'approved by your supervisor', withinDays: 14 })

  await set('--no-hours-verified')
  expect(await said()).toEqual({ word: null, withinDays: null })
  await set('--hours-verified', '--hours-verified-word', '', '--confirm-days', '0')
  expect(await said()).toEqual({ word: 'confirmed', withinDays: null })
})

test('a word too long, one with a line break, and days that are no number are refused, all at once', async () => {
  expect(
    await set(
      '--hours-verified-word',
      'a\nb',
      '--hours-verified-word-es',
      'x'.repeat(61),
      '--confirm-days',
      '1.5',
    ),
  ).toEqual(['hours-verified-word', 'hours-verified-word-es', 'confirm-days'])
  expect(await said()).toEqual({ word: 'confirmed', withinDays: null })
})
