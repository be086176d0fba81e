import { CompiledQuery } from 'kysely'
import { anyTables } from './any-table.ts'
import { rows, type Store } from './store.ts'
import { tableKeys } from './table-keys.ts'

/** Texts that a careless copy would change. */
export const oddTexts = [
  'e\u0301 is not é, nor ﬁ fi',
  '👩‍👩‍👧‍👦 🏳️‍🌈 \u{10ffff}',
  'שלום \u202e\u200f مرحبا',
  'it\u2019s "quoted" \\ \'; drop table link; -- $1 ? %s',
  ' line\r\nline\ttab\u0001\u007f\u0085\ufeff\uffff ',
  '\\x00ff',
  '12345678901234567890',
  '',
]

type Column = { name: string; type: string; notnull: number; pk: number }

/** Fills every table of a database on SQLite: each row refers to the row of the same number; every third has what may be null. */
export async function fillTables(store: Store, rowsPerTable: number): Promise<void> {
  for (const table of Object.keys(tableKeys)) {
    const columns = await ask<Column>(
      store,
      `select name, type, "notnull", pk from pragma_table_info('${table}')`,
    )
    const references = await ask<{ from: string; table: string; to: string }>(
      store,
      `select "from", "table", "to" from pragma_foreign_key_list('${table}')`,
    )
    const made: Record<string, unknown>[] = []
    for (let place = 0; place < rowsPerTable; place += 1) {
      const row: Record<string, unknown> = {}
      for (const column of columns) {
        const reference = references.find((each) => each.from === column.name)
        row[column.name] = reference
          ? valueOf(reference.table, reference.to, place)
          : place % 3 === 2 && column.notnull === 0 && column.pk === 0
            ? null
            : valueAt(table, column, place)
      }
      made.push(row)
    }
    const db = anyTables(store)
    for (let from = 0; from < made.length; from += 200)
      await store.write(() =>
        rows(
          db
            .insertInto(table)
            .values(made.slice(from, from + 200))
            .compile(),
        ),
      )
  }
}

function ask<Row>(store: Store, text: string): Promise<Row[]> {
  return store.read<Row>(CompiledQuery.raw(text))
}

/** Keys that others refer to are texts; of a profile, the application is the first of its key. */
function valueOf(table: string, column: string, place: number): string {
  return column === 'application_id' ? textAt('application', 'id', place) : textAt(table, column, place)
}

function valueAt(table: string, { name, type }: Column, place: number): unknown {
  switch (type.toLowerCase()) {
    case 'blob':
      return Buffer.from([0, 255, 0x5c, 0x78, 39, ...Buffer.from(`${table} ${name} ${place}`), 0])
    case 'integer':
      return place === 0 ? 0 : 2_147_483_647 - place
    case 'bigint':
      return place === 0 ? -1 : Number.MAX_SAFE_INTEGER - place
    default:
      return textAt(table, name, place)
  }
}

function textAt(table: string, column: string, place: number): string {
  return `${oddTexts[place % oddTexts.length]}${table} ${column} ${place}`
}
