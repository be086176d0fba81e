import type { Customer } from '../customers/customers.ts'
import { straightWayOf } from '../customers/providers.ts'
import { frameOf } from '../customers/site.ts'
import type { Visited } from '../customers/visit.ts'
import { readForm } from '../http/body.ts'
import { contentPolicy } from '../http/content-policy.ts'
import { ownPath, seeOther } from '../http/redirect.ts'
import { renderPage } from '../page/layout.tsx'
import { TroublePage } from '../page/trouble.tsx'
import type { Tools } from '../part.ts'
import type { MethodsAnswer } from './bodies.ts'
import { clearCookie, isShared, markShared } from './cookies.ts'
import type { FormFault, Method } from './method.ts'
import { notices, SignInPage, type SignInProps } from './page.tsx'
import { otherWaysPath, pathWithNext, SharedComputerPage } from './page-shared.tsx'
import { sessionOf } from './session/visitor.ts'

/** The sign-in page, with the methods that the customer has on. */
export function pageHandlers(tools: Tools, methods: readonly Method[]) {
  const methodsOn = (customer: Customer) => methods.filter(({ isOn }) => isOn(customer))

  function signInPage(
    c: Visited,
    visitor: Awaited<ReturnType<typeof whoIsHere>>,
  ): Response | Promise<Response> {
    const next = ownPath(c.req.query('next'))
    const notice = notices.find((name) => name === c.req.query('notice'))
    return show(c, { next, notice, visitor }, 200)
  }

  /** The page again, for a form that was not accepted. */
  function refuseForm(c: Visited, fault: FormFault, next: string | undefined): Response | Promise<Response> {
    return show(c, { next, fault }, 422)
  }

  function show(c: Visited, shown: Partial<SignInProps>, status: 200 | 422): Response | Promise<Response> {
    const customer = c.get('customer')
    const on = methodsOn(customer)
    const ways = { methods: on, providers: customer.providers, isShared: isShared(c) }
    const page = <SignInPage {...frameOf(c)} {...ways} {...shown} />
    // The script of a method asks us for what the browser is to sign.
    const headers = { 'content-security-policy': contentPolicy({ asks: on.some(({ script }) => script) }) }
    return c.html(renderPage(page), status, headers)
  }

  /** The same for programs that draw their own buttons. */
  function listMethods(c: Visited): Response {
    const customer = c.get('customer')
    const { words } = c.get('language')()
    const listed = methodsOn(customer).flatMap(({ name, label, buttons }) =>
      (buttons?.(customer, words) ?? [{ name, label: label(words) }]).map((button) => ({
        kind: name,
        ...button,
      })),
    )
    return c.json({ methods: listed } satisfies MethodsAnswer)
  }

  /** Whether others use this computer, too: chosen before any way of signing in, for all of them. */
  async function sharedPage(c: Visited): Promise<Response> {
    const next = ownPath(c.req.query('next'))
    const visitor = await whoIsHere(c)
    return c.html(
      renderPage(<SharedComputerPage {...frameOf(c)} isShared={isShared(c)} {...{ next, visitor }} />),
    )
  }

  async function chooseShared(c: Visited): Promise<Response> {
    const form = await readForm(c)
    const next = ownPath(form.get('next'))
    if (form.get('shared') === 'yes') markShared(c)
    else clearCookie(c, 'porchlight_shared')
    // Who chose this on the page comes back to the page.
    const path = straightWayOf(c.get('customer')) ? otherWaysPath : '/sign-in'
    return seeOther(c, pathWithNext(path, next))
  }

  /**
   * The email links here to explain why an address opens no record. Only a proven mailbox gets that link, but the page holds
   * nothing secret.
   */
  async function twoRecordsPage(c: Visited): Promise<Response> {
    const kind = c.get('customer').letsChooseRecord ? 'shared_records' : 'two_records'
    return c.html(renderPage(<TroublePage {...frameOf(c)} kind={kind} visitor={await whoIsHere(c)} />))
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

  return { signInPage, listMethods, sharedPage, chooseShared, refuseForm, twoRecordsPage, whoIsHere }
}
