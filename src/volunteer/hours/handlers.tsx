import type { Visited } from '../../customers/visit.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { fullName } from '../../vomo/full-name.ts'
import { verificationOf } from '../rows/verification.ts'
import { frameSeen, loadSeen, type Seen, see } from '../seen.ts'
import { toCertificates } from './certificates.ts'
import { toHoursCsv } from './csv-file.ts'
import { narrow, readHistoryFilter } from './history-filter.ts'
import { toHours } from './hours.ts'
import { ResumePage } from './page.tsx'
import { toParticipations } from './participations.ts'
import { resumeView } from './view.ts'

/** A volunteer's hours and the sign-ups behind them: as a page, as a file, as JSON. */
export function hoursHandlers(tools: Tools) {
  function certificatesOf({ customer: { id, timeZone }, visitor, nowMs }: Seen) {
    return toCertificates(visitor.record, tools.vomo.certificates(id), { nowMs, timeZone })
  }

  /** `GET /user` */
  async function page(c: Visited): Promise<Response> {
    const seen = await see(tools, c)
    const view = resumeView(await loadSeen(tools, seen), c.req.query(), seen)
    const frame = frameSeen(c, seen)
    const shown = <ResumePage {...frame} {...view} name={nameOf(seen)} certificates={certificatesOf(seen)} />
    return c.html(renderPage(shown))
  }

  /** `GET /user/hours.csv`: with the filter of the page that linked to it. */
  async function csv(c: Visited): Promise<Response> {
    const seen = await see(tools, c)
    const { customer, language } = seen
    const { rows } = await loadSeen(tools, seen)
    const found = narrow(rows, readHistoryFilter(c.req.query()))
    const verification = verificationOf(customer, language)
    const isForExcel = c.req.query('for') === 'excel'
    return c.body(toHoursCsv(found, language, { verification, isForExcel }), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="hours-${customer.slug}.csv"`,
    })
  }

  const api = {
    async participations(c: Visited): Promise<Response> {
      const seen = await see(tools, c)
      const { rows, asOfMs } = await loadSeen(tools, seen)
      const { rowStates } = seen.language.words
      return c.json(toParticipations(rows, c.req.query(), { asOfMs, words: (state) => rowStates[state] }))
    },

    async hours(c: Visited): Promise<Response> {
      const seen = await see(tools, c)
      const { rows, asOfMs } = await loadSeen(tools, seen)
      return c.json(toHours(rows, { asOfMs, nowMs: seen.nowMs }))
    },

    async certificates(c: Visited): Promise<Response> {
      return c.json(certificatesOf(await see(tools, c)))
    },
  }

  return { page, csv, api }
}

function nameOf({ visitor: { person, record } }: Seen): string {
  return fullName(record.value) ?? person.address
}
