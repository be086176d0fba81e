import { type Customer, customers } from '../../customers/customers.ts'
import { countProblems } from '../../problems/problems.ts'
import { livingProcesses } from '../../processes/processes.ts'
import type { Store } from '../../store/store.ts'
import type { OpenedStore } from '../customer.ts'
import { statusOf } from '../vomo/status.ts'

const deadForMs = 7 * 86_400_000

/** What the operator sees of a customer: counts, ages and settings, and nothing of any person. */
export type CustomerState = {
  slug: string
  name: string
  origin: string
  /** What is not well, in words; none where all is. */
  troubles: readonly string[]
  /** As `porchlight vomo status` says it. */
  vomo: readonly (readonly [name: string, words: string])[]
  mails: { waiting: number; oldestMs: number | null; dead: number }
  problems: readonly (readonly [kind: string, count: number])[]
}

export type Overview = {
  atMs: number
  customers: readonly CustomerState[]
  processes: Awaited<ReturnType<typeof livingProcesses>>
}

/** Reads the database alone, and asks nothing of any other machine. */
export async function overviewOf(opened: OpenedStore): Promise<Overview> {
  const { store, clock } = opened
  const atMs = clock()
  const states: CustomerState[] = []
  for (const customer of await customers(store)) states.push(await stateOf(opened, customer, atMs))
  return { atMs, customers: states, processes: await livingProcesses(store, atMs) }
}

async function stateOf(opened: OpenedStore, customer: Customer, nowMs: number): Promise<CustomerState> {
  const { store } = opened
  const { text } = await statusOf(opened, customer)
  const mails = await mailsOf(store, customer.id, nowMs)
  const problems = [...(await countProblems(store, { customerId: customer.id, isClosed: false }))]
  const vomo = text.split('\n').slice(1).map(readLine)
  const says = (name: string, words: string) =>
    vomo.some(([named, said]) => named === name && said.startsWith(words))
  const late = mails.oldestMs !== null && nowMs - mails.oldestMs > 5 * 60_000
  const troubles = [
    ...(says('VOMO', 'has no') ? ['no VOMO token'] : []),
    ...(says('breaker', 'open in') ? ['VOMO keeps failing'] : []),
    ...(says('paused', 'until') ? ['VOMO asked for a pause'] : []),
    ...(late ? ['emails wait'] : []),
    ...(mails.dead > 0 ? ['emails died'] : []),
    ...(problems.length > 0 ? ['open problems'] : []),
  ]
  return {
    slug: customer.slug,
    name: customer.name,
    origin: customer.publicOrigin,
    troubles,
    vomo,
    mails,
    problems,
  }
}

/** The name and the words of a line; the only one without a name says that there is no token. */
function readLine(line: string): [name: string, words: string] {
  const [name = '', words] = line.trim().split(/\s{2,}/)
  return words === undefined ? ['VOMO', name] : [name, words]
}

/** By count and age; never to whom they go. */
async function mailsOf(store: Store, customerId: string, nowMs: number): Promise<CustomerState['mails']> {
  const ofCustomer = store.db.selectFrom('outbox').where('customer_id', '=', customerId)
  const [waiting] = await store.read(
    ofCustomer
      .where('message_sealed', 'is not', null)
      .select((of) => [of.fn.countAll<number>().as('count'), of.fn.min('queued_at_ms').as('oldest')])
      .compile(),
  )
  const [dead] = await store.read(
    ofCustomer
      .where((of) =>
        of.or([of('failed_at_ms', '>', nowMs - deadForMs), of('bounced_at_ms', '>', nowMs - deadForMs)]),
      )
      .select((of) => of.fn.countAll<number>().as('count'))
      .compile(),
  )
  return { waiting: waiting?.count ?? 0, oldestMs: waiting?.oldest ?? null, dead: dead?.count ?? 0 }
}
