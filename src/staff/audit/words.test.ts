import { expect, it, test } from 'vitest'
import { type AuditKind, auditKinds } from '../../audit.ts'
import type { Words } from '../../text/en.ts'
import { languageNames, languageWith } from '../../text/languages.ts'
import { kindGroups, kindsIn } from './groups.ts'
import type { LoggedEvent } from './log.ts'
import { actorOf, detailsOf as detailsWith, sentenceOf } from './words.ts'

const kinds = Object.keys(auditKinds) as AuditKind[]

test.each(languageNames)('every kind of event has a sentence of its own, in %s', (name) => {
  const { words } = languageWith(name)
  expect(Object.keys(words.staffAudit.kinds).toSorted()).toEqual(kinds.toSorted())
  const sentences = kinds.map((kind) => sentenceOf(words, kind))
  expect(sentences.filter((text) => !/^\p{Lu}.*\.$/u.test(text))).toEqual([])
  expect(new Set(sentences).size).toBe(kinds.length)
  const said = languageWith('en').words.staffAudit
  for (const part of ['details', 'values'] as const)
    expect(Object.keys(words.staffAudit[part])).toEqual(Object.keys(said[part]))
})

it('every kind is in one group', () => {
  expect(kindGroups.flatMap(kindsIn).toSorted()).toEqual(kinds.toSorted())
})

const event = (kind: string, detail: Record<string, unknown>): LoggedEvent => ({
  id: 'aud_1',
  atMs: 0,
  kind,
  person: null,
  by: null,
  detail,
  requestId: null,
})

const sayMoment = (ms: number) => new Date(ms).toISOString()

const detailsOf = (words: Words, told: LoggedEvent, options: { withIds?: boolean } = {}) =>
  detailsWith(words, told, { ...options, sayMoment })

it('an event tells in words what changed, from what to what, and who did it', () => {
  const { words } = languageWith('en')
  const changed = event('customer.set', { setting: 'name', before: 'owner', after: 'two', by: 'operator' })
  expect(detailsOf(words, changed)).toEqual(['Setting: name', 'Before: owner', 'After: two'])
  expect(actorOf(words, changed)).toBe('The operator')
  const spanish = languageWith('es').words
  const role = event('staff.set', { role: 'owner', before: null, by: 'per_gone' })
  expect(detailsOf(spanish, role)).toEqual(['Función: titular', 'Antes: ninguno'])
  expect(actorOf(spanish, role)).toBe('Alguien que ya no está aquí')
  expect(detailsOf(words, event('second_step.done', { by: 'passkey' }))).toEqual(['How: passkey'])
  expect(detailsOf(words, event('sign_in.provider_refused', { because: 'denied' }))).not.toEqual(
    detailsOf(words, event('person.rechecked', { answer: 'denied' })),
  )
  const link = event('sign_in.mailed', { link: `lnk_${'A'.repeat(20)}`, because: '' })
  expect(detailsOf(words, link)).toEqual([])
  expect(detailsOf(words, link, { withIds: true })).toEqual([`Link: lnk_${'A'.repeat(20)}`])
  expect(detailsOf(words, event('api_token.created', { name: 'toString' }))[0]).toMatch(/: toString$/)
  expect(sentenceOf(words, 'kind.of_later')).toBe('kind.of_later')
  const replaced = event('webhook.enabled', { again: true, former_until_ms: 86_400_000 })
  expect(detailsOf(words, replaced)).toEqual([
    'In place of an earlier one: Yes',
    'The earlier one works until: 1970-01-02T00:00:00.000Z',
  ])
  const narrowed = event('staff.exported_audit', {
    kinds: 'staff',
    about: `per_${'A'.repeat(20)} per_${'B'.repeat(20)}`,
  })
  expect(detailsOf(words, narrowed)).toEqual(['Kind: Staff'])
  const added = event('provider.set', { provider: 'work', issuer: 'https://id.example.org', by: 'per_gone' })
  expect(detailsOf(words, added)).toEqual(['Account of: work', 'Issuer: https://id.example.org'])
  expect(detailsOf(words, event('staff.saw_problems', { shown: 3, as: 'file' }))).toEqual([
    'Shown: 3',
    'How: as a file',
  ])
})
