import { during, recordAudit } from '../../audit.ts'
import { mayActAs } from '../../customers/roles.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { streamed } from '../../http/streamed.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { requireStaff } from '../require-staff.ts'
import { noteLook } from '../volunteer.ts'
import { auditCsv, maxInFile } from './file.ts'
import { readFilter } from './filter.ts'
import { latestEvents, staffWhoActed } from './log.ts'
import { AuditPage } from './page.tsx'

const pageSize = 50

/**
 * The audit log. Every role reads it, since it holds no secret and no record; who is who is whole for coordinators and owners alone, and
 * so is the file.
 */
export function auditHandlers(tools: Tools) {
  const { store } = tools

  async function page(c: Visited): Promise<Response> {
    const { customer, person, role, nowMs } = await requireStaff(tools, c, 'viewer', { fresh: true })
    const seesAddresses = mayActAs(role, 'coordinator')
    if (seesAddresses) {
      const kind = 'staff.read_audit' as const
      const look = { kind, customerId: customer.id, personId: null, by: person.id }
      await store.write(during(c, () => noteLook(store.db, look, nowMs)))
    }
    const { words, locale } = c.get('language')()
    const staff = await staffWhoActed(store, customer.id)
    const { asked, filter, errors } = await readFilter(store, c.req.query(), { customer, staff, words })
    const hasErrors = Object.keys(errors).length > 0
    const given = c.req.query('before') ?? ''
    const before = /^aud_\w{20}$/.test(given) ? given : undefined
    const found = hasErrors ? [] : await latestEvents(store, filter, { before, limit: pageSize + 1 })
    const events = found.slice(0, pageSize)
    return c.html(
      renderPage(
        <AuditPage
          {...frameOf(c)}
          role={role}
          events={events}
          olderThan={found.length > pageSize ? (events.at(-1)?.id ?? null) : null}
          isNewest={before === undefined}
          asked={asked}
          errors={errors}
          staff={staff}
          seesAddresses={seesAddresses}
          maxInFile={maxInFile.toLocaleString(locale)}
          timeZone={customer.timeZone}
          nowMs={nowMs}
        />,
      ),
      hasErrors ? 422 : 200,
    )
  }

  async function csv(c: Visited): Promise<Response> {
    const { customer, person, nowMs } = await requireStaff(tools, c, 'coordinator', { fresh: true })
    const language = c.get('language')()
    const { words } = language
    const staff = await staffWhoActed(store, customer.id)
    const { asked, filter, errors } = await readFilter(store, c.req.query(), { customer, staff, words })
    if (Object.keys(errors).length > 0) throw new Refusal('invalid_request', { fields: errors })
    // The ids of whom it is about, never an address.
    const about = filter.personIds?.join(' ') ?? null
    const detail = { by: person.id, kinds: asked.kinds, about, from: asked.from, to: asked.to }
    const event = { customerId: customer.id, atMs: nowMs, kind: 'staff.exported_audit', detail } as const
    await store.write(during(c, () => recordAudit(store.db, event)))
    const pieces = auditCsv(
      store,
      { ...filter, endMs: filter.endMs ?? nowMs + 1 },
      language,
      customer.timeZone,
    )
    return c.body(streamed(pieces), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${words.staffAudit.file}-${customer.slug}.csv"`,
      'cache-control': 'no-store, no-transform',
    })
  }

  return { page, csv }
}
