import { Button, Field, PostForm } from '../../page/form.tsx'
import type { Frame } from '../../page/site.ts'
import { languageNames } from '../../text/languages.ts'
import { StaffFormPage } from '../form-page.tsx'
import { type SettingsDone, settingsPath } from './done.ts'
import { nameOf, type TermEntry } from './terms-form.ts'

export const termsPath = `${settingsPath}/words`

type TermsProps = Frame & {
  entries: readonly TermEntry[]
  errors: Readonly<Record<string, string>>
  done: SettingsDone | null
}

/** What an organization calls things. For owners. */
export function TermsPage(props: TermsProps) {
  const { words, entries, errors, done } = props
  const said = words.staffTerms
  return (
    <StaffFormPage
      frame={props}
      title={said.title}
      role="owner"
      place="settings"
      errors={errors}
      done={done && words.staffSettings.done[done]}
      heading={said.heading}
      lede={said.lede}
    >
      <div class="wrap flow">
        <PostForm action={termsPath} sending={words.form.sending}>
          {languageNames.map((language) => (
            <section key={language} class="field flow">
              <h2>{said.language[language]}</h2>
              {entries
                .filter((entry) => entry.language === language)
                .map((entry) => (
                  <div key={entry.noun} class="pair">
                    <input type="hidden" name={nameOf(entry, 'seen')} value={entry.seen} />
                    {(['one', 'other'] as const).map((part) => (
                      <Field
                        key={part}
                        name={nameOf(entry, part)}
                        label={said[part](entry.ours[part])}
                        error={errors[nameOf(entry, part)]}
                        autocomplete="off"
                        autocapitalize="none"
                        maxLength={60}
                        value={entry[part]}
                      />
                    ))}
                  </div>
                ))}
            </section>
          ))}
          <Button>{words.staffSettings.save}</Button>
        </PostForm>
        <p>
          <a href={settingsPath}>{words.staffSettings.back}</a>
        </p>
      </div>
    </StaffFormPage>
  )
}
