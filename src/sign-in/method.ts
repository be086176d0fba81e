import type { JSX } from 'preact'
import type { Customer } from '../customers/customers.ts'
import type { ShownProvider } from '../customers/providers.ts'
import type { Handler } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import type { Frame } from '../page/site.ts'
import type { Words } from '../text/en.ts'
import type { Proof } from './session/sessions.ts'

/** One way to sign in, as a row of `methods.ts`. It checks a proof of its own kind, then calls `enter`. */
export type Method = {
  name: string
  /** What its sessions say opened them. */
  proof: Proof['kind']
  /** Names its part of the sign-in page where another stands beside it. */
  label: (words: Words) => string
  isOn: (customer: Customer) => boolean
  /** The words of its buttons by their names, where it has more or others than one with its own name and label. */
  buttons?: (customer: Customer, words: Words) => readonly MethodButton[]
  SignInForm: (props: SignInFormProps) => JSX.Element
  /**
   * A script that its part of the page cannot do without: the part is hidden until the script shows it. `autofill` lets browsers
   * offer the method at the email field.
   */
  script?: { path: string; autofill: string }
  /** As `app.tsx` lists them: `POST /sign-in/code`. A customer that has the method off does not have them. */
  routes: readonly string[]
}

type MethodButton = { name: string; label: string }

export type SignInFormProps = {
  frame: Frame
  /** The own path to land on. The form carries it along. */
  next: string | undefined
  /** Whether no likelier method stands before it: its button is the page's main one. */
  isFirst: boolean
  /** The customer's identity systems. */
  providers: readonly ShownProvider[]
  /** Only of this method. */
  fault: FormFault | undefined
  /** What a browser may offer at a field for an address, besides addresses. */
  autofill: string | undefined
}

/** Why a form was not accepted, said at its field. */
export type FormFault = {
  /** The method's name. */
  of: string
  field: string
  message: string
  /** What stood in the field, for the visitor to correct. */
  typed: string
}

/**
 * Closes the routes of a method to customers that have it off.
 *
 * @param route as `routes` names it; one that belongs to no method stays open
 */
export function whileOn(methods: readonly Method[], route: string, handler: Handler): Handler {
  const method = methods.find(({ routes }) => routes.includes(route))
  if (!method) return handler
  return (c) => {
    if (!method.isOn(c.get('customer'))) throw new Refusal('not_found')
    return handler(c)
  }
}
