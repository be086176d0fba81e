import type { Command } from 'commander'
import type { Recheck } from '../accounts/recheck.ts'
import type { Customer } from '../customers/customers.ts'
import { type OpenedStore, type OperatorTools, requireCustomer } from './customer.ts'

type About<Found, View> = {
  /** As the usage names it. */
  noun: string
  /** @param named as typed, or its id @throws {Refusal} 'invalid_request' */
  require: (opened: OpenedStore, customer: Customer, named: string) => Promise<Found>
  view: (opened: OpenedStore, customer: Customer, found: Found) => Promise<View> | View
  inWords: (view: View) => string
}

/** Adds commands about one thing of a customer; each prints what it did, and how the thing is then. */
export function commandsAbout<Found extends { id: string }, View extends object>(
  command: Command,
  { withStore, say }: OperatorTools,
  { noun, require, view, inWords }: About<Found, View>,
) {
  return (
    name: string,
    description: string,
    work: (opened: OpenedStore, found: Found, customer: Customer) => Promise<string | undefined>,
  ): void => {
    command
      .command(`${name} <customer> <${noun}>`)
      .description(description)
      .option('--json', 'as JSON, for scripts')
      .action((slug: string, named: string, options: { json?: boolean }) =>
        withStore(async (opened) => {
          const customer = await requireCustomer(opened.store, slug)
          const found = await require(opened, customer, named)
          const did = await work(opened, found, customer)
          const now = await view(opened, customer, await require(opened, customer, found.id))
          if (options.json) return say(JSON.stringify({ ...(did !== undefined && { did }), ...now }, null, 2))
          if (did !== undefined) say(`${did}\n`)
          say(inWords(now))
        }),
      )
  }
}

export async function show(): Promise<undefined> {
  return undefined
}

/** @param see the command that says more of a VOMO that does not answer */
export function recheckInWords(answer: Recheck, see: 'doctor' | 'vomo status'): string {
  const said = {
    shown: 'VOMO shows the record, under this address.',
    another_address: 'VOMO shows the record, under another address.',
    denied: 'VOMO says that it has no such record.',
    not_understood: 'VOMO answered, with something that is no record of theirs.',
    unavailable: `VOMO gave no usable answer. Try again in a minute, and see porchlight ${see}.`,
    not_asked: 'VOMO was not asked: no record of VOMO’s goes with this person.',
  } satisfies Record<Recheck, string>
  return said[answer]
}
