import { expect, it } from 'vitest'
import { readEvent } from './read-event.ts'

const event = (type: unknown, data: unknown = { id: 7, user_id: '8' }) =>
  readEvent(JSON.stringify({ type, organization_id: 5, data }))

it.each([
  ['user.updated', { subject: 'user', vomoId: '7' }],
  ['user.deleted', { subject: 'user', vomoId: '7' }],
  ['membership.updated', { subject: 'user', vomoId: '8' }],
  ['participation.created', { subject: 'user', vomoId: '8' }],
  ['project.updated', { subject: 'project', vomoId: '7' }],
  ['campaign.deleted', { subject: 'campaigns', vomoId: '' }],
])('%s says what to read again', (type, change) => {
  expect(event(type)).toEqual({ kind: type, change, organizationId: '5' })
})

it.each(['project.public.updated', 'campaign.public.created'])('%s is known, and nothing of ours', (type) => {
  expect(event(type)).toEqual({ kind: type, change: undefined, organizationId: '5' })
})

it.each([
  'kiosk.created',
  'user.renamed',
  'toString.created',
  '__proto__.updated',
  'user.updated.x',
  'x'.repeat(90),
])('%s is unknown', (type) => {
  expect(event(type)).toEqual({ kind: 'unknown', change: undefined, organizationId: '5' })
})

it.each([
  ['no JSON', 'user.updated'],
  ['a list', '[{"type":"user.updated"}]'],
  ['a text', '"user.updated"'],
  ['no type', '{"data":{"id":1}}'],
  ['no payload', '{"type":"user.updated"}'],
  ['no id', '{"type":"user.updated","data":{}}'],
  ['an id that is none', '{"type":"user.updated","data":{"id":"../7"}}'],
  ['an id of parts', '{"type":"participation.created","data":{"id":1,"user_id":{"$gt":0}}}'],
  ['nothing', ''],
])('%s is unreadable', (_, body) => {
  expect(readEvent(body)).toMatchObject({ kind: 'unreadable', change: undefined })
})
