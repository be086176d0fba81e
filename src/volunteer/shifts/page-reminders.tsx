import { breakable } from '../../page/contact.tsx'
import { Button, PostForm } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'

/** What a form just did. */
export type RemindersTurned = 'on' | 'off' | null

type OwnRemindersProps = {
  frame: Frame
  isOn: boolean
  /** Where they go. */
  address: string
  /** The page that shows this. */
  back: '/account' | '/shifts'
}

/** Asks for reminders, or ends them. */
export function OwnReminders({ frame: { words }, isOn, address, back }: OwnRemindersProps) {
  const said = words.reminders
  return (
    <section class="no-print">
      <h2>{said.heading}</h2>
      <div class="flow">
        <p>
          {isOn ? <Sentence text={said.isOn(slot(0))} parts={[<b>{breakable(address)}</b>]} /> : said.what}
        </p>
        <p class="quiet">{said.checked}</p>
        <PostForm action={isOn ? '/reminders/off' : '/reminders'} sending={words.form.sending}>
          <input type="hidden" name="back" value={back} />
          <Button quiet>{isOn ? said.off : said.start}</Button>
        </PostForm>
      </div>
    </section>
  )
}

/** First on the page that the form led back to. */
export function RemindersNotice({ frame: { words }, turned }: { frame: Frame; turned: RemindersTurned }) {
  if (turned === null) return null
  return (
    <p class="notice" role="status">
      {turned === 'on' ? words.reminders.turnedOn : words.reminders.turnedOff}
    </p>
  )
}

/** @param said the query of the page */
export function remindersTurned(said: string | undefined): RemindersTurned {
  return said === 'on' || said === 'off' ? said : null
}

type RemindersOffProps = Frame & {
  /** Where the button posts. */
  action: string
}

/** Where the link of a reminder leads. Needs no session. */
export function RemindersOffPage({ action, ...frame }: RemindersOffProps) {
  const { words, site } = frame
  const said = words.reminders.offPage
  return (
    <Page frame={frame} title={said.title} visitor={null} isNarrow>
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p>{said.what(site.name)}</p>
          <PostForm action={action} sending={words.form.sending}>
            <Button>{words.reminders.off}</Button>
          </PostForm>
        </div>
      </Lit>
    </Page>
  )
}

export function RemindersOffDonePage(frame: Frame) {
  const said = frame.words.reminders.offPage
  return (
    <Page frame={frame} title={said.doneTitle} visitor={null} isNarrow>
      <Lit>
        <div class="door flow" role="status">
          <h1>{said.doneHeading}</h1>
          <p>{said.doneWhat}</p>
          <p>
            <a href="/shifts">{said.shifts}</a>
          </p>
        </div>
      </Lit>
    </Page>
  )
}
