import { presetNames, presets } from '../../customers/provider-presets.ts'
import { Button, Choice, Field, PostForm } from '../../page/form.tsx'
import type { Frame } from '../../page/site.ts'
import { StaffFormPage } from '../form-page.tsx'
import type { WaysForm } from './form.ts'
import { newProviderPath, waysInPath } from './paths.ts'

/** The form that sets up an identity system. Its secret is never shown, also not the one that was just typed. */
export function NewProviderPage(props: Frame & { form: WaysForm; publicOrigin: string }) {
  const { words, form, publicOrigin } = props
  const { typed, errors } = form
  const said = words.staffWaysIn
  const field = (name: string) => ({
    name,
    error: errors[name],
    value: typed[name] ?? '',
    autocomplete: 'off',
    spellcheck: false,
  })
  return (
    <StaffFormPage
      frame={props}
      title={said.make.title}
      role="owner"
      place="ways_in"
      errors={errors}
      done={null}
      heading={said.make.heading}
      lede={said.make.lede}
    >
      <div class="wrap flow">
        <PostForm action={newProviderPath} sending={words.form.sending}>
          <Choice
            name="preset"
            label={said.make.preset}
            error={errors['preset']}
            options={presetNames.map((value) => ({
              value,
              label: value === 'generic' ? said.make.another : presets[value].meaning,
            }))}
            chosen={typed['preset'] ?? null}
          />
          <Field
            {...field('name')}
            label={said.make.name}
            hint={said.make.nameHint(publicOrigin)}
            value={typed['name'] ?? 'work'}
            maxLength={40}
          />
          <Field
            {...field('issuer')}
            label={said.make.issuer}
            hint={said.make.issuerHint}
            inputMode="url"
            maxLength={2000}
          />
          <Field {...field('client-id')} label={said.form.clientId} maxLength={255} />
          <Field
            name="client-secret"
            label={said.form.clientSecret}
            hint={said.form.secretNew}
            error={errors['client-secret']}
            type="password"
            autocomplete="off"
            spellcheck={false}
          />
          <Field {...field('label')} label={said.form.label} hint={said.form.labelHint} maxLength={40} />
          <Field {...field('domain')} label={said.form.domain} hint={said.form.domainHint} maxLength={2000} />
          <Button>{said.make.button}</Button>
        </PostForm>
        <p>
          <a href={waysInPath}>{said.back}</a>
        </p>
      </div>
    </StaffFormPage>
  )
}
