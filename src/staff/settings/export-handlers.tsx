import { during, recordAudit } from '../../audit.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { streamed } from '../../http/streamed.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { lineOf, rowsOfCustomer, type TableName } from '../../store/customer-rows.ts'
import type { Store } from '../../store/store.ts'
import { dayIn } from '../../time/zones.ts'
import { requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { exported } from './exported.ts'
import { ExportPage, exportPath } from './page-export.tsx'

/** Where owners download what is kept about their organization. */
export function exportHandlers(tools: Tools) {
  const { store, limits } = tools

  async function page(c: Visited): Promise<Response> {
    await requireStaff(tools, c, 'owner', { fresh: true })
    return c.html(renderPage(<ExportPage {...frameOf(c)} />))
  }

  const forOwner = staffForms(tools, { role: 'owner', fresh: true, page: exportPath })
  const download = forOwner(async (c, { customer, person, nowMs }) => {
    const { id: customerId, slug, timeZone } = customer
    await store.write(
      during(c, function* () {
        yield* limits.takeOrRefuse('exportsPerCustomer', customerId)
        const event = {
          customerId,
          atMs: nowMs,
          kind: 'customer.exported',
          detail: { by: person.id },
        } as const
        yield* recordAudit(store.db, event)
      }),
    )
    return c.body(streamed(linesOf(store, customerId)), 200, {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="${slug}-${dayIn(timeZone, nowMs)}.jsonl"`,
      'cache-control': 'no-store, no-transform',
    })
  })

  return { page, download }
}

async function* linesOf(store: Store, customerId: string): AsyncGenerator<string> {
  for await (const { table, rows } of rowsOfCustomer(
    store,
    customerId,
    (name) => columnsOf(name).length > 0,
  )) {
    const columns = columnsOf(table)
    const given = rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])))
    yield given.map((row) => lineOf(table, row)).join('')
  }
}

function columnsOf(table: TableName): readonly string[] {
  const columns = exported[table]
  return 'leftOut' in columns ? [] : columns
}
