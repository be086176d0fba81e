import { frameOf } from '../customers/site.ts'
import type { Visited } from '../customers/visit.ts'
import { ownPath } from '../http/redirect.ts'
import { renderPage } from '../page/layout.tsx'
import { TroublePage } from '../page/trouble.tsx'
import type { Tools } from '../part.ts'
import type { FormFault, Method } from './method.ts'
import { SignInPage } from './page.tsx'
import { sessionOf } from './session/visitor.ts'

/** The sign-in page, with the methods that the customer has on. */
export function pageHandlers(tools: Tools, methods: readonly Method[]) {
  async function signInPage(c: Visited): Promise<Response> {
    const next = ownPath(c.req.query('next'))
    const notice = c.req.query('notice') === 'signed_out' ? 'signed_out' : undefined
    const visitor = await whoIsHere(c)
    return c.html(
      renderPage(<SignInPage {...frameOf(c)} methods={methodsOn(c)} {...{ next, notice, visitor }} />),
    )
  }

  /** The page again, for a form that was not accepted. */
  function refuseForm(c: Visited, fault: FormFault, next: string | undefined): Response | Promise<Response> {
    return c.html(
      renderPage(<SignInPage {...frameOf(c)} methods={methodsOn(c)} next={next} fault={fault} />),
      422,
    )
  }

  function methodsOn(c: Visited): readonly Method[] {
    return methods.filter(({ isOn }) => isOn(c.get('customer')))
  }

  /**
   * The email links here to explain why an address opens no record. Only a proven mailbox gets that link, but the page holds
   * nothing secret.
   */
  async function twoRecordsPage(c: Visited): Promise<Response> {
    return c.html(renderPage(<TroublePage {...frameOf(c)} kind="two_records" visitor={await whoIsHere(c)} />))
  }

  /** For pages that must render in spite of any error: the signed-in person for their header. */
  async function whoIsHere(
    c: Visited,
  ): Promise<{ firstName: null; isStaff: boolean; address: string } | null> {
    const session = await sessionOf(tools, c).catch(() => undefined)
    return session?.isLive
      ? { firstName: null, isStaff: session.isStaff, address: session.person.address }
      : null
  }

  return { signInPage, refuseForm, twoRecordsPage, whoIsHere }
}
