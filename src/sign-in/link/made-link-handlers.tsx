import { maskAddress } from '../../address.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import type { askHandlers } from '../mail/ask-handlers.tsx'
import { addressVerdict } from './link-visits.ts'
import { ElsewherePage } from './pages-link.tsx'
import { linkSecret, portalLinks } from './portal-links.tsx'
import { type SignInLink, stillHolds } from './spend.ts'

/** `/magiclink/<secret>`: what a customer's own systems, its staff or the operator hand over. */
export function madeLinkHandlers(tools: Tools, asking: Pick<ReturnType<typeof askHandlers>, 'askFor'>) {
  return portalLinks(tools, asking, {
    door: 'made',
    pathOf,
    mailPathOf,
    purpose: 'made_for_you',
    // Without an address rule, nothing distinguishes a person from a preview robot, so a click is required.
    needsNoButton: (c, link) => link.ip.rule !== 'off' && addressVerdict(c, link) === 'same',
    stillHolds: (link) => stillHolds(tools, link),
    bar,
  })
}

/** Where the link may be used from other addresses alone. */
function bar(c: Visited, link: SignInLink): Response | Promise<Response> | undefined {
  if (link.ip.rule === 'warn' || addressVerdict(c, link) === 'same') return undefined
  return c.html(
    renderPage(
      <ElsewherePage
        {...frameOf(c)}
        maskedAddress={maskAddress(link.address)}
        isConfirming={link.ip.rule === 'confirm'}
        mailAction={mailPathOf(c)}
      />,
    ),
    403,
  )
}

function pathOf(c: Visited): string {
  return `/magiclink/${linkSecret(c)}`
}

function mailPathOf(c: Visited): string {
  return `${pathOf(c)}/mail`
}
