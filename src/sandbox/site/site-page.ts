import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { fullName, isStaff } from '../world/people.ts'
import { rootOrganization } from '../world/world.ts'
import { adminPath, hubPath, loginPath, logoutPath, resumePath } from './site-paths.ts'
import type { Visitor } from './site-sessions.ts'

/** Contains no character that HTML would escape, because the policy below holds its hash. */
const style = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
nav a, button { display: inline-block; font: inherit; padding: 0.6rem 0.9rem; margin: 0 0.5rem 0.5rem 0; border: 1px solid }
`

const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    // For the icon that browsers request from every site; the answer is that there is none.
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

type Page = {
  title: string
  visitor: Visitor | undefined
  /** Made by `html`, which escapes it. */
  body: ReturnType<typeof html>
  status?: ContentfulStatusCode
}

/** One page of the site. Each names the person who is signed in, so that a test can check. */
export function showPage(c: Context, { title, visitor, body, status = 200 }: Page) {
  return c.html(
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · VOMO sandbox</title>
<style>${style}</style>
</head>
<body>
<header>${visitor ? signedIn(visitor) : signedOut}</header>
<main>
<h1>${title}</h1>
${body}
</main>
<footer><p>This is the stand-in for VOMO. In VOMO itself a volunteer would sign up, change or cancel here.</p></footer>
</body>
</html>
`,
    status,
    headers,
  )
}

function signedIn({ user, records }: Visitor) {
  return html`<p id="signed-in-as">Signed in as <strong id="signed-in-name">${fullName(user)}</strong>, <span id="signed-in-email">${user.email}</span>.</p>
<nav aria-label="VOMO"><a href="${hubPath(rootOrganization(records))}">Hub</a><a href="${resumePath}">My resume</a>${isStaff(user) ? html`<a href="${adminPath}">Admin</a>` : ''}</nav>
<form method="post" action="${logoutPath}"><button>Sign out</button></form>`
}

const signedOut = html`<p id="signed-out">Nobody is signed in. <a href="${loginPath}">Sign in</a></p>`
