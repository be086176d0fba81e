import { formatRecent } from '../text/dates.ts'
import { breakable } from './contact.tsx'
import { Button, PostForm } from './form.tsx'
import { Sentence, slot } from './sentence.tsx'
import type { Frame } from './site.ts'

/** Whose pages staff see, until when, and how to end it: on each of those pages, before all else. */
export function PreviewBanner({ frame, preview }: { frame: Frame; preview: NonNullable<Frame['preview']> }) {
  const { words, locale } = frame
  const said = words.staffPreview
  const until = formatRecent(locale, preview.until, preview.until.nowMs)
  return (
    <section class="preview" aria-label={said.label}>
      <div class="wrap">
        <p>
          <Sentence text={said.banner(slot(0), until)} parts={[<b>{breakable(preview.who)}</b>]} />
        </p>
        <PostForm action="/admin/preview/end" sending={words.form.sending}>
          <Button quiet>{said.end}</Button>
        </PostForm>
      </div>
    </section>
  )
}
