import { z } from 'zod'
import { askedBy } from '../../audit.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal, Refusal } from '../../errors.ts'
import { checked, type Form, readForm, readJson } from '../../http/body.ts'
import { seeOther } from '../../http/redirect.ts'
import type { WayIntoVomo } from '../../page/form.tsx'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import type { Session } from '../../sign-in/session/sessions.ts'
import { requireSession, requireVisitor, unlessSignedOut } from '../../sign-in/session/visitor.ts'
import type { Language } from '../../text/languages.ts'
import { dayIn } from '../../time/zones.ts'
import type { Held, VomoUserDetail } from '../../vomo/types.ts'
import { barTo, showPage, wayIntoVomo } from '../hand-off/hand-off.tsx'
import { changeable, type ProfileValues, profileBody } from './body.ts'
import { changeProfile, fieldsOf, type ProfileChange, valuesOf } from './change.ts'
import { fieldChoiceOf } from './field-choice.ts'
import { type FieldChoice, isRequired, type ProfileField, perField, profileFields } from './fields.ts'
import { toGroups } from './groups.ts'
import { type ProfileNotice, ProfilePage } from './page.tsx'
import { EditProfilePage, ProfileConflictPage, profilePath, seenPrefix } from './page-edit.tsx'
import type { FieldView } from './page-fields.tsx'
import { toRecord } from './record.ts'

type Asker = Pick<Session, 'person' | 'isStaff'>
type Sent = { typed: ProfileValues; seen: ProfileValues }

/** A volunteer's own details: every signed-in volunteer reads them, and changes them if the customer allows it. */
export function profileHandlers(tools: Tools) {
  const { store, vomo, clock } = tools

  /** `GET /profile` */
  async function page(c: Visited): Promise<Response> {
    const { isStaff, record } = await requireVisitor(tools, c)
    const kind = (['saved', 'unchanged'] as const).find((each) => each === c.req.query('done'))
    return showProfile(c, { isStaff, record, ...(kind && { notice: { kind } }) })
  }

  /** `GET /profile/edit` */
  async function edit(c: Visited): Promise<Response> {
    const { isStaff, record } = await requireVisitor(tools, c)
    const choice = await fieldChoiceOf(store, c.get('customer').id)
    if (!mayEdit(choice, record)) return seeOther(c, profilePath, 302)
    const now = valuesOf(record.value)
    const fields = fieldViews(changeable(choice, now), { typed: now, seen: now }, { now })
    return showForm(c, { isStaff, record, fields })
  }

  /** `POST /profile` */
  async function save(c: Visited): Promise<Response> {
    const asker = await unlessSignedOut(requireSession(tools, c))
    if (!asker) return seeOther(c, '/sign-in?next=/profile/edit')
    const form = await readForm(c)
    refuseForeign(form.names(), [...profileFields, ...profileFields.map((field) => seenPrefix + field)])
    const sent = { typed: valuesIn(form, ''), seen: valuesIn(form, seenPrefix) }
    const choice = await fieldChoiceOf(store, asker.person.customerId)
    if (!choice.editsProfile) {
      const { isStaff, record } = await requireVisitor(tools, c)
      return showProfile(c, { isStaff, record, notice: { kind: 'off' } }, 422)
    }
    try {
      const wanted = editsOf(sent)
      const { timeZone } = c.get('customer')
      const order = { person: asker.person, choice, wanted, seen: sent.seen, timeZone }
      return await answerForm(c, asker, sent, await changeProfile(askedBy(tools, c), order))
    } catch (error) {
      if (!isRefusal(error, 'vomo_unavailable')) throw error
      const fields = fieldViews(fieldsOf(sent.typed), sent)
      return showForm(c, { isStaff: asker.isStaff, record: undefined, fields }, 503)
    }
  }

  async function answerForm(
    c: Visited,
    { isStaff }: Asker,
    sent: Sent,
    change: ProfileChange,
  ): Promise<Response> {
    const { record } = change
    const choice = await fieldChoiceOf(store, c.get('customer').id)
    switch (change.outcome) {
      case 'saved':
      case 'unchanged':
        return seeOther(c, `${profilePath}?done=${change.outcome}`)
      case 'invalid': {
        const now = valuesOf(record.value)
        const names = changeable(choice, now)
        const fields = fieldViews(names, sent, { now, wrong: Object.keys(change.fields) })
        return showForm(c, { isStaff, record, fields }, 422)
      }
      case 'conflict': {
        const names = fieldsOf(sent.typed).filter((name) => !Object.hasOwn(change.conflicts, name))
        const conflicts = profileFields.flatMap((name) => {
          const sides = change.conflicts[name]
          return sides ? [{ name, ...sides }] : []
        })
        const shown = { ...frameOf(c, '/profile/edit'), visitor: visitorOf(isStaff, record) }
        const others = fieldViews(names, sent)
        const conflict = <ProfileConflictPage {...shown} conflicts={conflicts} others={others} />
        return c.html(renderPage(conflict), 409)
      }
      case 'not_taken': {
        const notice = { kind: 'notTaken', fields: change.fields } as const
        return showProfile(c, { isStaff, record, notice }, 409)
      }
      case 'not_here':
      case 'shared':
      case 'not_editable':
        break
    }
    const kind = nothingDone[change.outcome]
    return showProfile(c, { isStaff, record, notice: { kind } }, 422)
  }

  const api = {
    async me(c: Visited): Promise<Response> {
      return answerRecord(c, (await requireVisitor(tools, c)).record)
    },

    async change(c: Visited): Promise<Response> {
      const { person, record } = await requireVisitor(tools, c)
      const given = await readJson(c, z.unknown())
      const names = typeof given === 'object' && given !== null ? Object.keys(given) : []
      refuseForeign(names, [...profileFields, 'if_unchanged'])
      const choice = await fieldChoiceOf(store, person.customerId)
      if (!choice.editsProfile) throw new Refusal('field_not_editable', { fields: fieldsRefused(names, off) })
      const { if_unchanged: saidToHaveSeen = {}, ...asked } = checked(profileBody, given)
      const wanted = emptyAsNull(asked)
      const held = valuesOf(record.value)
      const seen = {
        ...perField(fieldsOf(wanted), (field) => held[field]),
        ...emptyAsNull(saidToHaveSeen),
      }
      const { timeZone } = c.get('customer')
      const change = await changeProfile(askedBy(tools, c), { person, choice, wanted, seen, timeZone })
      await refuseUnlessDone(c, fieldsOf(wanted), change)
      return answerRecord(c, change.record)
    },

    async groups(c: Visited): Promise<Response> {
      const { record } = await requireVisitor(tools, c)
      return c.json(toGroups(vomo.groupsOf(c.get('customer').id, record.value.id)))
    },
  }

  /** @throws {Refusal} when VOMO does not hold the requested values now */
  async function refuseUnlessDone(c: Visited, names: readonly string[], change: ProfileChange) {
    const url = await vomo.site(c.get('customer').id)
    switch (change.outcome) {
      case 'saved':
      case 'unchanged':
        return
      case 'invalid':
        throw new Refusal('invalid_request', { fields: change.fields })
      case 'conflict':
        throw new Refusal('profile_changed', { conflicts: change.conflicts })
      case 'not_taken':
        throw new Refusal('profile_not_taken', { fields: fieldsRefused(change.fields, kept), url })
      case 'not_editable':
        throw new Refusal('field_not_editable', { fields: fieldsRefused(change.fields, off), url })
      case 'not_here':
      case 'shared':
        throw new Refusal('field_not_editable', { fields: fieldsRefused(names, whyNot[change.outcome]), url })
    }
  }

  /** Programs poll while a copy is held, so the answer is cached with the copy. */
  const answers = new WeakMap<
    Held<VomoUserDetail>,
    { choice: FieldChoice; language: Language; json: string }
  >()

  async function answerRecord(c: Visited, record: Held<VomoUserDetail>): Promise<Response> {
    const choice = await fieldChoiceOf(store, c.get('customer').id)
    const language = c.get('language')()
    let known = answers.get(record)
    if (known?.choice !== choice || known.language !== language) {
      const shown = toRecord(record.value, choice, language)
      const as_of = new Date(record.fetchedAtMs).toISOString()
      known = { choice, language, json: JSON.stringify({ ...shown, as_of }) }
      answers.set(record, known)
    }
    return c.body(known.json, 200, { 'content-type': 'application/json' })
  }

  type Shown = { isStaff: boolean; record: Held<VomoUserDetail>; notice?: ProfileNotice }

  async function showProfile(c: Visited, { isStaff, record, notice }: Shown, status?: 409 | 422) {
    const { id, timeZone } = c.get('customer')
    const choice = await fieldChoiceOf(store, id)
    const siteUrl = await vomo.site(id)
    const way = wayIntoVomo(record.value, siteUrl)
    const shown = (
      <ProfilePage
        {...frameOf(c, profilePath)}
        visitor={visitorOf(isStaff, record)}
        asOf={{ ms: record.fetchedAtMs, timeZone, nowMs: clock() }}
        profile={toRecord(record.value, choice, c.get('language')())}
        choice={choice}
        way={way}
        mayEdit={mayEdit(choice, record)}
        notice={notice}
        groups={toGroups(vomo.groupsOf(id, record.value.id))}
      />
    )
    return showPage(c, shown, { way, siteUrl }, status)
  }

  type ShownForm = {
    isStaff: boolean
    /** Absent while VOMO is unreachable. */
    record: Held<VomoUserDetail> | undefined
    fields: readonly FieldView[]
  }

  async function showForm(c: Visited, { isStaff, record, fields }: ShownForm, status?: 422 | 503) {
    const { id, timeZone } = c.get('customer')
    const siteUrl = await vomo.site(id)
    const choice = await fieldChoiceOf(store, id)
    const way: WayIntoVomo = record ? wayIntoVomo(record.value, siteUrl) : { kind: 'site', url: siteUrl }
    const elsewhere = record && toRecord(record.value, choice, c.get('language')())
    const shown = (
      <EditProfilePage
        {...frameOf(c, '/profile/edit')}
        visitor={visitorOf(isStaff, record)}
        fields={fields}
        elsewhere={elsewhere ?? null}
        way={way}
        isUnreachable={record === undefined}
        today={dayIn(timeZone, clock())}
      />
    )
    return showPage(c, shown, { way, siteUrl }, status)
  }

  return { page, edit, save, api }
}

const nothingDone = {
  not_here: 'notHere',
  shared: 'shared',
  // The form showed it; the customer has hidden it since.
  not_editable: 'off',
} as const

const off = 'This field cannot be changed here.'
const kept = 'VOMO kept its own.'
const whyNot = {
  not_here: 'Only the record of a plain, active volunteer is changed here.',
  shared: 'More than one record in VOMO has this e-mail address.',
} as const

/** @throws {Refusal} 'email_not_editable', 'field_not_editable' with the names that are not editable fields */
function refuseForeign(names: readonly string[], known: readonly string[]): void {
  const foreign = names.filter((name) => !known.includes(name))
  if (foreign.length === 0) return
  const code = foreign.includes('email') ? 'email_not_editable' : 'field_not_editable'
  throw new Refusal(code, { fields: fieldsRefused(foreign, off) })
}

function fieldsRefused(names: readonly string[], rule: string): Record<string, string> {
  // Without a prototype: a field may be called `__proto__`.
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  for (const name of names) fields[name] = rule
  return fields
}

function mayEdit(choice: FieldChoice, { value }: Held<VomoUserDetail>): boolean {
  return choice.editsProfile && barTo(value) === undefined
}

function valuesIn(form: Form, prefix: string): ProfileValues {
  return emptyAsNull(perField(profileFields, (field) => form.get(prefix + field)))
}

/** The fields the volunteer edited. */
function editsOf({ typed, seen }: Sent): ProfileValues {
  const edited = fieldsOf(typed).filter((field) => typed[field] !== seen[field])
  return perField(edited, (field) => typed[field] ?? null)
}

function emptyAsNull(given: Record<string, string | null | undefined>): ProfileValues {
  const values = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(values.map(([field, value]) => [field, value?.trim() || null]))
}

/** @param about.now the record's current values, if available */
function fieldViews(
  names: readonly ProfileField[],
  { typed, seen }: Sent,
  about: { now?: ProfileValues; wrong?: readonly string[] } = {},
): FieldView[] {
  const { now = {}, wrong = [] } = about
  return names.map((name) => ({
    name,
    value: typed[name] === undefined ? (now[name] ?? null) : typed[name],
    seen: seen[name] === undefined ? (now[name] ?? null) : seen[name],
    isWrong: wrong.includes(name),
    isMissing: now[name] === null && isRequired(name),
  }))
}

function visitorOf(isStaff: boolean, record: Held<VomoUserDetail> | undefined) {
  return { firstName: record?.value.firstName ?? null, isStaff }
}
