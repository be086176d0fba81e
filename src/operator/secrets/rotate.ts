import type { Command } from 'commander'
import { recordAudit } from '../../audit.ts'
import { customers } from '../../customers/customers.ts'
import type { SealKind } from '../../secrets.ts'
import { anyTables, batches, type Row } from '../../store/any-table.ts'
import { sealedColumns } from '../../store/sealed-columns.ts'
import { rows, type Write } from '../../store/store.ts'
import { tableKeys } from '../../store/table-keys.ts'
import type { OpenedStore, OperatorTools } from '../customer.ts'
import { writtenSinceMs } from './secret-check.ts'

type Counted = { anew: number; lost: number }
type SealedTable = keyof typeof sealedColumns

/** `porchlight secrets rotate` */
export function addSecretsCommands(program: Command, { withStore, say }: OperatorTools): void {
  program
    .command('secrets')
    .description('what PORCHLIGHT_SECRET protects')
    .command('rotate')
    .description('seal with the first secret of the ring what an earlier one sealed')
    .action(() =>
      withStore(async (opened) => {
        const all: Counted = { anew: 0, lost: 0 }
        for (const [table, columns] of Object.entries(sealedColumns) as [
          SealedTable,
          Record<string, SealKind>,
        ][]) {
          for (const [column, kind] of Object.entries(columns)) {
            const { anew, lost } = await rotate(opened, { table, column, kind })
            all.anew += anew
            all.lost += lost
            if (anew > 0) say(`${table}: ${anew} sealed anew.`)
            if (lost > 0) say(`${table}: ${lost} that no secret of the ring opens; they stay as they are.`)
          }
        }
        if (all.anew > 0) await note(opened, all.anew)
        say(
          all.anew === 0
            ? 'The first secret seals all that the ring opens.'
            : `${all.anew} sealed anew in all.`,
        )
        for (const line of await stillHashed(opened)) say(line)
      }),
    )
}

/** Each batch is one transaction, and what is sealed already stays: cut off at any point, the next run goes on. */
async function rotate(
  { store, secrets }: OpenedStore,
  { table, column, kind }: { table: SealedTable; column: string; kind: SealKind },
): Promise<Counted> {
  const keys = tableKeys[table]
  const counted = { anew: 0, lost: 0 }
  for await (const batch of batches(store, table, keys)) {
    const changes: { row: Row; box: Uint8Array }[] = []
    for (const row of batch) {
      const former = row[column]
      if (!(former instanceof Uint8Array)) continue
      const box = secrets.reseal(kind, former)
      if (box === undefined) counted.lost += 1
      else if (box !== former) changes.push({ row, box })
    }
    counted.anew += await store.write(function* () {
      let changed = 0
      for (const change of changes) changed += yield* replaceBox(change)
      return changed
    })
  }
  return counted

  /** Not where a process has sealed another value meanwhile. */
  function* replaceBox({ row, box }: { row: Row; box: Uint8Array }): Write<number> {
    const update = anyTables(store)
      .updateTable(table)
      .set({ [column]: box })
      .where(column, '=', row[column])
    const found = keys.reduce((query, key) => query.where(key, '=', row[key]), update)
    return (yield* rows(found.returning(keys[0]).compile())).length
  }
}

async function note({ store, clock }: OpenedStore, anew: number): Promise<void> {
  const served = await customers(store)
  await store.write(function* () {
    for (const { id: customerId } of served)
      yield* recordAudit(store.db, { customerId, atMs: clock(), kind: 'secret.resealed', detail: { anew } })
  })
}

/** What is kept as a hash alone cannot be hashed anew: it needs the secret that was first when it was made. */
async function stillHashed({ store, secrets }: OpenedStore): Promise<string[]> {
  const sinceMs = await writtenSinceMs(store, secrets)
  if (sinceMs === undefined) return []
  const lines: string[] = []
  for (const { table, at, over, what } of hashed) {
    let query = anyTables(store)
      .selectFrom(table)
      .select((of) => of.fn.countAll<number>().as('n'))
      .where(at, '<', sinceMs)
    if (over !== undefined) query = query.where(over, 'is', null)
    const [{ n } = { n: 0 }] = await store.read<{ n: number }>(query.compile())
    if (n > 0) lines.push(`${n} ${what} from before still need the earlier secret in PORCHLIGHT_SECRET.`)
  }
  return lines
}

/** Those that outlive the thirty days of a session. */
const hashed = [
  { table: 'api_token', at: 'created_at_ms', over: 'revoked_at_ms', what: 'API tokens' },
  {
    table: 'application_credential',
    at: 'created_at_ms',
    over: 'revoked_at_ms',
    what: 'keys of applications',
  },
  { table: 'calendar_feed', at: 'made_at_ms', over: undefined, what: 'calendar links' },
]
