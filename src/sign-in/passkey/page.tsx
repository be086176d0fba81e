import { Button, ButtonLink, Field, PostForm, Posting } from '../../page/form.tsx'
import { Time } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'
import { formatRecent, type Instant } from '../../text/dates.ts'
import { pathWithNext } from '../page-shared.tsx'
import { secondStepPath } from '../session/second-step.ts'
import type { Passkey } from './passkeys.ts'

export type PasskeyDone = 'added' | 'removed' | 'failed'

/** Why the person may add one here, or what comes first. */
type Adding = 'may' | 'sign_in_first' | 'step_first' | 'not_shared' | 'by_provider'

export type OwnPasskeysView = {
  passkeys: readonly Pick<
    Passkey,
    'id' | 'name' | 'host' | 'isBackedUp' | 'addedAtMs' | 'lastUsedAtMs' | 'copiedAtMs'
  >[]
  /** The host of this page, where they work. */
  host: string
  adding: Adding
  /** For the name of a new one: roughly this device. */
  device: string
  now: Instant
}

/** Said in words once, above the list. */
export function PasskeyNotice({ frame, done }: { frame: Frame; done: PasskeyDone | null }) {
  if (done === null) return null
  return (
    <p class={done === 'failed' ? 'notice warn' : 'notice'} role="status">
      {frame.words.passkeys.own.done[done]}
    </p>
  )
}

export function OwnPasskeys({ frame, view }: { frame: Frame; view: OwnPasskeysView }) {
  const said = frame.words.passkeys.own
  return (
    <section id="passkeys">
      <h2>{said.heading}</h2>
      <div class="flow">
        <p>{said.what}</p>
        {view.passkeys.length === 0 ? (
          <p class="quiet">{said.none}</p>
        ) : (
          <ul class="rows sessions">
            {view.passkeys.map((passkey) => (
              <Row key={passkey.id} frame={frame} view={view} passkey={passkey} />
            ))}
          </ul>
        )}
        <Add frame={frame} view={view} />
      </div>
    </section>
  )
}

type RowProps = { frame: Frame; view: OwnPasskeysView; passkey: OwnPasskeysView['passkeys'][number] }

function Row({ frame: { words, locale }, view, passkey }: RowProps) {
  const said = words.passkeys.own
  const { host, now } = view
  const { name, addedAtMs, lastUsedAtMs, copiedAtMs } = passkey
  const moment = (ms: number) => (
    <Time ms={ms}>{formatRecent(locale, { ms, timeZone: now.timeZone }, now.ms)}</Time>
  )
  return (
    <li>
      <div>
        <p class="strong">{name}</p>
        {copiedAtMs !== null && <p class="error">{said.copied}</p>}
        {passkey.host !== host && <p class="quiet">{said.otherHost(passkey.host)}</p>}
        <p class="quiet">{passkey.isBackedUp ? said.backedUp : said.oneDevice}</p>
      </div>
      <div>
        <p class="quiet">
          {lastUsedAtMs === null ? (
            said.neverUsed
          ) : (
            <Sentence text={said.lastUsed(slot(0))} parts={[moment(lastUsedAtMs)]} />
          )}
        </p>
        <p class="quiet">
          <Sentence text={said.added(slot(0))} parts={[moment(addedAtMs)]} />
        </p>
        <PostForm action="/account/passkeys/remove" sending={words.form.sending}>
          <input type="hidden" name="passkey" value={passkey.id} />
          <Button asLink label={`${said.remove}: ${name}`}>
            {said.remove}
          </Button>
        </PostForm>
      </div>
    </li>
  )
}

/** Hidden until the script finds that the browser has passkeys; without it a sentence stands there. */
function Add({ frame: { words }, view }: { frame: Frame; view: OwnPasskeysView }) {
  const said = words.passkeys.own
  if (view.adding === 'not_shared') return <p class="quiet">{said.notShared}</p>
  if (view.adding === 'by_provider') return <p class="quiet">{said.byProvider}</p>
  if (view.adding === 'step_first')
    return (
      <>
        <p>{said.stepFirst}</p>
        <p>
          <a href={pathWithNext(secondStepPath, '/account')}>{said.step}</a>
        </p>
      </>
    )
  if (view.adding === 'sign_in_first')
    return (
      <>
        <p>{said.signInFirst}</p>
        <p>
          <a href="/sign-in?next=%2Faccount">{said.signIn}</a>
        </p>
      </>
    )
  return (
    <>
      <p class="quiet" data-without-passkeys>
        {said.notHere}
      </p>
      <Posting action="/account/passkeys" data-passkey="add" hidden data-with-passkeys>
        <input type="hidden" name="credential" />
        <p class="error" role="alert" hidden>
          {said.failed}
        </p>
        <Field
          name="name"
          label={said.name}
          hint={said.nameHint}
          type="text"
          autocomplete="off"
          maxLength={60}
          value={view.device}
        />
        <Button quiet>{said.add}</Button>
      </Posting>
    </>
  )
}

/** Hidden until the script finds that the browser has passkeys. */
export function PasskeyOffer({ frame: { words } }: { frame: Frame }) {
  const said = words.passkeys.offer
  return (
    <section class="flow" hidden data-with-passkeys>
      <h2>{said.heading}</h2>
      <p>{said.what}</p>
      <div class="actions">
        <ButtonLink href="/account#passkeys" quiet>
          {said.add}
        </ButtonLink>
        <PostForm action="/account/passkeys/not-now" sending={words.form.sending}>
          <Button asLink>{said.notNow}</Button>
        </PostForm>
      </div>
    </section>
  )
}
