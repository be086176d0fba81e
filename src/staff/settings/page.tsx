import { mayActAs, type StaffRole } from '../../customers/roles.ts'
import type { SettingGroup } from '../../customers/settings.ts'
import { Button, Choice, ErrorSummary, Field, ListField, PostForm, Tick } from '../../page/form.tsx'
import { Facts, Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { StaffLayout } from '../menu.tsx'
import { type SettingsDone, settingsPath } from './done.ts'
import { ColorLook } from './page-color.tsx'
import { exportPath } from './page-export.tsx'
import { type LogoFault, LogoForm } from './page-logo.tsx'
import type { ShownSetting } from './shown.ts'

/** A form as it was sent. */
export type SettingsForm = {
  /** By setting, what was typed in place of what was there. */
  typed: Readonly<Record<string, string>>
  /** What was there for its sender, until they are told that it changed. */
  seen: Readonly<Record<string, string>>
  /** By setting: what is wrong with it, or what became of it meanwhile. */
  errors: Readonly<Record<string, string>>
  /** What is asked about twice, and the value of the box that says yes. */
  sure: { warnings: readonly string[]; value: string } | null
  logo: LogoFault | null
}

export const emptyForm: SettingsForm = { typed: {}, seen: {}, errors: {}, sure: null, logo: null }

type OverviewProps = Frame & {
  role: StaffRole
  groups: readonly { group: SettingGroup; settings: readonly ShownSetting[] }[]
}

/** Everything that is set, and where it is changed. */
export function SettingsPage(props: OverviewProps) {
  const { words, site, role, groups } = props
  const said = words.staffSettings
  return (
    <StaffLayout frame={props} title={said.title} role={role} place="settings">
      <Lit>
        <div class="flow">
          <h1>{said.heading(site.name)}</h1>
          <p>{said.lede}</p>
        </div>
      </Lit>
      <div class="wrap settings">
        {groups.map(({ group, settings }) => (
          <section key={group}>
            <h2>{said.groups[group]}</h2>
            <div class="flow">
              <Values settings={settings} />
              {settings.some((each) => mayActAs(role, each.role)) && (
                <p>
                  <a href={`${settingsPath}/${group}`} aria-label={`${said.change}: ${said.groups[group]}`}>
                    {said.change}
                  </a>
                </p>
              )}
            </div>
          </section>
        ))}
        <section>
          <h2>{said.more}</h2>
          <ul class="plain-list">
            <li>
              <a href={`${settingsPath}/record`}>{words.staffRecord.heading}</a>
            </li>
            {role === 'owner' && (
              <li>
                <a href={`${settingsPath}/words`}>{words.staffTerms.heading}</a>
              </li>
            )}
            <li>
              <a href={`${settingsPath}/vomo`}>{words.staffVomo.heading}</a>
            </li>
            {role === 'owner' && (
              <li>
                <a href={exportPath}>{words.staffExport.link}</a>
              </li>
            )}
          </ul>
        </section>
      </div>
    </StaffLayout>
  )
}

function Values({ settings }: { settings: readonly ShownSetting[] }) {
  return <Facts of={settings.map(({ label, said }) => [label, said])} />
}

type GroupProps = Frame & {
  role: StaffRole
  group: SettingGroup
  settings: readonly ShownSetting[]
  form: SettingsForm
  done: SettingsDone | null
}

/** The settings of one group: a form of those that its reader may change, and what the others are. */
export function SettingsGroupPage(props: GroupProps) {
  const { words, role, group, settings, form, done } = props
  const said = words.staffSettings
  const mine = settings.filter((each) => mayActAs(role, each.role))
  const errors = [
    ...mine.flatMap(({ name }) => {
      const error = form.errors[name]
      return error === undefined ? [] : [{ field: name, error }]
    }),
    ...(form.logo === null ? [] : [{ field: 'logo', error: said.logo.errors[form.logo] }]),
  ]
  return (
    <StaffLayout
      frame={props}
      title={said.groups[group]}
      role={role}
      place="settings"
      hasErrors={errors.length > 0}
    >
      <Lit>
        <div class="flow">
          {errors.length > 0 && <ErrorSummary heading={words.form.problem} errors={errors} />}
          {form.sure && (
            <ErrorSummary
              heading={said.sure.heading}
              errors={form.sure.warnings.map((warning) => ({ field: 'sure', error: warning }))}
            />
          )}
          {done !== null && (
            <p class="notice" role="status">
              {said.done[done]}
            </p>
          )}
          <h1>{said.groups[group]}</h1>
        </div>
      </Lit>
      <div class="wrap flow">
        {mine.length > 0 && <GroupForm {...props} settings={mine} />}
        {group === 'looks' && <LogoForm {...props} fault={form.logo} />}
        <Theirs {...props} settings={settings.filter((each) => !mine.includes(each))} />
        <p>
          <a href={settingsPath}>{said.back}</a>
        </p>
      </div>
    </StaffLayout>
  )
}

function GroupForm({ words, group, settings, form }: GroupProps) {
  const said = words.staffSettings
  const color = form.typed['color'] ?? settings.find(({ name }) => name === 'color')?.text
  return (
    <PostForm action={`${settingsPath}/${group}`} sending={words.form.sending}>
      {settings.map((setting) => (
        <Entry key={setting.name} setting={setting} form={form} />
      ))}
      {color !== undefined && <ColorLook words={words} color={color} />}
      {form.sure && (
        <Tick name="sure" label={said.sure.label} error={said.sure.missing} value={form.sure.value} />
      )}
      <div class="actions">
        <Button>{said.save}</Button>
        {color !== undefined && (
          <Button quiet does="see">
            {said.color.see}
          </Button>
        )}
      </div>
    </PostForm>
  )
}

/** The field of a setting, and what its reader saw there: another's change is not undone unseen. */
function Entry({ setting, form }: { setting: ShownSetting; form: SettingsForm }) {
  const { name, label, hint, options, takes, text } = setting
  const value = form.typed[name] ?? text
  const seen = form.typed[name] === undefined ? text : (form.seen[name] ?? text)
  const field = { name, label, error: form.errors[name], ...(hint !== undefined && { hint }) }
  return (
    <>
      <input type="hidden" name={`seen-${name}`} value={seen} />
      {options.length === 0 && (
        <Field
          {...field}
          type={takes === 'address' ? 'email' : 'text'}
          inputMode={takes === 'number' ? 'numeric' : takes === 'address' ? 'email' : 'text'}
          autocomplete="off"
          maxLength={320}
          value={value}
        />
      )}
      {options.length > maxAnswers && <ListField {...field} options={options} chosen={value} />}
      {options.length > 0 && options.length <= maxAnswers && (
        <Choice {...field} options={options} chosen={value} />
      )}
    </>
  )
}

/** More are a list that unfolds. */
const maxAnswers = 6

function Theirs({ words, settings }: Pick<GroupProps, 'words' | 'settings'>) {
  const said = words.staffSettings.theirs
  const roles = (['coordinator', 'owner', 'operator'] as const).filter((role) =>
    settings.some((each) => each.role === role),
  )
  if (roles.length === 0) return null
  return (
    <section class="flow">
      <h2>{said.heading}</h2>
      {roles.map((role) => (
        <div key={role} class="flow">
          <p class="quiet">{said[role]}</p>
          <Values settings={settings.filter((each) => each.role === role)} />
        </div>
      ))}
    </section>
  )
}
