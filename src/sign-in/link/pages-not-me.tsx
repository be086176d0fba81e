import { Ask, Masked } from '../../page/contact.tsx'
import { Button, PostForm } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'

type NotMeProps = Frame & {
  maskedAddress: string
  /** Where the button posts; it revokes. */
  action: string
  /** Back to the link's page. */
  keepHref?: string
}

/** The email's "Wasn't you?" page. Scanners open it too, so only its button revokes. */
export function NotMePage({ maskedAddress, action, keepHref, ...frame }: NotMeProps) {
  const { words, site } = frame
  const said = words.signIn.notMe
  return (
    <Page frame={frame} title={said.title} visitor={null} isNarrow>
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p>
            <Sentence text={said.what(slot(0), site.name)} parts={[<Masked address={maskedAddress} />]} />
          </p>
          <p>{said.press}</p>
          <PostForm action={action} sending={words.form.sending}>
            <Button>{said.button}</Button>
          </PostForm>
        </div>
      </Lit>
      {keepHref !== undefined && (
        <div class="wrap">
          <p class="door">
            <a href={keepHref}>{said.keep}</a>
          </p>
        </div>
      )}
    </Page>
  )
}

export function NotMeDonePage(frame: Frame) {
  const said = frame.words.signIn.notMe
  return (
    <Page frame={frame} title={said.doneTitle} visitor={null} isNarrow saysWhomToAsk>
      <Lit>
        <div class="door flow" role="status">
          <h1>{said.doneHeading}</h1>
          <p>{said.doneWhat}</p>
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">
          <Ask frame={frame} text={said.again} />
        </p>
      </div>
    </Page>
  )
}
