import { bullet } from '../../vomo/wire/paragraphs.ts'

/** A description from VOMO as text: paragraphs, and lists where its author made some. */
export function Description({ paragraphs }: { paragraphs: readonly string[] }) {
  return (
    <>
      {listsIn(paragraphs).map((part, index) =>
        typeof part === 'string' ? (
          <p key={index}>{part}</p>
        ) : (
          <ul class="plain-list" key={index}>
            {part.map((item, place) => (
              <li key={place}>{item}</li>
            ))}
          </ul>
        ),
      )}
    </>
  )
}

/** A list is the texts of its items. */
function listsIn(paragraphs: readonly string[]): (string | string[])[] {
  const parts: (string | string[])[] = []
  for (const paragraph of paragraphs) {
    const list = parts.at(-1)
    if (!paragraph.startsWith(bullet)) parts.push(paragraph)
    else if (Array.isArray(list)) list.push(paragraph.slice(bullet.length))
    else parts.push([paragraph.slice(bullet.length)])
  }
  return parts
}
