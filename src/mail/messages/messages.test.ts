import { expect, test } from 'vitest'
import { en } from '../../text/en.ts'
import { addressChangedMail, inviteMail, notOnRecordMail, signInMail } from './messages.tsx'
import { openProblemsMail } from './open-problems.tsx'
import { passkeyMail } from './passkey.tsx'
import { reminderMail } from './reminder.tsx'
import { oneLine, plainText } from './text.ts'

const hostile = `"><script>alert('x')</script>`
const letter = {
  words: en,
  locale: 'en-US',
  site: {
    name: 'Riverbend Food Bank',
    publicOrigin: 'https://riverbend.example',
    contactEmail: 'dana@riverbend.example',
  },
  firstName: 'Maria',
}
const invite = {
  group: 'Drivers',
  url: 'https://riverbend.example/l/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj',
  nowMs: Date.parse('2026-11-21T16:41:00Z'),
  expiresAtMs: Date.parse('2026-12-21T16:41:00Z'),
  timeZone: 'America/Chicago',
}
const shift = {
  project: 'Saturday Sort',
  startsAtMs: Date.parse('2026-12-05T15:00:00Z'),
  endsAtMs: Date.parse('2026-12-05T18:00:00Z'),
  timeZone: 'America/Chicago',
  place: 'Hall, 1 Main St',
  role: 'greeter',
  guests: 2,
  state: 'pending' as const,
}
const reminder = {
  shiftsUrl: 'https://riverbend.example/shifts',
  offUrl: `https://riverbend.example/reminders/off/${'7f'.repeat(60)}`,
  asOfMs: Date.parse('2026-12-04T15:00:20Z'),
  timeZone: 'America/Chicago',
  calendar: { fileName: 'shift.ics', text: 'BEGIN:VCALENDAR' },
}
const signIn = {
  ...letter,
  url: 'https://riverbend.example/auth/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj',
  code: 'K7PM-4XRT',
  askedAtMs: Date.parse('2026-11-21T16:41:00Z'),
  expiresAtMs: Date.parse('2026-11-21T16:56:00Z'),
  timeZone: 'America/Chicago',
  notMeUrl: 'https://riverbend.example/not-me/abc',
  isForPassword: false,
}

test('the text part of a sign-in mail is complete by itself', () => {
  const { text, subject } = signInMail(signIn)
  expect(subject).toBe('Your sign-in link for Riverbend Food Bank')
  const lines = text.split('\n')
  expect(lines).toContain(signIn.url)
  expect(lines).toContain(signIn.notMeUrl)
  expect(lines.map((line) => line.trim())).toContain('K7PM-4XRT')
  expect(text).toContain('until 10:56\u00a0am Central')
  expect(text).toMatch(/^Hello Maria,\n\n/)
  const tooLong = lines.filter((line) => line.length > 72 && !line.startsWith('https://'))
  expect(tooLong).toEqual([])
})

test('no line a locked phone shows holds the code', () => {
  const { html, subject } = signInMail(signIn)
  expect(subject).not.toContain('K7PM')
  expect(/<div style="display:none[^>]*>([^<]*)</.exec(html)?.[1]).not.toContain('K7PM')
  expect(html.match(/K7PM-4XRT/g)).toHaveLength(1)
})

test('emails are small, say their language, and have one button', () => {
  for (const { html } of allEmails('Maria')) {
    expect(html.length).toBeLessThan(30 * 1024)
    expect(html).toMatch(/<html lang="en-US" dir="ltr">/)
    expect(html).toContain('<title>')
    expect(html).toContain('content="light dark"')
    expect(html.match(/<a class="button"/g)).toHaveLength(1)
    expect(html).not.toMatch(/<img|<script|@import|url\(/)
  }
})

test('names cannot break out of a mail, nor into its headers', () => {
  for (const { html, subject, text } of allEmails(`${hostile}\r\nBcc: x@evil.example\u202e`)) {
    expect(html).not.toContain('<script')
    expect(subject).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(text).not.toMatch(/\r|\u202e/)
  }
})

test('an address that is not on record is told so, and nothing else', () => {
  for (const reason of ['no_record', 'two_records'] as const) {
    const { text } = notOnRecordMail({ ...letter, firstName: null, reason })
    expect(text).toContain('https://riverbend.example/sign-in')
    expect(text.replaceAll('\n', ' ')).toContain('dana@riverbend.example')
    expect(text).not.toMatch(/auth\/|Maria/)
  }
})

test('the old address hears of the new one only masked, and whom to tell', () => {
  const { text } = addressChangedMail({
    ...letter,
    newAddress: 'm…a@n…w.org',
    changedAtMs: signIn.askedAtMs,
    timeZone: 'America/Chicago',
  })
  expect(text.replaceAll('\n', ' ')).toContain('From now on, sign in with m…a@n…w.org.')
  expect(text.replaceAll('\n', ' ')).toContain('If you didn’t, write to dana@riverbend.example today.')
})

test('a paragraph is wrapped, a link never', () => {
  const link = `https://riverbend.example/${'x'.repeat(90)}`
  expect(plainText(['word '.repeat(30).trim(), { own: link }])).toBe(
    `${'word '.repeat(14).trim()}\n${'word '.repeat(14).trim()}\nword word\n\n${link}\n`,
  )
  expect(oneLine(' a\r\n\tb\u0000 ')).toBe('a b')
})

function allEmails(name: string) {
  const named = { ...letter, firstName: name, site: { ...letter.site, name: `Riverbend ${name}` } }
  return [
    signInMail({ ...signIn, ...named }),
    notOnRecordMail({ ...named, reason: 'no_record' }),
    addressChangedMail({
      ...named,
      newAddress: 'm…a@n…w.org',
      changedAtMs: signIn.askedAtMs,
      timeZone: 'America/Chicago',
    }),
    ...(['added', 'removed', 'refused'] as const).map((change) =>
      passkeyMail({
        ...named,
        change,
        name,
        atMs: signIn.askedAtMs,
        timeZone: 'America/Chicago',
        accountUrl: 'https://riverbend.example/account',
      }),
    ),
    openProblemsMail({
      ...named,
      counts: [{ kind: 'merged', count: 2 }],
      fresh: 1,
      problemsUrl: 'https://riverbend.example/admin/problems',
    }),
    inviteMail({ ...named, ...invite, group: name }),
    reminderMail({ ...named, ...reminder, shifts: [{ ...shift, project: name, place: name, role: name }] }),
    reminderMail({ ...named, ...reminder, shifts: [shift, { ...shift, project: name }] }),
  ]
}

test.each(['https://evil.example/auth/x', 'www.evil.example', 'evil.example', 'eve@evil.example'])(
  'a group called %s is not named in its invitation: a mail program would make a link of it',
  (group) => {
    const { text, html, subject } = inviteMail({ ...letter, ...invite, group })
    expect(text + html + subject).not.toContain('evil')
    expect(text).toContain('one of its groups')
  },
)

test('a reminder says the day, the time at the place, who comes and what is still open', () => {
  const { subject, text, html, calendar, unsubscribeUrl } = reminderMail({
    ...letter,
    ...reminder,
    shifts: [shift],
  })
  expect(subject).toBe('Saturday, December 5: Saturday Sort')
  for (const line of [
    'Saturday, December 5',
    'Hall, 1 Main St',
    'As greeter, you and 2 guests',
    'Waiting for the organizer to accept',
  ]) {
    expect(text.split('\n')).toContain(line)
    expect(html).toContain(line)
  }
  expect(text).toContain('9:00\u00a0am – 12:00\u00a0pm Central')
  expect(text.split('\n')).toContain(reminder.offUrl)
  expect([calendar, unsubscribeUrl]).toEqual([reminder.calendar, reminder.offUrl])
  const both = reminderMail({ ...letter, ...reminder, shifts: [shift, { ...shift, project: 'Sunday Soup' }] })
  expect(both.subject).toBe('Your next 2 shifts, from Saturday, December 5')
  expect(both.text).toContain('Sunday Soup')
})

test.each(['https://evil.example/auth/x', 'www.evil.example', 'evil.example', 'eve@evil.example'])(
  'a shift called %s, there, as that, is not named in its reminder',
  (evil) => {
    const shifts = [{ ...shift, project: evil, place: evil, role: evil }]
    const { text, html, subject } = reminderMail({ ...letter, ...reminder, shifts })
    expect(text + html + subject).not.toContain('evil')
    expect(subject).toBe('Saturday, December 5: A shift')
  },
)

test.each(['https://evil.example/auth/x', 'www.evil.example', 'evil.example', 'eve@evil.example'])(
  'a first name like %s is no name: nothing above our link may be taken for one',
  (firstName) => {
    const { text, html } = signInMail({ ...signIn, firstName })
    expect(text).not.toContain('evil')
    expect(html).not.toContain('evil')
  },
)
