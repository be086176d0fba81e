import { expect, test } from 'vitest'
import { renderPage } from '../page/layout.tsx'
import type { Frame } from '../page/site.ts'
import { en } from '../text/en.ts'
import { DeadLinkPage, LinkPage, UnknownLinkPage } from './link/pages-link.tsx'
import { NotMeDonePage, NotMePage } from './link/pages-not-me.tsx'
import { addressFault, mailMethod } from './mail/method.tsx'
import { CheckMailPage } from './mail/pages.tsx'
import { methods } from './methods.ts'
import { SignInPage } from './page.tsx'

const hostile = `"><script>alert('x')</script>`
const assets = { stylesheet: '/a.css', script: '/a.js', theme: '/t.css', icon: '/i.png' }
const site = {
  name: 'Riverbend',
  slug: 'riverbend',
  contactEmail: 'dana@riverbend.example',
  contactName: null,
  assets,
}
const frame: Frame = { site, words: en, locale: 'en-US' }
const hostileFrame: Frame = { ...frame, site: { ...site, name: hostile, contactName: hostile } }

const mail = {
  address: 'maria@example.org',
  sender: { name: 'Riverbend', address: 'hello@riverbend.example' },
  subject: 'Your link',
  expiresInMinutes: 15,
  nextAt: null,
}
const link = {
  maskedAddress: 'm…a@e…e.org',
  isSameBrowser: true,
  otherVisitorAddress: null,
  action: '/auth/secret',
  purpose: 'mail',
  notMeHref: '/not-me/secret',
} as const

test('pages survive any name of a person or an organization', () => {
  const pages = [
    <SignInPage
      {...hostileFrame}
      next={hostile}
      methods={methods}
      fault={addressFault(en, 'impossible', hostile)}
      visitor={{ firstName: hostile }}
    />,
    <CheckMailPage
      {...hostileFrame}
      {...mail}
      address={hostile}
      sender={{ name: hostile, address: hostile }}
      subject={hostile}
      typed={{ error: 'wrong_code', code: hostile, triesLeft: 4 }}
    />,
    <LinkPage
      {...hostileFrame}
      {...link}
      maskedAddress={hostile}
      otherVisitorAddress={hostile}
      isSameBrowser={false}
    />,
    <LinkPage {...hostileFrame} {...link} purpose="made_for_you" />,
    <DeadLinkPage
      {...hostileFrame}
      reason="used"
      maskedAddress={hostile}
      resendAction="/auth/secret/again"
    />,
    <UnknownLinkPage {...hostileFrame} />,
    <NotMePage {...hostileFrame} maskedAddress={hostile} action="/not-me/secret" />,
    <NotMeDonePage {...hostileFrame} />,
  ]
  for (const page of pages) {
    const html = renderPage(page)
    expect(html).not.toContain('<script>')
    expect(html).not.toContain(`"><`.repeat(2))
    expect(html).not.toMatch(/ style=/)
  }
})

test('the sign-in form carries the way on, and keeps what was typed', () => {
  const html = renderPage(
    <SignInPage
      {...frame}
      methods={[mailMethod]}
      next="/user?year=2026"
      fault={addressFault(en, 'impossible', 'maria@')}
    />,
  )
  expect(html).toContain('<input type="hidden" name="next" value="/user?year=2026"/>')
  expect(html).toMatch(/<input[^>]*autocomplete="email"[^>]*value="maria@"/)
  expect(html).toContain('novalidate')
})

test('passkeys are offered at the email field and by a button, which are hidden until their script shows them', () => {
  const html = renderPage(<SignInPage {...frame} methods={methods} next="/user" />)
  expect(html).toMatch(
    /<input[^>]*name="email"[^>]*autocomplete="username webauthn"|<input[^>]*autocomplete="username webauthn"[^>]*name="email"/,
  )
  expect(html).toMatch(
    /<section[^>]*hidden[^>]*data-with-passkeys[^>]*><form method="post" action="\/sign-in\/passkey"/,
  )
  expect(html.match(/<script /g)).toHaveLength(2)
  const without = renderPage(<SignInPage {...frame} methods={[mailMethod]} />)
  expect(without).not.toMatch(/passkey|webauthn/)
  expect(without.match(/<script /g)).toHaveLength(1)
})

test('what was wrong is said in the title, first on the page, and at the field', () => {
  const html = renderPage(<SignInPage {...frame} methods={methods} fault={addressFault(en, 'missing', '')} />)
  expect(html).toContain('<title>Error: Sign in')
  expect(html).toMatch(/role="alert" tabindex="-1" autofocus/i)
  expect(html).toMatch(/aria-describedby="email-hint email-error" aria-invalid="true"/)
  expect(html).toContain('href="#email"')
})

test('the code can be pasted and filled in by the browser, in one field', () => {
  const html = renderPage(<CheckMailPage {...frame} {...mail} />)
  expect(html).toMatch(/<input[^>]*autocomplete="one-time-code"/)
  expect(html).not.toMatch(/placeholder|autocomplete="off"/)
  expect(html).toContain('<form method="post" action="/sign-in/again"')
})

test('row 27: a code that did not match stays in its field, which names what was wrong', () => {
  const typed = { error: 'wrong_code', code: 'abcd-efgh', triesLeft: 1 } as const
  const html = renderPage(<CheckMailPage {...frame} {...mail} typed={typed} />)
  expect(html).toMatch(/<input[^>]*value="abcd-efgh"/)
  expect(html).toMatch(/aria-describedby="code-hint code-error" aria-invalid="true"/)
  expect(html).toMatch(/id="code-error">[^<]*1 try left\.</)
})

test('a mail sent again is announced', () => {
  const html = renderPage(<CheckMailPage {...frame} {...mail} resent />)
  expect(html).toMatch(/role="status">You asked again/)
})

test('without the address there is nothing to send again, but a way to ask', () => {
  const html = renderPage(<CheckMailPage {...frame} {...mail} address={null} />)
  expect(html).not.toContain('name="email"')
  expect(html).toContain('href="/sign-in"')
})

test('a link page has one form and one button, and says who would be signed out', () => {
  const html = renderPage(
    <LinkPage {...frame} {...link} isSameBrowser={false} otherVisitorAddress="j…n@g…l.com" />,
  )
  const content = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  expect(content.match(/<form/g)).toHaveLength(1)
  expect(content.match(/<button/g)).toHaveLength(1)
  expect(html).toContain('<form method="post" action="/auth/secret"')
  expect(html).toMatch(/j…n<\/span><wbr\/>@g…l\.com<\/b> is signed in here right now/)
})

test.each(['expired', 'used', 'superseded', 'replaced', 'revoked'] as const)(
  'a link that is %s says why',
  (reason) => {
    const at = { ms: Date.parse('2026-11-21T15:14:00Z'), timeZone: 'America/Chicago' }
    const html = renderPage(
      <DeadLinkPage
        {...frame}
        reason={reason}
        maskedAddress="m…a@e…e.org"
        resendAction="/auth/s/again"
        at={at}
      />,
    )
    expect(html).toContain(en.signIn.dead.reasons[reason].heading)
    expect(html).toContain('action="/auth/s/again"')
    expect(html).not.toContain('type="email"')
  },
)

test('a dead link that cannot be renewed leads to the sign-in page', () => {
  const html = renderPage(
    <DeadLinkPage {...frame} reason="expired" maskedAddress={null} resendAction={null} />,
  )
  expect(html).toContain('<a class="button" href="/sign-in">')
})
