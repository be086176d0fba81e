import { during } from '../../audit.ts'
import {
  changeSettings,
  readChanges,
  type SettingTexts,
  settingsOf,
} from '../../customers/change-settings.ts'
import { mayActAs, type StaffRole } from '../../customers/roles.ts'
import { type SettingGroup, settings } from '../../customers/settings.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal, Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { hasSecondStep } from '../../sign-in/session/second-step.ts'
import type { Language } from '../../text/languages.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { doneIn, type SettingsDone, settingsPath } from './done.ts'
import { exportHandlers } from './export-handlers.tsx'
import { logoHandlers } from './logo-handlers.ts'
import { emptyForm, type SettingsForm, SettingsGroupPage, SettingsPage } from './page.tsx'
import { recordHandlers } from './record-handlers.tsx'
import { groupsOfSettings, saidOf, shownOf } from './shown.ts'
import { termsHandlers } from './terms-handlers.tsx'
import { vomoHandlers } from './vomo-handlers.tsx'

/** A customer's settings: what the operator changes by `customer set`, as far as its staff may. */
export function settingsHandlers(tools: Tools) {
  const { store } = tools

  async function overview(c: Visited): Promise<Response> {
    const { customer, role } = await requireStaff(tools, c, 'viewer')
    const texts = await settingsOf(store, customer.id)
    const language = c.get('language')()
    const groups = groupsOfSettings.map(({ group }) => ({ group, settings: shownOf(group, texts, language) }))
    return c.html(renderPage(<SettingsPage {...frameOf(c)} {...{ role, groups }} />))
  }

  function pageOf(group: SettingGroup) {
    return async (c: Visited): Promise<Response> => {
      const member = await requireStaff(tools, c, 'viewer')
      // Those who only read take no second step: what is set shows on the pages of everyone, or says how they work.
      if (namesFor(member.role, group).length > 0 && !hasSecondStep(member.session, member.nowMs))
        throw new Refusal('second_step_required')
      return show(c, member, { group, form: emptyForm, done: doneIn(c) })
    }
  }

  async function show(
    c: Visited,
    { customer, role }: Member,
    shown: { group: SettingGroup; form: SettingsForm; done?: SettingsDone | null; status?: 409 | 422 },
  ): Promise<Response> {
    const { group, form, done = null, status = 200 } = shown
    const list = shownOf(group, await settingsOf(store, customer.id), c.get('language')())
    const frame = frameOf(c, `${settingsPath}/${group}`)
    return c.html(
      renderPage(<SettingsGroupPage {...frame} {...{ role, group, form, done }} settings={list} />),
      status,
    )
  }

  function saveOf(group: SettingGroup) {
    const page = `${settingsPath}/${group}`
    const [least = 'owner'] = (['coordinator', 'owner'] as const).filter(
      (role) => namesFor(role, group).length > 0,
    )
    return staffForms(tools, { role: least, fresh: true, page })(async (c, { form, ...member }) => {
      const { customer, person, role, nowMs } = member
      const language = c.get('language')()
      const names = namesFor(role, group)
      const typed = textsIn(names, (name) => form.get(name)?.slice(0, maxTypedLength))
      const seen = textsIn(names, (name) => form.get(`seen-${name}`))
      // What they did not touch shows as it is now, also on a form that comes back.
      const changes = Object.fromEntries(Object.entries(typed).filter(([name, text]) => text !== seen[name]))
      const sent = { ...emptyForm, typed: changes, seen }
      if (form.get('do') === 'see') return show(c, member, { group, form: sent })
      const by = { role, id: person.id }
      const errors = errorsIn(changes, { by, language })
      if (Object.keys(errors).length > 0)
        return show(c, member, { group, form: { ...sent, errors }, status: 422 })
      const sure = askedTwice(changes, language)
      if (sure && form.get('sure') !== sure.value)
        return show(c, member, { group, form: { ...sent, sure }, status: 422 })

      const order = { customerId: customer.id, by, changes, seen }
      const overtaken = await store.write(during(c, () => changeSettings(store.db, order, nowMs)))
      const conflicts = Object.entries(overtaken).map(([name, { now, yours }]) => {
        const label = language.words.staffSettings.fields[name]?.label ?? name
        const [theirs, own] = [now, yours].map((text) => saidOf(name, text ?? '', language))
        return [name, language.words.staffSettings.conflict(label, theirs ?? '', own ?? '')] as const
      })
      if (conflicts.length > 0) {
        const told = { ...emptyForm, typed: changes, errors: Object.fromEntries(conflicts) }
        return show(c, member, { group, form: told, status: 409 })
      }
      return seeOther(c, `${page}?done=${Object.keys(changes).length > 0 ? 'saved' : 'unchanged'}`)
    })
  }

  const showLogo = (c: Visited, member: Member, shown: Pick<SettingsForm, 'logo'>) =>
    show(c, member, { group: 'looks', form: { ...emptyForm, ...shown }, status: 422 })

  return {
    overview,
    pageOf,
    saveOf,
    logo: logoHandlers(tools, showLogo),
    record: recordHandlers(tools),
    terms: termsHandlers(tools),
    vomo: vomoHandlers(tools),
    export: exportHandlers(tools),
  }
}

const maxTypedLength = 320

/** The settings of a group that this role may change. */
function namesFor(role: StaffRole, group: SettingGroup): string[] {
  return Object.keys(settings).filter((name) => {
    const setting = settings[name]
    return setting?.group === group && mayActAs(role, setting.role)
  })
}

/** What was sent; a setting that was not stays. */
function textsIn(names: readonly string[], textOf: (name: string) => string | undefined): SettingTexts {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = textOf(name)?.trim()
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

/** The rules that new values break, in the reader's language. */
function errorsIn(
  changes: SettingTexts,
  { by, language }: { by: { role: StaffRole; id: string }; language: Language },
): Record<string, string> {
  const { fields, refused } = language.words.staffSettings
  try {
    readChanges(changes, by)
    return {}
  } catch (error) {
    if (!isRefusal(error, 'invalid_request')) throw error
    return Object.fromEntries(Object.keys(error.fields).map((name) => [name, fields[name]?.rule ?? refused]))
  }
}

/** What these values would do that is not to happen by mistake. The answer belongs to these values and no others. */
function askedTwice(changes: SettingTexts, { words }: Language): SettingsForm['sure'] {
  const asked = Object.entries(changes).filter(([name, text]) => settings[name]?.asksTwice?.(text))
  if (asked.length === 0) return null
  const warnings = asked.map(([name]) => words.staffSettings.fields[name]?.warning ?? name)
  return { warnings, value: asked.map((each) => each.join('=')).join(' ') }
}
