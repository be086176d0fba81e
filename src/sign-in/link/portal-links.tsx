import { maskAddress } from '../../address.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { choiceOf, choicePath } from '../choice/choices.ts'
import { readCookie } from '../cookies.ts'
import type { askHandlers } from '../mail/ask-handlers.tsx'
import { deadLink, unknownLink } from './dead-links.tsx'
import { secretIn, signInHere } from './link-visits.ts'
import { type LinkKind, linkOpening } from './opening.ts'
import { LinkPage } from './pages-link.tsx'
import { type Door, lookAtLink, type SignInLink } from './spend.ts'

type PortalKind = Pick<LinkKind<SignInLink>, 'isAskedHere' | 'needsNoButton' | 'stillHolds' | 'bar'> & {
  door: Door
  /** Where its button posts. */
  pathOf: (c: Visited) => string
  /** Where a dead one posts for a new email. */
  mailPathOf: (c: Visited) => string
  purpose: Parameters<typeof LinkPage>[0]['purpose']
  notMeHref?: (c: Visited) => string
}

/** Links that sign a known person in and lead to a page of the portal: mailed ones, and made ones. */
export function portalLinks(
  tools: Tools,
  { askFor }: Pick<ReturnType<typeof askHandlers>, 'askFor'>,
  kind: PortalKind,
) {
  const opening = linkOpening<SignInLink>(tools, {
    ...kind,
    linkOf: (link) => link,
    lookAgain: lookAt,
    leadOn: (c, link) => seeOther(c, link.landing),
    otherVisitor: (_, link, { person }) => (person.id === link.personId ? null : maskAddress(person.address)),
    buttonPage: (c, link, { otherVisitor, isAskedHere }) =>
      c.html(
        renderPage(
          <LinkPage
            {...frameOf(c)}
            maskedAddress={maskAddress(link.address)}
            isSameBrowser={isAskedHere}
            otherVisitorAddress={otherVisitor}
            action={kind.pathOf(c)}
            purpose={kind.purpose}
            isShared={link.personId === null}
            notMeHref={kind.notMeHref?.(c) ?? null}
          />,
        ),
      ),
    spend: async (c, link) => seeOther(c, await signInHere(tools, c, link, { isCode: false })),
    deadPage: async (c, link) =>
      (await hasChoiceHere(c, link)) ? seeOther(c, choicePath) : deadLink(tools, c, link, kind.mailPathOf(c)),
  })

  /** Whether this browser spent the link and has yet to say which record is theirs. */
  async function hasChoiceHere(c: Visited, link: SignInLink): Promise<boolean> {
    const secret = readCookie(c, 'porchlight_choice')
    if (link.personId !== null || secret === undefined) return false
    return (await choiceOf(tools, { customerId: link.customerId, secret }))?.linkId === link.id
  }

  /** Sends a sign-in email to the person the link is for, with the same landing. The visitor neither types nor sees the address. */
  async function sendMail(c: Visited, { address, landing }: SignInLink): Promise<Response> {
    await askFor(c, { address, shownAddress: maskAddress(address), next: landing })
    return seeOther(c, '/sign-in/check-email')
  }

  /** A handler of the link in the address. */
  function withLink(answer: (c: Visited, link: SignInLink) => Promise<Response>) {
    return async (c: Visited): Promise<Response> => {
      const link = await lookAt(c)
      return link ? answer(c, link) : unknownLink(tools, c)
    }
  }

  function lookAt(c: Visited): Promise<SignInLink | undefined> {
    return lookAtLink(tools, { customer: c.get('customer'), secret: linkSecret(c), door: kind.door })
  }

  return {
    open: withLink(opening.open),
    spend: withLink(opening.spend),
    sendMail: withLink(sendMail),
  }
}

export function linkSecret(c: Visited): string {
  return secretIn(c.req.param('secret') ?? c.req.query('t'))
}
