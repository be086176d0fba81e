import { expect, it } from 'vitest'
import { whatToBring } from '../src/volunteer/hub/to-bring.ts'
import { readParagraphs } from '../src/vomo/wire/paragraphs.ts'
import { oddTexts } from './attack-texts.ts'
import { scriptTexts } from './script-texts.ts'

it('what to bring is short, whole and plain text, whatever a description says', () => {
  const odd = [...oddTexts, ...scriptTexts].flatMap((text) => [
    text,
    `Please bring ${text}.`,
    `What to bring:\n- ${text}\n- ${text}`,
    `<p>Parking is ${text}</p>`,
  ])
  const began = performance.now()
  for (const wire of odd) {
    const paragraphs = readParagraphs(wire)
    const notes = whatToBring(paragraphs)
    expect(notes.length).toBeLessThanOrEqual(5)
    for (const note of notes) {
      expect(note.length).toBeLessThanOrEqual(240)
      expect(note).not.toMatch(/[\p{Cc}\p{Cs}\u2028]/u)
    }
  }
  expect(performance.now() - began).toBeLessThan(5_000)
})
