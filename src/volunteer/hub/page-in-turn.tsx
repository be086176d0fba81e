import { ButtonLink, type WayIntoVomo } from '../../page/form.tsx'
import { hubPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import { formatRecent, type Instant } from '../../text/dates.ts'
import { Announcements } from './announcements.tsx'
import { Opportunities } from './opportunities.tsx'
import type { HubOpportunity } from './view.ts'

type InTurnProps = Frame & {
  visitor: Visitor
  notes: readonly string[]
  opportunities: readonly HubOpportunity[]
  /** Of the opportunities; `undefined` while none were read. */
  asOf: AsOf | undefined
  nowMs: number
  /** When the record should be here. */
  readyAt: Instant | null
  way: WayIntoVomo
}

/** The hub of a volunteer whose record comes in its turn, since too many came at once: what every volunteer sees, and when the rest will. */
export function HubInTurnPage(props: InTurnProps) {
  const { words, locale, visitor, nowMs, readyAt } = props
  const said = words.trouble.record_in_turn
  return (
    <Page frame={props} visitor={visitor} asOf={props.asOf} title={words.hub.title} current="home">
      <Lit>
        <div class="hub">
          <div class="hello">
            <h1 class="greeting">{words.hub.greeting(visitor.firstName)}</h1>
            <Announcements words={words} notes={props.notes} />
          </div>
          <section class="next-shift">
            <h2 class="day">{said.heading}</h2>
            <p>{said.what(props.site.name)}</p>
            {readyAt && <p class="strong">{words.trouble.readyAt(formatRecent(locale, readyAt, nowMs))}</p>}
            <div class="into-vomo">
              <ButtonLink href={hubPath(props.site.slug)}>{said.next}</ButtonLink>
            </div>
          </section>
        </div>
      </Lit>
      <div class="wrap hub-below">
        <Opportunities frame={props} opportunities={props.opportunities} way={props.way} nowMs={nowMs} />
      </div>
    </Page>
  )
}
