import { classIf } from '../../page/class-if.ts'
import type { AsOf, Frame } from '../../page/site.ts'
import { formatRecent } from '../../text/dates.ts'
import type { GroupsAnswer } from './answers.ts'

type GroupsProps = { frame: Frame; groups: GroupsAnswer; asOf: AsOf }

/** The volunteer's groups. Renders nothing when there are none. */
export function Groups({ frame, groups, asOf: { timeZone, nowMs } }: GroupsProps) {
  const { words, locale } = frame
  const said = words.groups
  const { data, complete, as_of: since } = groups
  if (data.length === 0 && complete) return null
  return (
    // Paper does not show that something is still loading.
    <section {...classIf(data.length === 0, 'no-print')}>
      <h2>{said.heading}</h2>
      {data.length > 0 && (
        <ul class="rows">
          {data.map(({ name, part_of: within }, index) => (
            <li key={`${name} ${index}`}>
              <p class="strong">{name}</p>
              {within !== null && <p class="quiet">{said.within(within)}</p>}
            </li>
          ))}
        </ul>
      )}
      {!complete && <p class="quiet">{said.loading}</p>}
      {complete && since !== null && (
        <p class="quiet">{said.asOf(formatRecent(locale, { ms: Date.parse(since), timeZone }, nowMs))}</p>
      )}
    </section>
  )
}
