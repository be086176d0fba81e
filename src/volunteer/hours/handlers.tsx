import type { Context } from 'hono'
import type { Visit } from '../../customers/visit.ts'
import { requireVisitor, type VisitorTools } from '../../sign-in/visitor.ts'
import type { Vomo } from '../../vomo/vomo.ts'
import { loadVolunteer } from '../rows/load.ts'
import { verificationOf } from '../rows/verification.ts'
import { toHoursCsv } from './csv-file.ts'
import { narrow, readHistoryFilter } from './history-filter.ts'

/** The history of a volunteer as a file, narrowed as the page was that led to it. */
export function hoursHandlers(tools: VisitorTools & { vomo: Vomo }) {
  const { vomo, clock } = tools

  async function hoursCsv(c: Context<Visit>): Promise<Response> {
    const { id: customerId, timeZone, slug } = c.get('customer')
    const { record } = await requireVisitor(tools, c)
    const { rows } = await loadVolunteer({ vomo, customerId, record, clock, timeZone })
    const language = c.get('language')()
    const found = narrow(rows, readHistoryFilter(c.req.query()))
    const verification = verificationOf(c.get('customer'), language)
    const isForExcel = c.req.query('for') === 'excel'
    return c.body(toHoursCsv(found, language, { verification, isForExcel }), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="hours-${slug}.csv"`,
    })
  }

  return { hoursCsv }
}
