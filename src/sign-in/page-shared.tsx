import { ownPath } from '../http/redirect.ts'
import { Button, PostForm } from '../page/form.tsx'
import { Page } from '../page/layout.tsx'
import { Lit } from '../page/parts.tsx'
import type { Frame, Visitor } from '../page/site.ts'

export const sharedPath = '/sign-in/shared'

/** The sign-in page itself, also where it would lead on to a provider at once. */
export const otherWaysPath = '/sign-in?ways=all'

/** A path of signing in that carries the way on along, unless the whole is too long for an address. */
export function pathWithNext(path: string, next: string | undefined): string {
  const mark = path.includes('?') ? '&' : '?'
  return (next && ownPath(`${path}${mark}next=${encodeURIComponent(next)}`)) || path
}

type SharedProps = Frame & {
  isShared: boolean
  next: string | undefined
  visitor: Visitor | null
}

/** What it means to say that a computer is shared, and both answers. */
export function SharedComputerPage({ isShared, next, visitor, ...frame }: SharedProps) {
  const { words } = frame
  const said = words.signIn.shared
  return (
    <Page frame={frame} title={said.title} visitor={visitor} current="sign-in" isNarrow={visitor === null}>
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p>{said.what}</p>
          <div class="actions">
            <Answer frame={frame} shared="yes" next={next} quiet={isShared} />
            <Answer frame={frame} shared="no" next={next} quiet={!isShared} />
          </div>
        </div>
      </Lit>
      <div class="wrap">
        <p class="door quiet">{said.bestSignOut}</p>
      </div>
    </Page>
  )
}

type AnswerProps = { frame: Frame; shared: 'yes' | 'no'; next: string | undefined; quiet: boolean }

function Answer({ frame: { words }, shared, next, quiet }: AnswerProps) {
  return (
    <PostForm action={sharedPath} sending={words.form.sending}>
      <input type="hidden" name="shared" value={shared} />
      {next !== undefined && <input type="hidden" name="next" value={next} />}
      <Button quiet={quiet}>{words.signIn.shared[shared]}</Button>
    </PostForm>
  )
}
