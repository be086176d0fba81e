import { expect, it } from 'vitest'
import { mailboxOf } from './mailboxes.ts'

const sender = 'hello@riverbend.example'

it.each([
  ['ann@gmail.com', 'Gmail'],
  ['Ann@GoogleMail.com', 'Gmail'],
  ['ann@hotmail.co.uk', 'Outlook'],
  ['ann@outlook.com', 'Outlook'],
  ['ann@live.com.mx', 'Outlook'],
  ['ann@yahoo.com', 'Yahoo Mail'],
  ['ann@ymail.com', 'Yahoo Mail'],
  ['ann@me.com', 'iCloud Mail'],
])('%s is read at %s', (address, name) => {
  expect(mailboxOf(address, sender)?.name).toBe(name)
})

it.each(['ann@riverbend.example', 'ann@gmail.com.evil.example', 'gmail.com@example.org', 'ann@notgmail.com'])(
  '%s has no mailbox that many people know',
  (address) => {
    expect(mailboxOf(address, sender)).toBeUndefined()
  },
)

it('searches for what the organization sent, and a sender adds nothing to the address of the page', () => {
  expect(mailboxOf('ann@gmail.com', sender)?.url).toContain('from%3Ahello%40riverbend.example')
  const { hash, host } = new URL(mailboxOf('ann@yahoo.com', 'a@b.example#x&y=/')?.url ?? '')
  expect({ hash, host }).toEqual({ hash: '', host: 'mail.yahoo.com' })
})
