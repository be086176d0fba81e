import { languages } from '../text/languages.ts'
import { Ask } from './contact.tsx'
import { Posting } from './form.tsx'
import { Lamp } from './mark.tsx'
import type { Frame } from './site.ts'

export function Footer({ frame, withContact }: { frame: Frame; withContact: boolean }) {
  return (
    <footer class="foot">
      <div class="wrap foot-row">
        {withContact && (
          <p>
            <Ask frame={frame} text={frame.words.foot.questions} />
          </p>
        )}
        <LanguageSwitch frame={frame} />
        <p class="by">
          <Lamp />
          {frame.words.foot.by}
        </p>
      </div>
    </footer>
  )
}

type SwitchProps = {
  frame: Pick<Frame, 'words' | 'locale' | 'here'>
  /** Where it posts. */
  action?: string
}

/** The other languages, each under its own name. */
export function LanguageSwitch({ frame: { words, locale, here = '/' }, action = '/language' }: SwitchProps) {
  const others = Object.entries(languages).filter(([, language]) => language.locale !== locale)
  return (
    <Posting class="languages" action={action} aria-label={words.foot.languages}>
      <input type="hidden" name="back" value={here} />
      {others.map(([name, { itself }]) => (
        <button key={name} class="plain" type="submit" name="to" value={name} lang={name}>
          {itself}
        </button>
      ))}
    </Posting>
  )
}
