import { formatDay, formatMoment, formatTimes } from '../../text/dates.ts'
import type { ShiftState } from '../../text/en.ts'
import { ButtonRow, Foot, MailFrame, Muted, Paragraph, renderMail } from './html.tsx'
import { type Letter, named, nameOrNull, signature, type WrittenMail } from './messages.tsx'
import { oneLine, plainText } from './text.ts'

type ShiftToCome = {
  readonly project: string | null
  readonly startsAtMs: number
  readonly endsAtMs: number | null
  /** The project's own. */
  readonly timeZone: string
  readonly place: string | null
  readonly role: string | null
  readonly guests: number
  readonly state: ShiftState
}

type Reminder = Letter & {
  /** At least one, soonest first. */
  readonly shifts: readonly ShiftToCome[]
  readonly shiftsUrl: string
  readonly offUrl: string
  /** When VOMO told us, in the organization's zone. */
  readonly asOfMs: number
  readonly timeZone: string
  readonly calendar: NonNullable<WrittenMail['calendar']>
}

/** The shifts of the next day, for a volunteer who asked to be reminded. What VOMO says appears as text alone. */
export function reminderMail(input: Reminder): WrittenMail {
  const { words, locale, shiftsUrl, offUrl, calendar } = input
  const site = named(input.site)
  const said = words.reminders.mail
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const told = input.shifts.map((shift) => linesOf(shift, input))
  const [first] = told
  if (!first) throw new Error('a reminder is about a shift')
  const isOne = told.length === 1
  const subject = isOne ? said.subject(first.project, first.day) : said.subjectOfMany(told.length, first.day)
  const lede = isOne ? said.lede(site.name) : said.ledeOfMany(site.name)
  const asOf = said.asOf(formatMoment(locale, { ms: input.asOfMs, timeZone: input.timeZone }))
  return {
    subject,
    text: plainText([
      hello,
      lede,
      ...told.flatMap(({ project, day, details }) => [
        project,
        { line: day },
        ...details.map((line) => ({ line })),
      ]),
      said.seeShifts,
      { own: shiftsUrl },
      said.change,
      asOf,
      said.offText,
      { own: offUrl },
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame
        words={words}
        locale={locale}
        site={site}
        subject={subject}
        preview={isOne ? first.details.join(' · ') : `${first.day}: ${first.project}`}
      >
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{lede}</Paragraph>
        {told.map(({ project, day, details }) => (
          <Paragraph>
            <b>{project}</b>
            {[day, ...details].map((line) => (
              <>
                <br />
                {line}
              </>
            ))}
          </Paragraph>
        ))}
        <ButtonRow href={shiftsUrl}>{said.button}</ButtonRow>
        <Paragraph>{said.change}</Paragraph>
        <Foot words={words} site={site} sentBy={said.foot(site.name)}>
          <Muted>{asOf}</Muted>
          <Muted>
            <a href={offUrl}>{words.reminders.off}</a>
          </Muted>
        </Foot>
      </MailFrame>,
    ),
    calendar,
    unsubscribeUrl: offUrl,
  }
}

/** What looks like a link is left out: see `nameOrNull`. */
function linesOf(shift: ShiftToCome, { words, locale }: Letter) {
  const { startsAtMs, endsAtMs, timeZone, guests, state } = shift
  const role = nameOrNull(shift.role)
  const whoComes = [
    role === null ? '' : words.shift.asRole(role),
    guests > 0 ? words.shift.guests(guests) : '',
  ].filter(Boolean)
  return {
    project: nameOrNull(shift.project) ?? oneLine(words.volunteerWords.someShift),
    day: formatDay(locale, { ms: startsAtMs, timeZone }),
    details: [
      formatTimes({ locale, startsAtMs, endsAtMs, timeZone }),
      nameOrNull(shift.place) ?? '',
      whoComes.join(', '),
      words.shiftStates[state],
    ].filter(Boolean),
  }
}
