import { describe, expect, it } from 'vitest'
import { readSmtpUrl } from './smtp-url.ts'

const mailer = { user: 'mailer', password: 'p@ss:w/rd' }

describe('SMTP_URL', () => {
  it.each([
    ['smtp://mail.example.org', { host: 'mail.example.org', port: 587, tls: 'starttls' }],
    ['smtp://Mail.Example.org:25/', { host: 'mail.example.org', port: 25, tls: 'starttls' }],
    ['smtps://mail.example.org', { host: 'mail.example.org', port: 465, tls: 'at once' }],
    [
      'smtps://mailer:p%40ss%3Aw%2Frd@mail.example.org:4650',
      { host: 'mail.example.org', port: 4650, tls: 'at once', credentials: mailer },
    ],
    ['smtp://127.0.0.1:2525', { host: '127.0.0.1', port: 2525, tls: 'none' }],
    ['smtp://[::1]:2525', { host: '::1', port: 2525, tls: 'none' }],
    ['smtp://localhost?starttls=required', { host: 'localhost', port: 587, tls: 'starttls' }],
    [
      'smtp://mailer:p%40ss%3Aw%2Frd@localhost:25',
      { host: 'localhost', port: 25, tls: 'none', credentials: mailer },
    ],
    ['smtp://10.0.0.7?dangerously_send_in_plain_text=yes', { host: '10.0.0.7', port: 587, tls: 'none' }],
  ])('%s', (url, expected) => {
    expect(readSmtpUrl(url)).toEqual({ credentials: undefined, ...expected })
  })

  it.each([
    ['', 'look like'],
    ['mail.example.org:25', 'look like'],
    ['http://mail.example.org', 'look like'],
    ['smtp://', 'look like|name a host'],
    ['smtp:///path', 'name a host'],
    ['smtp://mail.example.org/inbox', 'end after the port'],
    ['smtp://mail.example.org#x', 'end after the port'],
    ['smtp://mail_example,org', 'name a host'],
    ['smtp://mailer:a%0d%0ab@mail.example.org', 'a user and password, or neither'],
    ['smtp://mailer@mail.example.org', 'user and password'],
    ['smtp://mailer:%zz@mail.example.org', 'user and password'],
    ['smtp://mailer:a%0d%0ab@mail.example.org', 'user and password'],
    ['smtp://mail.example.org?tls.rejectUnauthorized=false', 'no parameter but'],
    ['smtp://mail.example.org?ignoreTLS=true', 'no parameter but'],
    ['smtp://mail.example.org?proxy=http://evil.example', 'no parameter but'],
    ['smtp://mail.example.org?starttls=maybe', 'no parameter but'],
    ['smtps://mail.example.org?dangerously_send_in_plain_text=yes', 'no parameters'],
    ['smtp://mailer:secret@10.0.0.7?dangerously_send_in_plain_text=yes', 'password in plain text'],
  ])('%s is a mistake', (url, why) => {
    const read = readSmtpUrl(url)
    expect('mistake' in read ? read.mistake : 'none').toMatch(new RegExp(why))
    expect(JSON.stringify(read)).not.toContain('secret')
  })

  it.each(['#', '/', '?'])(
    'row 20: an operator whose password has a %s in it is told to percent-encode it, and how, without the password',
    (mark) => {
      for (const scheme of ['smtp', 'smtps']) {
        for (const password of [`secret${mark}secret`, `12${mark}secret`, mark, `se@cret${mark}x`]) {
          const read = readSmtpUrl(`${scheme}://mailer:${password}@mail.example.org:587`)
          const mistake = 'mistake' in read ? read.mistake : 'none'
          expect(mistake).toMatch(/percent-encoded: # as %23, \/ as %2F, \? as %3F/)
          expect(mistake).not.toMatch(/secret|\.$/)
        }
        const encoded = encodeURIComponent(`secret${mark}secret`)
        expect(readSmtpUrl(`${scheme}://mailer:${encoded}@mail.example.org`)).toMatchObject({
          credentials: { password: `secret${mark}secret` },
        })
      }
    },
  )
})
