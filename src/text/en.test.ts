import { expect, test } from 'vitest'
import { termOf } from './en/moniker.ts'
import { en } from './en.ts'
import { sentences } from './words.fixture.ts'

test('words hold no markup, no exclamation mark, no straight apostrophe and no "oops"', () => {
  for (const [path, sentence] of sentences(en)) {
    expect(sentence, path).not.toMatch(/[<>!']|&\w+;|oops/i)
  }
})

test('the number decides the word', () => {
  expect(en.hub.hoursThisYear(1, '1')).toBe('You’ve given 1 hour this year')
  expect(en.hub.hoursThisYear(46.5, '46.5')).toBe('You’ve given 46.5 hours this year')
  expect(en.shiftsPage.heading(1)).toBe('You have 1 upcoming shift')
  expect(en.loading.shifts(1)).toBe('1 shift is still loading from VOMO.')
  expect(en.loading.shifts(3)).toBe('3 shifts are still loading from VOMO.')
  expect(en.notCounted.item(1)).toBe('1 thing you brought, not time')
  expect(en.resume.total(1204.25, '1,204.25')).toBe('You’ve given 1,204.25 hours')
})

test('every reason a row has is summed up too', () => {
  expect(Object.keys(en.notCounted)).toEqual(Object.keys(en.rowStates))
})

test('every limit has a code of its own and says where else', () => {
  expect(new Set(en.limits.map((each) => each.code)).size).toBe(en.limits.length)
  for (const { where } of en.limits) expect(where.length).toBeGreaterThan(0)
})

test('everything people want and VOMO’s API does not allow has its line', () => {
  expect(en.limits.map(({ code }) => code)).toEqual([
    'sign_up',
    'cancel',
    'check_in',
    'change_hours',
    'certificate',
    'change_email',
    'change_profile',
    'change_address',
    'change_answers',
    'forms',
    'merge_records',
    'offer',
    'delete_account',
  ])
})

test.each([
  ['Team', 'team', 'teams'],
  ['Serving Day', 'serving day', 'serving days'],
  ['Ministry', 'ministry', 'ministries'],
  ['Outreach', 'outreach', 'outreaches'],
  ['Class', 'class', 'classes'],
  ['Teams', 'teams', 'teams'],
  ['VIP Night', 'VIP night', 'VIP nights'],
])('“%s” is one %s and many %s', (moniker, one, other) => {
  expect(termOf(moniker)).toEqual({ one, other })
})
