import type { ComponentChildren } from 'preact'

/** Marks the place in a sentence of `text/` that the page fills with an element: `words.hub.hoursThisYear(46, slot(0))`. */
export function slot(index: number): string {
  return String.fromCharCode(firstSlot + index)
}

/** A sentence with its slots filled, in the order the language puts them. `text/` itself holds no markup. */
export function Sentence({ text, parts }: { text: string; parts: readonly ComponentChildren[] }) {
  const pieces = text.split(/([\uE000-\uE00F])/)
  return (
    <>
      {pieces.map((piece) => {
        const index = piece.charCodeAt(0) - firstSlot
        return piece.length === 1 && index >= 0 && index < 16 ? (parts[index] ?? null) : piece
      })}
    </>
  )
}

/** Private use area: no language has a letter there. */
const firstSlot = 0xe000
