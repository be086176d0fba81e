import { expect, test } from 'vitest'
import { readUserDetail } from '../people/read-user.ts'
import { wireUser } from '../vomo.fixture.ts'
import { readEarned } from './read-certificate.ts'

const read = (certificates: unknown) => readEarned({ certificates }, '8')

test('a detail without a list says nothing, which is not the same as an empty list', () => {
  expect(readUserDetail({ data: wireUser(8) }, '8').certificates).toBeNull()
  for (const none of [null, undefined, 'Food handler', { id: 1 }, 3]) expect(read(none)).toBeNull()
  expect(read([])).toEqual([])
})

test('name and days are read under any of the names they may have', () => {
  expect(
    read([
      { id: 1, name: 'Food handler', earned_at: '2025-03-01T00:00:00+00:00', expires_at: '2027-03-01' },
      { title: 'Safe driving', issued_date: '2025-11-04 08:00:00', expiration_date: null },
      { certificate: { name: 'Orientation', secret: 'x' }, completed_at: 'long ago' },
    ]),
  ).toEqual([
    { name: 'Food handler', earnedOn: '2025-03-01', expiresOn: '2027-03-01' },
    { name: 'Safe driving', earnedOn: '2025-11-04', expiresOn: null },
    { name: 'Orientation', earnedOn: null, expiresOn: null },
  ])
  expect(readEarned({ user_certificates: [{ name: 'First aid' }] }, '8')).toHaveLength(1)
})

test('an entry without a name, or of another user, is left out', () => {
  expect(
    read([{ name: ' ' }, null, 'x', { name: 'Theirs', user_id: 9 }, { name: 'Mine', user_id: '8' }]),
  ).toEqual([{ name: 'Mine', earnedOn: null, expiresOn: null }])
})
