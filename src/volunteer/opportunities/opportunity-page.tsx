import type { VNode } from 'preact'
import { OpenInVomo, type WayIntoVomo } from '../../page/form.tsx'
import { opportunitiesPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { Columns, Hidden, Lit, Time } from '../../page/parts.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import { formatDay, formatDuration, formatTimes } from '../../text/dates.ts'
import type { VomoContact } from '../../vomo/types.ts'
import { ContactMail, ContactPhone } from './contact-line.tsx'
import { Description } from './description.tsx'
import type { OpportunityDate, OpportunityDetail } from './view.ts'

type OpportunityProps = Frame & {
  visitor: Visitor
  opportunity: OpportunityDetail
  /** Those it belongs to; one without a page has no `href`. */
  initiatives: readonly {
    readonly name: string
    readonly slug: string | null
    readonly href: string | null
  }[]
  asOf: AsOf
  /** For a visitor who is not handed off: its page in VOMO. */
  way: WayIntoVomo
}

/** One opportunity: when and where, what it is, and how to sign up. */
export function OpportunityPage(props: OpportunityProps) {
  const { opportunity, initiatives } = props
  const { name, dates } = opportunity
  return (
    <Page frame={props} visitor={props.visitor} asOf={props.asOf} title={name} current="opportunities">
      <Lit>
        <div class="opportunity">
          <div>
            {initiatives.map((each) => (
              <p class="eyebrow" key={each.name}>
                {each.href === null ? each.name : <a href={each.href}>{each.name}</a>}
              </p>
            ))}
            <h1>{name}</h1>
          </div>
          {dates[0] === undefined ? <NothingAhead frame={props} /> : <Next view={props} date={dates[0]} />}
          {dates.length > 0 && <SignUp view={props} />}
        </div>
      </Lit>
      <div class="wrap flow">
        <More view={props} />
        <p>
          <a href={opportunitiesPath}>{props.words.opportunityList.filter.all}</a>
        </p>
      </div>
    </Page>
  )
}

function More({ view }: { view: OpportunityProps }) {
  const { description, dates } = view.opportunity
  const toKnow = toKnowOf(view)
  const about = description.length > 0 && (
    <section class="description">
      <h2>{view.words.opportunityList.own.about}</h2>
      <Description paragraphs={description} />
    </section>
  )
  const all = dates.length > 1 && <Dates view={view} />
  if (toKnow === null)
    return (
      <>
        {about}
        {all}
      </>
    )
  return (
    <>
      <Columns beside={toKnow}>{about || all}</Columns>
      {about && all}
    </>
  )
}

function NothingAhead({ frame: { words } }: { frame: Frame }) {
  return (
    <div>
      <p class="strong">{words.campaign.none}</p>
      <p>
        {words.campaign.noneWhat} <a href={opportunitiesPath}>{words.campaign.seeOthers}</a>
      </p>
    </div>
  )
}

function Next({ view, date }: { view: OpportunityProps; date: OpportunityDate }) {
  const { words, locale, opportunity } = view
  const { place, mapUrl, dates } = opportunity
  return (
    <div>
      {dates.length > 1 && <p class="eyebrow">{words.opportunityList.own.next}</p>}
      <p class="when">
        <Day view={view} date={date} />
      </p>
      <p>
        <Times view={view} date={date} />
        {date.endsAtMs > date.startsAtMs && (
          <span class="quiet">, {formatDuration(locale, date.endsAtMs - date.startsAtMs)}</span>
        )}
      </p>
      {date.placesLeft !== null && (
        <p>
          <Places view={view} date={date} />
        </p>
      )}
      {place !== null && (
        <p>
          {place}{' '}
          {mapUrl !== null && (
            <a href={mapUrl} rel="noreferrer" aria-label={words.shift.mapOf(place)}>
              {words.shift.map}
            </a>
          )}
        </p>
      )}
    </div>
  )
}

/** A one-time link of VOMO's leads to an initiative or to the hub, never to one project; so the project's own page is linked, too. */
function SignUp({ view }: { view: OpportunityProps }) {
  const { words, opportunity, initiatives, way } = view
  const said = words.opportunityList.own
  const { name, url } = opportunity
  const initiative = initiatives.find(({ slug }) => slug !== null)
  return (
    <div>
      <div class="into-vomo">
        {initiative?.slug ? (
          <OpenInVomo frame={view} way={way} landing="campaign" resource={initiative.slug}>
            {words.hub.signUp}
          </OpenInVomo>
        ) : (
          <OpenInVomo frame={view} way={way} landing="hub">
            {words.hub.signUp}
          </OpenInVomo>
        )}
        <p class="quiet">
          {way.kind === 'site'
            ? words.opportunityList.signUpIsThere
            : initiative?.slug
              ? said.lookIn(initiative.name, name)
              : said.look(name)}
        </p>
      </div>
      {way.kind === 'hand_off' && url !== null && (
        <p>
          <a href={url} rel="noreferrer">
            {said.inVomo}
            <Hidden>: {name}</Hidden>
          </a>
        </p>
      )}
    </div>
  )
}

const maxDatesShown = 8

function Dates({ view }: { view: OpportunityProps }) {
  const { dates } = view.opportunity
  const said = view.words.opportunityList.own
  const [shown, more] = [dates.slice(0, maxDatesShown), dates.slice(maxDatesShown)]
  return (
    <section class="dates">
      <h2>{said.dates(dates.length)}</h2>
      <DateRows view={view} dates={shown} />
      {more.length > 0 && (
        <details>
          <summary>{said.moreDates(more.length)}</summary>
          <DateRows view={view} dates={more} />
        </details>
      )}
    </section>
  )
}

function DateRows({ view, dates }: { view: OpportunityProps; dates: readonly OpportunityDate[] }) {
  return (
    <ul class="rows">
      {dates.map((date) => (
        <li key={date.startsAtMs}>
          <p class="strong">
            <Day view={view} date={date} />
          </p>
          <p>
            <Times view={view} date={date} /> <Places view={view} date={date} />
          </p>
        </li>
      ))}
    </ul>
  )
}

type DateProps = { view: OpportunityProps; date: OpportunityDate }

function Day({ view: { locale, asOf, opportunity }, date: { startsAtMs: ms } }: DateProps) {
  return (
    <Time ms={ms}>{formatDay(locale, { ms, timeZone: opportunity.timeZone }, asOf.nowMs ?? asOf.ms)}</Time>
  )
}

function Times({ view: { locale, opportunity }, date: { startsAtMs, endsAtMs } }: DateProps) {
  const { timeZone } = opportunity
  return <span class="times">{formatTimes({ locale, startsAtMs, endsAtMs, timeZone })}</span>
}

function Places({ view: { words }, date: { placesLeft } }: DateProps) {
  const said = words.opportunityList
  if (placesLeft === null) return null
  return placesLeft > 0 ? <b>{said.places(placesLeft)}</b> : <b class="full">{said.full}</b>
}

/** `null` when VOMO says nothing of it. */
function toKnowOf(view: OpportunityProps): VNode | null {
  const { contact, minAge, allowsGuests, needsApproval } = view.opportunity
  const said = view.words.opportunityList.own
  const rules = [
    minAge === null ? '' : said.minAge(minAge),
    allowsGuests ? said.guests : '',
    needsApproval ? said.approval : '',
  ].filter(Boolean)
  if (rules.length === 0 && contact === null) return null
  return (
    <>
      {rules.length > 0 && (
        <section>
          <h2>{said.toKnow}</h2>
          <ul class="plain-list">
            {rules.map((rule) => (
              <li key={rule}>{rule}</li>
            ))}
          </ul>
        </section>
      )}
      {contact !== null && <Questions contact={contact} heading={said.questions} />}
    </>
  )
}

function Questions({ contact: { name, phone, email }, heading }: { contact: VomoContact; heading: string }) {
  return (
    <section class="questions">
      <h2>{heading}</h2>
      {name !== null && <p>{name}</p>}
      {phone !== null && (
        <p>
          <ContactPhone phone={phone} />
        </p>
      )}
      {email !== null && (
        <p>
          <ContactMail email={email} />
        </p>
      )}
    </section>
  )
}
