import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { sql } from 'kysely'
import type { Customer } from '../../customers/customers.ts'
import { invalid } from '../../errors.ts'
import { anyTables, batches, type Row } from '../../store/any-table.ts'
import { lineOf, rowsOfCustomer, tablesOfCustomers } from '../../store/customer-rows.ts'
import { rows } from '../../store/store.ts'
import { tableKeys } from '../../store/table-keys.ts'
import { type OpenedStore, type OperatorTools, requireCustomer } from '../customer.ts'

type Options = { export?: string; yes?: boolean }

/** How many rows one transaction deletes: short enough that a portal on the same database does not wait for it. */
const batchRows = 1_000

/** `porchlight customer remove` @param asked what the operator typed, asked by this question */
export function addRemoveCommand(
  customer: Command,
  { withStore, say }: OperatorTools,
  asked: (question: string) => Promise<string> = askAtTerminal,
): void {
  customer
    .command('remove <slug>')
    .description('export an organization to a file, then remove it and everything about it')
    .option(
      '--export <file>',
      'where to export it, which must not be there yet (default: <slug>-<time>.jsonl)',
    )
    .option('--yes', 'without asking')
    .action((slug: string, options: Options) =>
      withStore(async (opened) => {
        const found = await requireCustomer(opened.store, slug)
        const named = options.yes
          ? slug
          : await asked(`This removes ${found.name} for good. Its slug, to go on: `)
        if (named.trim() !== slug)
          throw invalid('slug', 'was not typed again, so nothing was removed; or give --yes')
        const time = new Date(opened.clock()).toISOString().replace(/[:.]/g, '-')
        const file = options.export ?? `${slug}-${time}.jsonl`
        say(`${await exportTo(file, opened, found)} rows are in ${file}.`)
        await takeOutOfService(opened, found)
        say(
          `${(await removeJobs(opened, found)) + (await removeRows(opened, found))} rows were removed. ${slug} is served no more.`,
        )
      }),
    )
}

/** A row a line. What is sealed, hashed or derives a secret is left out: it is of use here alone. @returns how many */
async function exportTo(file: string, { store }: OpenedStore, { id }: Customer): Promise<number> {
  let count = 0
  async function* lines() {
    for await (const { table, rows: some } of rowsOfCustomer(store, id)) {
      count += some.length
      yield some.map((row) => lineOf(table, withoutSecrets(row))).join('')
    }
  }
  try {
    await pipeline(lines, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    if (code === '') throw cause
    throw invalid(
      'export',
      code === 'EEXIST' ? `is there already: ${file}` : `cannot be written (${code}): ${file}`,
      cause,
    )
  }
  return count
}

function withoutSecrets(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !/_(?:sealed|hash|salt)$/.test(name)))
}

/** No visitor comes in, and no process asks its VOMO, while its rows go. A run that is cut off is begun again. */
async function takeOutOfService({ store }: OpenedStore, { id }: Customer): Promise<void> {
  await store.write(function* () {
    yield* rows(
      store.db
        .updateTable('customer')
        .set({ host: `removed ${id}` })
        .where('id', '=', id)
        .compile(),
    )
    yield* rows(store.db.deleteFrom('vomo_access').where('customer_id', '=', id).compile())
  })
}

/** Work under way names in its payload the row it is about. */
async function removeJobs({ store, secrets }: OpenedStore, { id }: Customer): Promise<number> {
  let count = 0
  for await (const batch of batches(store, 'job', tableKeys.job)) {
    for (const job of batch) {
      const payload = secrets.tryOpen('job', job['payload_sealed'] as Uint8Array) ?? ''
      const named = payload.match(/[a-z]{3}_\w+/g) ?? []
      if (named.length === 0 || !(await isOfCustomer(store, id, named))) continue
      await store.write(() => rows(anyTables(store).deleteFrom('job').where('id', '=', job['id']).compile()))
      count += 1
    }
  }
  return count
}

async function isOfCustomer(
  store: OpenedStore['store'],
  customerId: string,
  ids: readonly string[],
): Promise<boolean> {
  for (const table of ['outbox', 'sign_in_request', 'person'] as const) {
    const query = anyTables(store).selectFrom(table).select('id').where('id', 'in', ids)
    if ((await store.read(query.where('customer_id', '=', customerId).compile())).length > 0) return true
  }
  return false
}

/** From those that others refer to last, the customer itself at the very end, with what came in meanwhile. */
async function removeRows({ store }: OpenedStore, { id }: Customer): Promise<number> {
  const tables = tablesOfCustomers(id)
  let count = 0
  for (const { table, isTheirs } of tables) {
    const keys = tableKeys[table]
    if (keys.length === 0 || table === 'customer') continue
    const columns = sql.join(keys.map((key) => sql.ref(key)))
    const some = sql`(${columns}) in (select ${columns} from ${sql.table(table)} where ${isTheirs} limit ${batchRows})`
    for (let removed = batchRows; removed === batchRows; count += removed) {
      const deletion = anyTables(store).deleteFrom(table).where(sql<boolean>`${some}`).returning(keys[0])
      removed = (await store.write(() => rows(deletion.compile()))).length
    }
  }
  await store.write(function* () {
    for (const { table, isTheirs } of tables)
      yield* rows(anyTables(store).deleteFrom(table).where(isTheirs).compile())
  })
  return count + 1
}

async function askAtTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await terminal.question(question)
  } finally {
    terminal.close()
  }
}
