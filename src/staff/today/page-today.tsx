import { Facts, Time } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { problemKindNames } from '../../problems/kinds.ts'
import { formatRecent } from '../../text/dates.ts'
import { BarTable, DayChart, DayTable, Share } from './charts.tsx'
import { type SignInsOfDay, type Today, todayDays, waysInOrder } from './today.ts'
import type { VomoNow } from './vomo-now.ts'

type TodayProps = { frame: Frame; today: Today; vomo: VomoNow | undefined; timeZone: string; nowMs: number }

/** What a coordinator looks at in the morning, two beside each other where there is room. */
export function TodayCharts(props: TodayProps) {
  return (
    <div class="today">
      <Problems {...props} />
      <SignIns {...props} />
      <Emails {...props} />
      <Vomo {...props} />
    </div>
  )
}

function Problems({ frame: { words }, today: { problems } }: TodayProps) {
  const { problems: said, count } = words.staffToday
  const { kinds, title } = words.staffProblems
  const open = [...problems.values()].reduce((sum, each) => sum + each, 0)
  const rows = problemKindNames.flatMap((kind) => {
    const n = problems.get(kind)
    const name = <a href={`/admin/problems?kind=${kind}`}>{kinds[kind].name}</a>
    return n === undefined ? [] : [{ key: kind, name, count: n }]
  })
  return (
    <section class="flow">
      <h2>{said.heading(open)}</h2>
      {open === 0 ? (
        <p>{said.none}</p>
      ) : (
        <>
          <BarTable label={title} of={words.staffProblems.filter.kind} count={count} rows={rows} />
          <p>
            <a href="/admin/problems">{said.all}</a>
          </p>
        </>
      )}
    </section>
  )
}

const sumOf = (counts: SignInsOfDay) => Object.values(counts).reduce((sum, each) => sum + each, 0)

function SignIns({ frame, today: { signIns, failed } }: TodayProps) {
  const { words } = frame
  const { signIns: said, failed: failedSaid, sum, count } = words.staffToday
  const days = signIns.map(({ day, counts }) => ({ day, count: sumOf(counts) }))
  const all = days.reduce((so, each) => so + each.count, 0)
  const ways = waysInOrder
    .map((way) => ({ way, n: signIns.reduce((so, { counts }) => so + (counts[way] ?? 0), 0) }))
    .filter(({ n }) => n > 0)
  const failures = (['typed', 'byProvider'] as const).filter((kind) => failed[kind] > 0)
  return (
    <section class="flow">
      <h2>{said.heading(all, todayDays)}</h2>
      <div class="months">
        <DayChart frame={frame} days={days} label={said.chart} />
      </div>
      {all > 0 && (
        <>
          <DayTable
            frame={frame}
            days={signIns}
            columns={[
              ...ways.map(({ way }) => ({
                name: said.ways[way],
                of: (counts: SignInsOfDay) => counts[way] ?? 0,
              })),
              { name: sum, of: sumOf },
            ]}
          />
          <h3>{said.byWay}</h3>
          <BarTable
            label={said.byWay}
            of={said.byWay}
            count={count}
            rows={ways.map(({ way, n }) => ({ key: way, name: said.ways[way], count: n }))}
          />
        </>
      )}
      {failures.length > 0 && (
        <>
          <h3>{failedSaid.heading}</h3>
          <BarTable
            label={failedSaid.heading}
            of={failedSaid.heading}
            count={count}
            rows={failures.map((kind) => ({ key: kind, name: failedSaid[kind], count: failed[kind] }))}
          />
        </>
      )}
    </section>
  )
}

function Emails({ frame, today: { emails } }: TodayProps) {
  const { emails: said } = frame.words.staffToday
  const days = emails.map(({ day, counts }) => ({ day, count: counts.accepted + counts.undelivered }))
  const all = days.reduce((so, each) => so + each.count, 0)
  const lost = emails.reduce((so, { counts }) => so + counts.undelivered, 0)
  return (
    <section class="flow">
      <h2>{said.heading(all, todayDays)}</h2>
      {all > 0 && (
        <>
          <p>{said.undelivered(lost)}</p>
          <div class="months">
            <DayChart frame={frame} days={days} label={said.chart} />
          </div>
          <DayTable
            frame={frame}
            days={emails}
            columns={[
              { name: said.accepted, of: (counts) => counts.accepted },
              { name: said.lost, of: (counts) => counts.undelivered },
            ]}
          />
        </>
      )}
    </section>
  )
}

function Vomo({ frame: { words, locale }, vomo, timeZone, nowMs }: TodayProps) {
  const said = words.staffToday.vomo
  if (!vomo) return null
  const when = (ms: number) => formatRecent(locale, { ms, timeZone }, nowMs)
  const { calls, perMinute, pausedUntilMs, awaySinceMs, oldestCopyMs, directory } = vomo
  return (
    <section class="flow">
      <h2>{awaySinceMs === null ? said.heading : said.away}</h2>
      {awaySinceMs !== null && <p class="notice warn">{said.awaySince(when(awaySinceMs))}</p>}
      {pausedUntilMs !== null && <p class="notice warn">{said.paused(when(pausedUntilMs))}</p>}
      <Facts
        stacked
        of={[
          [
            said.calls,
            <>
              {said.callsOf(calls, perMinute)}
              <Share share={calls / Math.max(1, perMinute)} />
            </>,
          ],
          [
            said.oldest,
            oldestCopyMs === null ? said.none : <Time ms={oldestCopyMs}>{when(oldestCopyMs)}</Time>,
          ],
          directory !== null && [said.directory, directoryWords(said, directory, when)],
        ]}
      />
    </section>
  )
}

function directoryWords(
  said: Frame['words']['staffToday']['vomo'],
  { wholeAtMs, newsAtMs, pagesLeft }: NonNullable<VomoNow['directory']>,
  when: (ms: number) => string,
): string {
  if (wholeAtMs !== null && newsAtMs !== null) return said.whole(when(newsAtMs))
  return pagesLeft === null || pagesLeft === 0 ? said.begun : said.reading(pagesLeft)
}
