import type { Command } from 'commander'
import { personOf } from '../accounts/people.ts'
import { recheckProblem } from '../accounts/recheck.ts'
import { maskAddress } from '../address.ts'
import type { Customer } from '../customers/customers.ts'
import { invalid } from '../errors.ts'
import { type ProblemKind, problemKindNames } from '../problems/kinds.ts'
import { closeByHand, type Problem, problemOf, problemsOf } from '../problems/problems.ts'
import { en } from '../text/en.ts'
import { createVomo } from '../vomo/vomo.ts'
import { commandsAbout, recheckInWords, show } from './about.ts'
import { type OpenedStore, type OperatorTools, requireCustomer } from './customer.ts'

type Options = { json?: boolean; kind?: string; closed?: boolean; page?: string }

const perPage = 50

/** `porchlight problem list|show|recheck|close` */
export function addProblemCommands(program: Command, { withStore, say }: OperatorTools): void {
  const command = program
    .command('problem')
    .description('what keeps people from their record until it is mended, and what mends it')

  command
    .command('list <customer>')
    .description('its open problems, the last seen first')
    .option('--kind <kind>', `one kind alone: ${problemKindNames.join(', ')}`)
    .option('--closed', 'those that healed or were closed in the last 90 days')
    .option('--page <number>', `which ${perPage} of them`, '1')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, options: Options) =>
      withStore(async ({ store }) => {
        const { id: customerId } = await requireCustomer(store, slug)
        const which = { kind: readKind(options.kind), isClosed: options.closed === true }
        const page = readPageNumber(options.page ?? '1')
        const found = await problemsOf(store, { customerId, ...which, page, perPage })
        if (options.json) return say(JSON.stringify(found.map(viewOf), null, 2))
        for (const problem of found) {
          const { id, kind, who, last_seen: seen, count } = viewOf(problem)
          say(`${id}  ${kind.padEnd(16)}  ${seen}  ${String(count).padStart(4)}  ${who}`)
        }
        if (found.length === 0) say(page === 1 ? 'None.' : 'No more.')
        if (found.length === perPage) say(`For more: --page ${page + 1}`)
      }),
    )

  const about = commandsAbout(
    command,
    { withStore, say },
    { noun: 'problem', require: requireProblem, view: (_, __, problem) => viewOf(problem), inWords },
  )
  about('show', 'one problem: its cause, and what mends it', show)
  about('recheck', 'ask VOMO now, and act on its answer as a page would', checkAgain)
  about('close', 'close it; it opens again when it is met again', close)
}

function readKind(text: string | undefined): ProblemKind | undefined {
  if (text === undefined) return undefined
  const kind = problemKindNames.find((name) => name === text)
  if (!kind) throw invalid('kind', `must be one of ${problemKindNames.join(', ')}`)
  return kind
}

function readPageNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw invalid('page', 'must be a whole number from 1')
  return Number(text)
}

async function requireProblem({ store }: OpenedStore, { id }: Customer, named: string): Promise<Problem> {
  const found = await problemOf(store, { customerId: id, id: named })
  if (!found) throw invalid('problem', 'is not known here; see problem list')
  return found
}

async function checkAgain(
  opened: OpenedStore,
  { kind, person_id: id }: Problem,
  { id: customerId }: Customer,
): Promise<string> {
  const person = id === null ? undefined : await personOf(opened.store, { customerId, id })
  const vomo = createVomo(opened)
  try {
    const tools = { ...opened, vomo }
    const answer = await recheckProblem(tools, { customerId, kind, person }, { by: 'operator' })
    return answer === 'answers' ? 'VOMO answers.' : recheckInWords(answer, 'vomo status')
  } finally {
    await vomo.close()
  }
}

async function close(
  { store, clock }: OpenedStore,
  { id }: Problem,
  { id: customerId }: Customer,
): Promise<string> {
  const closed = { customerId, id, note: '', by: 'operator' }
  const wasOpen = await store.write(() => closeByHand(store.db, closed, clock()))
  return wasOpen ? 'Closed. It opens again when it is met again.' : 'It was closed already.'
}

function viewOf(problem: Problem) {
  const { cause, cure, heals } = en.staffProblems.kinds[problem.kind]
  return {
    id: problem.id,
    kind: problem.kind,
    person: problem.person_id,
    who: problem.address === null ? 'everyone' : maskAddress(problem.address),
    first_seen: new Date(problem.first_seen_ms).toISOString(),
    last_seen: new Date(problem.last_seen_ms).toISOString(),
    count: problem.count,
    closed: problem.closed_at_ms === null ? null : new Date(problem.closed_at_ms).toISOString(),
    note: problem.note,
    closed_note: problem.closed_note,
    cause,
    cure: `${cure} ${heals}`,
  }
}

function inWords(view: ReturnType<typeof viewOf>): string {
  return [
    `${view.who}: ${view.kind}`,
    '',
    `  first seen  ${view.first_seen}`,
    `  last seen   ${view.last_seen}`,
    `  count       ${view.count}`,
    `  closed      ${view.closed ?? '-'}`,
    `  note        ${view.note === '' ? '-' : view.note}`,
    `  closed with ${view.closed_note === '' ? '-' : view.closed_note}`,
    `  person      ${view.person ?? '-'}`,
    '',
    `Cause: ${view.cause}`,
    `What helps: ${view.cure}`,
  ].join('\n')
}
