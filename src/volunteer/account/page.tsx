import { passkeyScript } from '../../page/assets.ts'
import { breakable } from '../../page/contact.tsx'
import { Button, ButtonLink, PostForm } from '../../page/form.tsx'
import { passwordPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit, Time } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame, Visitor } from '../../page/site.ts'
import {
  OwnPasskeys,
  type OwnPasskeysView,
  type PasskeyDone,
  PasskeyNotice,
} from '../../sign-in/passkey/page.tsx'
import type { SecondStep } from '../../sign-in/session/sessions.ts'
import type { Way } from '../../sign-in/session/ways.ts'
import { formatRecent, type Instant } from '../../text/dates.ts'
import { OwnReminders, RemindersNotice, type RemindersTurned } from '../shifts/page-reminders.tsx'

type SessionView = {
  readonly id: string
  readonly device: { readonly browser: string | null; readonly system: string | null }
  readonly way: Way | null
  readonly isStaff: boolean
  readonly isShared: boolean
  readonly secondStep: SecondStep | null
  readonly isCurrent: boolean
  readonly startedAtMs: number
  readonly lastUsedAtMs: number
}

type AccountProps = Frame & {
  visitor: Visitor
  address: string
  /** The current session first. */
  sessions: readonly SessionView[]
  /** What the submitted form did. */
  done: 'one' | 'others' | null
  /** `null` where the organization has none. */
  passkeys: OwnPasskeysView | null
  passkeyDone: PasskeyDone | null
  reminders: { isOn: boolean; turned: RemindersTurned }
  /** `undefined` where the organization has no passwords. */
  password: 'none' | 'has' | undefined
  /** When staff last saw the portal as this person does. */
  previews: readonly number[]
  /** Staff without a record have no hours to download, and no shifts. */
  hasRecord: boolean
  now: Instant
}

export function AccountPage(props: AccountProps) {
  const { words, address, sessions, done, reminders, hasRecord } = props
  const said = words.account
  return (
    <Page
      frame={props}
      visitor={props.visitor}
      title={said.title}
      current="account"
      scripts={props.passkeys === null ? [] : [passkeyScript.path]}
    >
      <Lit>
        <div class="flow">
          {done !== null && (
            <p class="notice" role="status">
              {done === 'one' ? said.sessions.ended : said.sessions.othersEnded}
            </p>
          )}
          <PasskeyNotice frame={props} done={props.passkeyDone} />
          <RemindersNotice frame={props} turned={reminders.turned} />
          <h1>{said.heading(sessions.length)}</h1>
          <p>
            <Sentence text={said.lede(slot(0))} parts={[<b>{breakable(address)}</b>]} />
          </p>
        </div>
      </Lit>
      <div class="wrap settings">
        <Sessions view={props} />
        {props.password && <Password frame={props} kept={props.password} />}
        {props.passkeys !== null && <OwnPasskeys frame={props} view={props.passkeys} />}
        {hasRecord && <OwnReminders frame={props} isOn={reminders.isOn} address={address} back="/account" />}
        <section>
          <h2>{said.copy.heading}</h2>
          <div class="flow">
            <p>{said.copy.what}</p>
            <div class="actions">
              <ButtonLink href="/account/export" quiet>
                {said.copy.everything}
              </ButtonLink>
              {hasRecord && (
                <ButtonLink href="/user/hours.csv" quiet>
                  {said.copy.hours}
                </ButtonLink>
              )}
              {hasRecord && said.copy.hoursForExcel !== '' && (
                <ButtonLink href="/user/hours.csv?for=excel" quiet>
                  {said.copy.hoursForExcel}
                </ButtonLink>
              )}
            </div>
          </div>
        </section>
        <Previews view={props} />
        <Keeps frame={props} />
        <section>
          <h2>{said.erase.start}</h2>
          <div class="flow">
            <p>{said.erase.startWhat}</p>
            <p>
              <a href="/account/erase">{said.erase.title}</a>
            </p>
          </div>
        </section>
      </div>
    </Page>
  )
}

function Sessions({ view }: { view: AccountProps }) {
  const { words, sessions, now } = view
  const said = words.account.sessions
  const isAlone = sessions.length < 2
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        <ul class="rows sessions">
          {sessions.map((session) => (
            <SessionRow key={session.id} frame={view} now={now} session={session} />
          ))}
        </ul>
        {!isAlone && <p class="quiet">{said.unknown}</p>}
        <div class="actions">
          {!isAlone && (
            <PostForm action="/account/sessions/end-others" sending={words.form.sending}>
              <Button quiet>{said.endOthers}</Button>
            </PostForm>
          )}
          <PostForm action="/account/sessions/end-all" sending={words.form.sending}>
            <Button quiet>{said.endAll}</Button>
          </PostForm>
        </div>
      </div>
    </section>
  )
}

type SessionRowProps = { frame: Frame; now: Instant; session: SessionView }

function SessionRow({ frame: { words, locale }, now, session }: SessionRowProps) {
  const said = words.account.sessions
  const device = said.device(session.device.browser, session.device.system)
  const moment = (ms: number) => formatRecent(locale, { ms, timeZone: now.timeZone }, now.ms)
  return (
    <li>
      <div>
        <p class="strong">{device}</p>
        {session.isCurrent && <p class="ok">{said.here}</p>}
        {session.isStaff && <p class="quiet">{said.forStaff}</p>}
        {session.secondStep && (
          <p class="quiet">
            <Sentence
              text={said.secondStep[session.secondStep.by](slot(0))}
              parts={[<Time ms={session.secondStep.atMs}>{moment(session.secondStep.atMs)}</Time>]}
            />
          </p>
        )}
        {session.isShared && <p class="quiet">{said.shared}</p>}
        {session.way !== null && <p class="quiet">{said.ways[session.way]}</p>}
      </div>
      <div>
        <p class="quiet">
          <Sentence
            text={said.lastUsed(slot(0))}
            parts={[<Time ms={session.lastUsedAtMs}>{moment(session.lastUsedAtMs)}</Time>]}
          />
        </p>
        <p class="quiet">
          <Sentence
            text={said.since(slot(0))}
            parts={[<Time ms={session.startedAtMs}>{moment(session.startedAtMs)}</Time>]}
          />
        </p>
        {!session.isCurrent && (
          <PostForm action="/account/sessions/end" sending={words.form.sending}>
            <input type="hidden" name="session" value={session.id} />
            <Button asLink label={`${said.end}: ${device}`}>
              {said.end}
            </Button>
          </PostForm>
        )}
      </div>
    </li>
  )
}

function Password({ frame: { words }, kept }: { frame: Frame; kept: 'none' | 'has' }) {
  const said = words.password.account
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        <p>{said[kept]}</p>
        <p>
          <a href={passwordPath}>{kept === 'none' ? words.password.own.choose : words.password.own.change}</a>
        </p>
      </div>
    </section>
  )
}

function Previews({ view: { words, locale, site, previews, now } }: { view: AccountProps }) {
  const said = words.staffPreview.own
  if (previews.length === 0) return null
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        <p>{said.what(site.name)}</p>
        <ul class="plain-list">
          {previews.map((ms) => (
            <li key={ms}>
              <Time ms={ms}>{formatRecent(locale, { ms, timeZone: now.timeZone }, now.ms)}</Time>
            </li>
          ))}
        </ul>
        <p class="quiet">{said.note}</p>
      </div>
    </section>
  )
}

function Keeps({ frame }: { frame: Frame }) {
  const said = frame.words.account.keeps
  return (
    <section>
      <h2>{said.heading}</h2>
      <ul class="plain-list">
        {said.list.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </section>
  )
}
