import { assert, property, string } from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { readParagraphs } from '../../vomo/wire/paragraphs.ts'
import { whatToBring } from './to-bring.ts'

const told = (wire: string) => whatToBring(readParagraphs(wire))

describe('what to bring is said', () => {
  test.each([
    [
      '<p>Please bring:</p><ul><li>closed shoes</li><li>a water bottle</li></ul><p>Parking is free behind the building. New here? Come early.</p>',
      ['Please bring: closed shoes, a water bottle', 'Parking is free behind the building.'],
    ],
    [
      'We start at nine. Please bring:\n- gloves\n- a hat, if it’s sunny\nSee you!',
      ['Please bring: gloves; a hat, if it’s sunny'],
    ],
    [
      '<h3>What to bring</h3><p>Gloves and a water bottle. We have masks.</p>',
      ['What to bring: Gloves and a water bottle. We have masks.'],
    ],
    ['What to bring\nBring gloves.\nBring a hat.', ['What to bring: Bring gloves.', 'Bring a hat.']],
    ['What to wear\nBusiness casual\nWe meet at the gate.', ['What to wear: Business casual']],
    ['What to bring:\nGloves\nwater\nWhere to meet:\nAt the gate', ['What to bring: Gloves, water']],
    ['What should I bring?\n• A laptop', ['What should I bring: A laptop']],
    [
      '<div>Gloves &amp; aprons are here.</div><div>Bring: <em>closed shoes</em>.</div>',
      ['Bring: closed shoes.'],
    ],
    [
      'Rain or shine. Bring a hat; there are tools for everyone.',
      ['Bring a hat; there are tools for everyone.'],
    ],
    ['The van is ours; you bring your license.', ['The van is ours; you bring your license.']],
    [
      'Dinner is at 5:30. Please don’t wear perfume; some guests can’t bear it.',
      ['Please don’t wear perfume; some guests can’t bear it.'],
    ],
    [
      'Volunteers must wear closed-toe shoes. Park behind St. Brigid’s Kitchen.',
      ['Volunteers must wear closed-toe shoes.', 'Park behind St. Brigid’s Kitchen.'],
    ],
    [
      'Bring your own lunch, e.g. A sandwich! You don’t need to bring tools.',
      ['Bring your own lunch, e.g. A sandwich!', 'You don’t need to bring tools.'],
    ],
    [
      'There’s no need to bring anything. Dress for the wind.',
      ['There’s no need to bring anything.', 'Dress for the wind.'],
    ],
    ['<p>Por favor, traiga:</p><ul><li>guantes</li><li>agua</li></ul>', ['Por favor, traiga: guantes, agua']],
    ['¿Qué llevar?\n- Gorra\n- Zapatos cerrados', ['Qué llevar: Gorra, Zapatos cerrados']],
    [
      'Empezamos a las nueve. Hay estacionamiento gratis. Trae gorra y agua.',
      ['Hay estacionamiento gratis.', 'Trae gorra y agua.'],
    ],
    ['No olvides tu gorra. Usa ropa cómoda.', ['No olvides tu gorra.', 'Usa ropa cómoda.']],
  ])('in %j', (wire, notes) => {
    expect(told(wire)).toEqual(notes)
  })
})

describe('nothing is said', () => {
  test.each([
    'Bring a box, stay for a chat.',
    'Bring meals to seniors. Bring water to runners. Bring joy!',
    'Volunteers bring hot meals to neighbors. You’ll bring a smile.',
    'Help with parking at the fair. Parking attendants direct cars. Park cleanup on Sunday.',
    'Lleva comida a vecinos. Lleva ropa a familias. Trae alegría.',
    'We wear many hats.',
    'What to bring:',
    'What to bring\nGloves\nWhere to meet\nAt the north door.',
    'What to bring\nFor outdoors\n- gloves',
    '- What to bring\n- Where to park',
    `Please bring ${'a very long list of things '.repeat(10)}.`,
    `Please bring:\n${'- gloves\n'.repeat(11)}`,
    'Bring your friends and family.',
    '',
  ])('in %j', (wire) => {
    expect(told(wire)).toEqual([])
  })
})

it('takes no time over a long description that was made up', () => {
  for (const piece of ['Please bring ', 'bring. ', '" . ', 'A. ', ') ', '. Bring:\n', '- a\n', 'park ']) {
    const paragraphs = readParagraphs(piece.repeat(20_000))
    const began = performance.now()
    whatToBring(paragraphs)
    expect(performance.now() - began, piece).toBeLessThan(5_000)
  }
  assert(
    property(string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(whatToBring(readParagraphs(`Wear ${text}`)).length).toBeLessThanOrEqual(5)
    }),
  )
})
