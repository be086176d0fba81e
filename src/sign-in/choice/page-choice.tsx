import { Ask } from '../../page/contact.tsx'
import { Button, ErrorSummary, Field, PostForm } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { formatRecent, type Instant } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { choicePath } from './choices.ts'
import { DateFields } from './date-fields.tsx'
import { type BirthdayFault, partsInOrder, type TypedBirthday } from './typed-birthday.ts'

export type ChoiceFault =
  | { field: 'last_name'; rule: 'lastName' | 'lastNameLong' }
  | { field: 'birthday'; fault: BirthdayFault }
  /** Counted, and the same for everything that proves no record. */
  | { field: 'both'; triesLeft: number }

export type TypedClaim = { lastName: string; birthday: TypedBirthday }

type ChoiceProps = Frame & {
  typed?: TypedClaim | undefined
  faults?: readonly ChoiceFault[] | undefined
  /** A person with this address is signed in at this browser. */
  isSignedIn?: boolean
}

/** The page says nothing of any record, nor how many there are. */
export function ChoicePage({ typed, faults = [], isSignedIn = false, ...frame }: ChoiceProps) {
  const { words, site, locale } = frame
  const said = words.signIn.choice
  const errors = faults.map((fault) => ({ field: idOf(fault), error: messageOf(said, fault) }))
  const [nameFault, birthdayFault] = (['last_name', 'birthday'] as const).map((field) =>
    faults.find((fault) => fault.field === field),
  )
  const order = partsInOrder(locale)
  return (
    <Page
      frame={frame}
      title={said.title}
      visitor={null}
      isNarrow
      saysWhomToAsk
      hasErrors={errors.length > 0}
    >
      <Lit>
        <div class="door flow">
          {errors.length > 0 && (
            <ErrorSummary
              heading={errors.length === 1 ? words.form.problem : words.profileForm.form.problems}
              errors={errors}
            />
          )}
          {isSignedIn && (
            <p class="notice">
              {words.signIn.ask.already(null)} <a href="/">{words.signIn.ask.goOn}</a>
            </p>
          )}
          <h1>{said.heading}</h1>
          <p>{said.what(site.name)}</p>
          <PostForm action={choicePath} sending={words.form.sending}>
            <Field
              name="last_name"
              label={said.lastName}
              hint={said.lastNameHint}
              error={nameFault && messageOf(said, nameFault)}
              type="text"
              autocomplete="family-name"
              spellcheck={false}
              value={typed?.lastName ?? ''}
              required
            />
            <DateFields
              name="birthday"
              label={said.birthday}
              hint={said.birthdayHint(order.map((part) => exampleDay[part]).join(' '))}
              error={birthdayFault && messageOf(said, birthdayFault)}
              parts={order.map((part) => ({
                part,
                label: said.parts[part],
                value: typed?.birthday[part] ?? '',
                isWrong: birthdayFault?.field === 'birthday' && birthdayFault.fault.part === part,
              }))}
            />
            <Button>{said.button}</Button>
          </PostForm>
          <p class="quiet">{said.private}</p>
        </div>
      </Lit>
      <Stuck frame={frame} />
    </Page>
  )
}

/** The tries of the day are used up, by any of those who read the mailbox. */
export function NoTriesPage({ againAt, nowMs, isLatest = false, ...frame }: NoTriesProps) {
  const { words, locale } = frame
  const said = words.signIn.choice.noTries
  return (
    <Page frame={frame} title={said.title} visitor={null} isNarrow saysWhomToAsk>
      <Lit>
        <div class="door flow" {...(isLatest && { role: 'alert' as const })}>
          <h1>{said.heading}</h1>
          {isLatest && <p>{said.latest}</p>}
          <p>{said.what(formatRecent(locale, againAt, nowMs))}</p>
        </div>
      </Lit>
      <Stuck frame={frame} />
    </Page>
  )
}

type NoTriesProps = Frame & {
  againAt: Instant
  nowMs: number
  /** The visitor just used the last one. */
  isLatest?: boolean
}

function Stuck({ frame }: { frame: Frame }) {
  const { heading, reasons, ask } = frame.words.signIn.choice.stuck
  return (
    <div class="wrap">
      <section class="door flow">
        <h2>{heading}</h2>
        <ul class="plain-list">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
        <p>
          <Ask frame={frame} text={ask} />
        </p>
      </section>
    </div>
  )
}

const exampleDay: TypedBirthday = { day: '27', month: '3', year: '1958' }

function idOf(fault: ChoiceFault): string {
  return fault.field === 'birthday' ? `birthday-${fault.fault.part}` : 'last_name'
}

function messageOf(said: Words['signIn']['choice'], fault: ChoiceFault): string {
  if (fault.field === 'last_name') return said.errors[fault.rule]
  if (fault.field === 'birthday') return said.errors.birthday[fault.fault.rule]
  return `${said.errors.noMatch} ${said.triesLeft(fault.triesLeft)}`
}
