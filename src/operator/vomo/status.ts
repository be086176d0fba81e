import type { Customer } from '../../customers/customers.ts'
import { type Access, createAccess } from '../../vomo/access/access.ts'
import { directoryProgress } from '../../vomo/directory/directory.ts'
import { budgetNow, openBreakers } from '../../vomo/flow/status.ts'
import { linesOf } from '../../vomo/flow/waiting.ts'
import type { OpenedStore } from '../customer.ts'

type At = OpenedStore & { customer: Customer; access: Access; nowMs: number }
/** A part of the status: its words, each with its name, and the same for a script. */
type Told = { lines: readonly (readonly [name: string, words: string])[]; json: object }

/** What is told of a customer's VOMO, in this order. What else uses VOMO adds a part of its own. */
const parts: Readonly<Record<string, (at: At) => Promise<Told>>> = {
  budget: tellBudget,
  breakers: tellBreakers,
  copies: tellCopies,
  directory: tellDirectory,
}

export async function statusOf(
  opened: OpenedStore,
  customer: Customer,
): Promise<{ text: string; json: object }> {
  const access = await createAccess(opened).read(customer.id)
  if (!access)
    return {
      text: `${customer.slug}\n  has no VOMO token; see porchlight customer set --vomo-token-file`,
      json: { customer: customer.slug, vomo: null },
    }
  const at = { ...opened, customer, access, nowMs: opened.clock() }
  const told: (readonly [string, Told])[] = []
  for (const [name, tell] of Object.entries(parts)) told.push([name, await tell(at)])
  const lines = told.flatMap(([, { lines: ofPart }]) => ofPart)
  const width = Math.max(...lines.map(([name]) => name.length))
  return {
    text: [customer.slug, ...lines.map(([name, words]) => `  ${name.padEnd(width)}  ${words}`)].join('\n'),
    json: {
      customer: customer.slug,
      vomo: access.baseUrl,
      ...Object.fromEntries(told.map(([name, { json }]) => [name, json])),
    },
  }
}

async function tellBudget({ store, customer, access, nowMs }: At): Promise<Told> {
  const now = await budgetNow(store, customer.id, access, nowMs)
  const { used, lastLimit } = now
  const inLine = (await linesOf(store, nowMs)).get(customer.id) ?? 0
  const sum = Object.values(used).reduce((total, calls) => total + calls, 0)
  return {
    lines: [
      ['VOMO', access.baseUrl],
      [
        'budget',
        `${now.perMinute} calls a minute; set to ${now.setting}, may rise to ${now.mayRiseTo}, never above ${now.ceiling}`,
      ],
      [
        'used',
        `${sum} in the last minute: ${used.identity + used.arrival} for people, ${used.renewal} to renew copies that serve them meanwhile, ${used.project} for projects they wait for, ${used.warming} in the background`,
      ],
      [
        'waited',
        now.waitedAtMs === null ? 'no call had to wait for the budget' : `last ${ago(now.waitedAtMs, nowMs)}`,
      ],
      [
        'in line',
        inLine === 0
          ? 'each record is read as its owner comes'
          : `${inLine} people, whose records are read one after another`,
      ],
      [
        'named limit',
        now.limitSaid === null ? 'VOMO has named none' : `${now.limitSaid} (X-RateLimit-Limit)`,
      ],
      [
        'last 429',
        lastLimit === null
          ? 'none'
          : `${ago(lastLimit.atMs, nowMs)}, after ${lastLimit.refusedAt} calls in a minute; VOMO ${lastLimit.retryAfterMs === null ? 'named no time to wait' : `asked us to wait ${Math.round(lastLimit.retryAfterMs / 1_000)} s`}`,
      ],
      ...(now.pausedUntilMs === null
        ? []
        : [['paused', `until ${isoTime(now.pausedUntilMs)}, as VOMO asked`] as const]),
    ],
    json: {
      per_minute: now.perMinute,
      setting: now.setting,
      ceiling: now.ceiling,
      may_rise_to: now.mayRiseTo,
      used,
      waited_at: isoTime(now.waitedAtMs),
      people_in_line: inLine,
      named_limit: now.limitSaid,
      last_429: lastLimit && {
        at: isoTime(lastLimit.atMs),
        calls_let_through: lastLimit.refusedAt,
        retry_after_seconds: lastLimit.retryAfterMs === null ? null : lastLimit.retryAfterMs / 1_000,
      },
      paused_until: isoTime(now.pausedUntilMs),
    },
  }
}

async function tellBreakers({ store, customer, nowMs }: At): Promise<Told> {
  const open = await openBreakers(store, customer.id)
  const words =
    open.length === 0
      ? 'closed: VOMO answers'
      : `open in ${open.length} of the processes, first ${ago(Math.min(...open.map(({ sinceMs }) => sinceMs)), nowMs)}: VOMO keeps failing, and held copies serve`
  return {
    lines: [['breaker', words]],
    json: open.map(({ processId, sinceMs }) => ({ process: processId, since: isoTime(sinceMs) })),
  }
}

async function tellCopies({ store, customer, nowMs }: At): Promise<Told> {
  const lists = await store.read(
    store.db
      .selectFrom('vomo_copy')
      .select(['name', 'kept_at_ms'])
      .where('customer_id', '=', customer.id)
      .orderBy('name')
      .compile(),
  )
  const [projects] = await store.read(
    store.db
      .selectFrom('vomo_project')
      .select((of) => [
        of.fn.countAll<number>().as('count'),
        of.fn.min('fetched_at_ms').as('oldest'),
        of.fn.max('fetched_at_ms').as('newest'),
      ])
      .where('customer_id', '=', customer.id)
      .compile(),
  )
  const { oldest = null, newest = null } = projects ?? {}
  const count = projects?.count ?? 0
  return {
    lines: [
      ...lists.map(({ name, kept_at_ms: atMs }) => [name, `read ${ago(atMs, nowMs)}`] as const),
      [
        'projects',
        oldest === null || newest === null
          ? 'none is held yet'
          : `${count} held, the oldest read ${ago(oldest, nowMs)}, the newest ${ago(newest, nowMs)}`,
      ],
    ],
    json: {
      lists: lists.map(({ name, kept_at_ms: atMs }) => ({ name, read_at: isoTime(atMs) })),
      projects: { count, oldest: isoTime(oldest), newest: isoTime(newest) },
    },
  }
}

async function tellDirectory({ store, customer, nowMs }: At): Promise<Told> {
  const now = (await directoryProgress(store)).find(({ customerId }) => customerId === customer.id)
  if (!now) return { lines: [['directory', 'not begun yet']], json: { people: 0 } }
  const walk =
    now.pagesLeft === null ? `walk ${now.walk} is under way` : `walk ${now.walk}, ${now.pagesLeft} pages left`
  const known =
    now.wholeAtMs === null || now.newsAtMs === null
      ? 'not whole yet, so sign-ins ask VOMO'
      : `whole ${ago(now.wholeAtMs, nowMs)}, changes known until ${ago(now.newsAtMs, nowMs)}`
  const missing =
    now.doubted > 0 ? `${now.doubted} were missing at once, which VOMO must explain` : `${now.unseen} not met`
  return {
    lines: [['directory', `${now.people} people, ${missing}; ${known}; ${walk}`]],
    json: {
      people: now.people,
      not_met: now.unseen,
      doubted: now.doubted,
      walk: now.walk,
      pages_left: now.pagesLeft,
      whole_at: isoTime(now.wholeAtMs),
      changes_known_until: isoTime(now.newsAtMs),
    },
  }
}

function ago(atMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1_000))
  if (seconds < 120) return `${seconds} s ago`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
