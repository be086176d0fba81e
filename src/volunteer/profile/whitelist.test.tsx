import { describe, expect, test } from 'vitest'
import { schemaOf } from '../../description/openapi.ts'
import { operations } from '../../description/operations.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Frame } from '../../page/site.ts'
import { english, languageNames, languageWith } from '../../text/languages.ts'
import { readUserDetail } from '../../vomo/people/read-user.ts'
import { savedFieldNames, userFields } from '../../vomo/user-fields.ts'
import { ruleBroken } from './body.ts'
import { type BuiltInField, builtInFields, builtInNames, firstChoice, profileFields } from './fields.ts'
import { ProfilePage } from './page.tsx'
import { EditProfilePage } from './page-edit.tsx'
import { type FieldView, shownValue, wordsOf } from './page-fields.tsx'
import { toRecord } from './record.ts'

const today = '2026-11-21'
const nowMs = Date.parse(today)
const site = {
  name: 'Riverbend',
  slug: 'riverbend',
  contactEmail: 'dana@riverbend.example',
  contactName: 'Dana',
  assets: { stylesheet: '/s.css', script: '/s.js', theme: '/t.css', icon: '/i.png' },
}
const frames = languageNames.map((name): Frame => ({ site, ...languageWith(name) }))
const choice = { ...firstChoice, editsProfile: true }
const pages = { visitor: { firstName: null }, way: { kind: 'hand_off' } } as const

const samples = {
  text: 'Quist Street 1',
  email: 'mara@example.org',
  phone: '(555) 012-0105',
  day: '1988-03-04',
} as const

/** A value as VOMO would send it. */
function sampleOf(field: BuiltInField): string {
  const { kind, answer } = builtInFields[field]
  return kind === 'choice' ? String(schemaOf(answer.unwrap()).enum?.[0]) : samples[kind]
}

function plain(html: string): string {
  return html.replaceAll('<wbr/>', '')
}

/** Of an object, also where it may be null. */
function propertiesOf(schema: ReturnType<typeof schemaOf> | undefined): string[] {
  const found = [schema, ...(schema?.anyOf ?? [])].find((each) => each?.properties)
  return Object.keys(found?.properties ?? {})
}

describe.each(builtInNames)('%s', (field) => {
  const { of } = builtInFields[field]
  const isChangeable = 'rule' in builtInFields[field]
  const user = readUserDetail({ data: { id: 1, [userFields[of].wire]: sampleOf(field) } }, '1')
  const record = toRecord(user, choice, english)

  test('goes from what VOMO sends to the JSON, the described API and the copy of everything', () => {
    expect(record[field]).toBe(sampleOf(field))
    const answers = operations['GET /portal/api/me']?.answer
    expect(propertiesOf(answers && schemaOf(answers))).toContain(field)
    const copy = operations['GET /portal/api/me/export']?.answer
    expect(propertiesOf(copy && (schemaOf(copy).properties as Record<string, never>)['record'])).toContain(
      field,
    )
  })

  test('is on the profile, and empty there where the customer hides it', () => {
    for (const frame of frames) {
      const props = { ...frame, ...pages, choice, mayEdit: true, asOf: { ms: nowMs, timeZone: 'UTC', nowMs } }
      const html = renderPage(<ProfilePage {...props} profile={record} />)
      expect(html).toContain(`<dt>${wordsOf(frame, field).label}</dt>`)
      expect(plain(html)).toContain(
        plain(renderPage(<dd>{shownValue(frame, field, sampleOf(field))}</dd>)).replace(/^.*?(?=<dd)/s, ''),
      )
    }
    const hidden = toRecord(user, { ...choice, builtIn: [] }, english)
    expect(hidden[field]).toBe(builtInFields[field].canHide ? null : sampleOf(field))
  })

  test('is a field of the form, or stands beside it', () => {
    for (const frame of frames) {
      const fields = profileFields.map(
        (name): FieldView => ({
          name,
          value: sampleOf(name),
          seen: null,
          isWrong: true,
        }),
      )
      const html = renderPage(
        <EditProfilePage {...frame} {...pages} fields={fields} elsewhere={record} today={today} />,
      )
      const { label, fault = 'no words', options = {} } = wordsOf(frame, field)
      const parts = isChangeable
        ? [`id="${field}"`, `value="${sampleOf(field)}"`, fault]
        : [`<dt>${label}</dt>`]
      for (const part of parts) expect(html).toContain(part)
      const choices = schemaOf(builtInFields[field].answer.unwrap()).enum ?? []
      expect(Object.keys(options).toSorted()).toEqual(choices.map(String).toSorted())
    }
  })

  test('may be asked to become another where VOMO changes it, and not elsewhere', () => {
    const body = operations['PATCH /portal/api/me']?.body
    expect(body?.safeParse({ [field]: sampleOf(field) }).success).toBe(isChangeable)
    expect(body?.safeParse({ if_unchanged: { [field]: sampleOf(field) } }).success).toBe(isChangeable)
    expect(savedFieldNames.some((name) => name === of)).toBe(isChangeable)
  })
})

test('a value of the samples breaks no rule, and all that VOMO changes may be changed', () => {
  for (const field of profileFields) expect(ruleBroken(field, sampleOf(field), today)).toBeUndefined()
  expect(profileFields.map((field) => builtInFields[field].of).toSorted()).toEqual(savedFieldNames.toSorted())
})
