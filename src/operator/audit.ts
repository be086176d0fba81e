import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { personIdsAt } from '../accounts/people.ts'
import { normalizeAddress } from '../address.ts'
import { type AuditFilter, auditEvents, auditKinds, type ReadEvent } from '../audit.ts'
import { customers } from '../customers/customers.ts'
import { Refusal } from '../errors.ts'
import { firstIdAt } from '../secrets.ts'
import type { Store } from '../store/store.ts'
import { readDuration } from '../time/durations.ts'
import { type OperatorTools, requireCustomer } from './customer.ts'

type Options = {
  customer?: string
  person?: string
  kind?: string[]
  request?: string
  since?: string
  follow?: boolean
  json?: boolean
}

/** The longest time from the start of an event's id to its commit. */
const lateMs = 10_000

/**
 * `porchlight audit`
 *
 * @param untilNext waits between two looks of `--follow`. @returns whether to look again
 */
export function addAuditCommand(
  program: Command,
  { withStore, say }: OperatorTools,
  untilNext: () => Promise<boolean> = () => pause(1000, true),
): void {
  program
    .command('audit')
    .description('what happened, oldest first: sign-ins, links, changes of accounts and settings')
    .option('--customer <slug>', 'at this customer only')
    .option('--person <address or id>', 'about this person only')
    .option('--kind <kind>', 'of this kind only, or all of a group: sign_in; may be given again', another)
    .option('--request <id>', 'caused by this request only: the X-Request-Id of its answer')
    .option(
      '--since <time>',
      'from then on: 2h, 3d, 2026-11-28 or 2026-11-28T10:00Z (default: from the beginning)',
    )
    .option('--follow', 'go on telling what happens until Ctrl-C; without --since, only that')
    .option('--json', 'one JSON object a line, for scripts')
    .addHelpText('after', `\nKinds:\n${kindsHelp()}`)
    .action((options: Options) =>
      withStore(async ({ store, clock }) => {
        const filter = await readFilter(store, options, clock())
        const slugs = new Map((await customers(store)).map(({ id, slug }) => [id, slug]))
        const tell = options.json ? asJson : inWords
        /** Events already printed that the next look may meet again. */
        let told = new Set<string>()
        let sinceMs = options.follow ? (filter.sinceMs ?? clock()) : filter.sinceMs
        do {
          const nextMs = clock() - lateMs
          const nextId = firstIdAt('aud', nextMs)
          const soFar = told
          told = new Set([...soFar].filter((id) => id > nextId))
          for await (const event of auditEvents(store, { ...filter, sinceMs })) {
            if (event.id > nextId) told.add(event.id)
            if (!soFar.has(event.id)) say(tell(event, slugs.get(event.customerId) ?? event.customerId))
          }
          sinceMs = Math.max(nextMs, filter.sinceMs ?? nextMs)
        } while (options.follow && (await untilNext()))
      }),
    )
}

/** @throws {Refusal} 'invalid_request' naming every wrong option */
async function readFilter(store: Store, options: Options, nowMs: number): Promise<AuditFilter> {
  const customerId =
    options.customer === undefined ? undefined : (await requireCustomer(store, options.customer)).id
  const fields: Record<string, string> = {}
  const personIds =
    options.person === undefined ? undefined : await personIdsNamed(store, customerId, options.person)
  if (personIds?.length === 0) fields['person'] = 'names no one known here'
  const kinds = options.kind?.flatMap(kindsNamed)
  if (options.kind?.some((each) => kindsNamed(each).length === 0))
    fields['kind'] = 'must be one of those in audit --help, or a group like sign_in'
  const sinceMs = options.since === undefined ? undefined : readSince(options.since, nowMs)
  if (Number.isNaN(sinceMs)) fields['since'] = 'must look like 2h, 3d, 2026-11-28 or 2026-11-28T10:00Z'
  if (Object.keys(fields).length > 0) throw new Refusal('invalid_request', { fields })
  return { customerId, personIds, kinds, requestId: options.request, sinceMs }
}

async function personIdsNamed(store: Store, customerId: string | undefined, text: string): Promise<string[]> {
  if (/^per_\w+$/.test(text)) return [text]
  const address = normalizeAddress(text)
  return address === undefined ? [] : personIdsAt(store, { customerId, address })
}

function kindsNamed(text: string): string[] {
  return Object.keys(auditKinds).filter((kind) => kind === text || kind.startsWith(`${text}.`))
}

/** A time without a zone is UTC, like all times printed here. @returns NaN when it is not a time */
function readSince(text: string, nowMs: number): number {
  const ago = readDuration(text)
  if ('ms' in ago) return nowMs - ago.ms
  const [, day, time = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? []
  return day === undefined ? Number.NaN : Date.parse(`${day}${time}${zone}`)
}

function asJson({ id, atMs, kind, personId, requestId, detail }: ReadEvent, customer: string): string {
  const at = new Date(atMs).toISOString()
  return JSON.stringify({ at, id, customer, kind, person: personId, request: requestId, detail })
}

function inWords({ atMs, kind, personId, requestId, detail }: ReadEvent, customer: string): string {
  const details = Object.entries(detail).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  const line = [
    new Date(atMs).toISOString(),
    customer.padEnd(12),
    kind.padEnd(28),
    personId ?? '-',
    ...details,
    ...(requestId === null ? [] : [`request=${requestId}`]),
  ]
  return line.join(' ')
}

function kindsHelp(): string {
  return Object.entries(auditKinds)
    .map(([kind, meaning]) => `  ${kind.padEnd(32)} ${meaning}`)
    .join('\n')
}

function another(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value]
}
