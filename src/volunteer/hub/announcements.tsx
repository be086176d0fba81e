import type { Words } from '../../text/en.ts'

/** What an organization tells its volunteers: plain text, with its lines and paragraphs. Staff see the same before it shows. */
export function Announcements({ words, notes }: { words: Words; notes: readonly string[] }) {
  if (notes.length === 0) return null
  return (
    <section class="announcements flow" aria-label={words.announcements.label}>
      {notes.map((text) => (
        <p key={text} class="notice as-typed">
          {text}
        </p>
      ))}
    </section>
  )
}
