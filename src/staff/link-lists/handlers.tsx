import { personOf } from '../../accounts/people.ts'
import { staffRole } from '../../accounts/staff.ts'
import { during, recordAudit } from '../../audit.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { mediaTypeOf } from '../../http/body.ts'
import { seeOther } from '../../http/redirect.ts'
import {
  type Batch,
  batchCounts,
  batchesOf,
  batchOf,
  batchRows,
  dropBatch,
  keepBatch,
} from '../../links/batches.ts'
import { withdrawBatch, withdrawnOf } from '../../links/withdraw.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { pathWithNext } from '../../sign-in/page-shared.tsx'
import { unlessSignedOut } from '../../sign-in/session/visitor.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { type Sent, staffForms } from '../staff-form.ts'
import { checkRows } from './check.ts'
import { type ListDone, ListPage, lifeOf } from './page-list.tsx'
import { ListsPage, linkListsPath, type Sender } from './page-lists.tsx'
import { type FileFault, readCsv } from './read-csv.ts'
import { toLinksCsv } from './result-file.ts'
import { endList, startList } from './work.ts'

/** Rows of a list that are shown at once. */
const pageSize = 15
/** No file has a row of a higher number, and no column of the database holds one. */
const maxLine = 2 ** 31 - 1
/** Lists that a customer may have at once; each is forgotten within days. */
const maxLists = 10
const outcomes: readonly ListDone[] = [
  'busy',
  'stopped',
  'not_now',
  'life',
  'another',
  'withdrawn',
  'unsure',
  'none_left',
]

/** Links for many people at once, from a file of their addresses. For owners: with the result one could sign in as any of them. */
export function linkListHandlers(tools: Tools) {
  const { store, secrets } = tools
  const forOwner = staffForms(tools, { role: 'owner', fresh: true, page: linkListsPath })

  async function lists(c: Visited): Promise<Response> {
    return showLists(c, await requireStaff(tools, c, 'owner', { fresh: true }))
  }

  async function showLists(c: Visited, member: Member, fault: FileFault | 'too_many' | null = null) {
    const { customer, role, nowMs } = member
    const known = await batchesOf(store, customer.id)
    const shown = await Promise.all(
      known.map(async (batch) => ({
        id: batch.id,
        state: batch.state,
        madeAtMs: batch.made_at_ms,
        sender: await senderOf(batch, member),
        counts: await batchCounts(store, batch.id),
      })),
    )
    const at = { role, lists: shown, fault, timeZone: customer.timeZone, nowMs }
    return c.html(
      renderPage(<ListsPage {...frameOf(c, linkListsPath)} {...at} />),
      fault === null ? 200 : 422,
    )
  }

  async function upload(c: Visited): Promise<Response> {
    const member = await unlessSignedOut(requireStaff(tools, c, 'owner', { fresh: true }))
    if (!member) return seeOther(c, pathWithNext('/sign-in', linkListsPath))
    const { customer, person, nowMs } = member
    if ((await batchesOf(store, customer.id)).length >= maxLists) return showLists(c, member, 'too_many')
    const read = await readCsv(await fileOf(c))
    if (typeof read === 'string') return showLists(c, member, read)
    const rows = await checkRows(tools, customer, read)
    const { id: customerId } = customer
    const by = person.id
    const id = await store.write(
      during(c, function* () {
        const list = yield* keepBatch(store.db, secrets, { customerId, by, rows }, nowMs)
        const faults = rows.filter(({ state }) => state === 'fault').length
        const detail = { by, list, rows: rows.length, faults }
        yield* recordAudit(store.db, { customerId, atMs: nowMs, kind: 'link_list.checked', detail })
        return list
      }),
    )
    return seeOther(c, `${linkListsPath}/${id}`)
  }

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'owner', { fresh: true })
    const { customer, role, nowMs } = member
    const batch = await batchHere(c, member)
    const after = Number(c.req.query('after') ?? -1)
    const isRow = Number.isInteger(after) && after >= 0 && after <= maxLine
    const which = {
      batchId: batch.id,
      states: ['fault', 'refused', 'unlisted'] as const,
      after: isRow ? after : -1,
    }
    const rows = await batchRows({ store, secrets }, which, pageSize + 1)
    const counts = await batchCounts(store, batch.id)
    return c.html(
      renderPage(
        <ListPage
          {...frameOf(c)}
          role={role}
          batch={batch}
          counts={counts}
          withdrawn={await withdrawnOf(store, batch.id)}
          rows={rows.slice(0, pageSize)}
          isFirstPage={which.after < 0}
          hasMore={rows.length > pageSize}
          sender={await senderOf(batch, member)}
          done={outcomes.find((each) => each === c.req.query('done')) ?? null}
          timeZone={customer.timeZone}
          nowMs={nowMs}
        />,
      ),
    )
  }

  /** A form of a list's page. @returns what the page says then */
  function forList(does: (c: Visited, at: Sent & { batch: Batch }) => Promise<ListDone | undefined>) {
    return forOwner(async (c, sent) => {
      const batch = await batchHere(c, sent)
      const done = await does(c, { ...sent, batch })
      return seeOther(c, `${linkListsPath}/${batch.id}${done === undefined ? '' : `?done=${done}`}`)
    })
  }

  const start = forList(async (c, { batch, person, form, nowMs }) => {
    if (batch.made_by !== person.id) return 'another'
    const lifeMs = lifeOf(form.get('life'))
    if (lifeMs === undefined) return 'life'
    if (batch.state !== 'checked') return 'not_now'
    const { ready, unlisted } = await batchCounts(store, batch.id)
    const of = { batch, lifeMs, isEmailed: form.get('deliver') === 'email', rows: ready + unlisted }
    const isBegun = await store.write(during(c, () => startList(store.db, secrets, of, nowMs)))
    tools.wakeJobs()
    return isBegun ? undefined : 'busy'
  })

  const stop = forList(async (c, { batch, person, nowMs }) => {
    const how = { by: person.id, because: 'stopped' } as const
    const isEnded = await store.write(during(c, () => endList(store.db, batch, how, nowMs)))
    return isEnded ? 'stopped' : 'not_now'
  })

  /** Stops the list, too: what it made after that would work. */
  const withdraw = forList(async (c, { batch, person: { id: by }, form, nowMs }) => {
    if (form.get('sure') !== 'yes') return 'unsure'
    const links = await store.write(
      during(c, function* () {
        yield* endList(store.db, batch, { by, because: 'stopped' }, nowMs)
        return yield* withdrawBatch(store.db, batch, by, nowMs)
      }),
    )
    return links > 0 ? 'withdrawn' : 'none_left'
  })

  const drop = forOwner(async (c, sent) => {
    const batch = await batchHere(c, sent)
    const { customer, person, nowMs } = sent
    const detail = { by: person.id, list: batch.id }
    const isGone = await store.write(
      during(c, function* () {
        if (!(yield* dropBatch(store.db, batch.id))) return false
        const event = { customerId: customer.id, atMs: nowMs, kind: 'link_list.dropped', detail } as const
        yield* recordAudit(store.db, event)
        return true
      }),
    )
    return seeOther(c, isGone ? linkListsPath : `${linkListsPath}/${batch.id}?done=not_now`)
  })

  /** Only for the owner who began it, and for a day: the file signs in as everyone in it. */
  async function file(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'owner', { fresh: true })
    const { customer, person, nowMs } = member
    const batch = await batchHere(c, member)
    if (batch.state !== 'ended' || batch.is_emailed || batch.made_by !== person.id)
      throw new Refusal('not_found')
    const which = { batchId: batch.id, states: ['made', 'refused', 'fault'] as const, after: -1 }
    const rows = await batchRows({ store, secrets }, which, Number.MAX_SAFE_INTEGER)
    const detail = { by: person.id, list: batch.id, links: rows.filter(({ link }) => link).length }
    const event = { customerId: customer.id, atMs: nowMs, kind: 'link_list.fetched', detail } as const
    await store.write(during(c, () => recordAudit(store.db, event)))
    const isForExcel = c.req.query('for') === 'excel'
    return c.body(toLinksCsv(rows, c.get('language')(), { timeZone: customer.timeZone, isForExcel }), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="links-${customer.slug}.csv"`,
    })
  }

  async function senderOf(batch: Batch, { person: reader }: Member): Promise<Sender> {
    const { customer_id: customerId, made_by: id } = batch
    const sender = await personOf(store, { customerId, id })
    if (!sender) return { is: 'gone' }
    const { address } = sender
    if (id === reader.id) return { is: 'you', address }
    return { is: (await staffRole(store, customerId, address)) === 'owner' ? 'owner' : 'former', address }
  }

  async function batchHere(c: Visited, { customer }: Member): Promise<Batch> {
    const batch = await batchOf(store, { customerId: customer.id, id: c.req.param('list') ?? '' })
    if (!batch) throw new Refusal('not_found')
    return batch
  }

  return { lists, upload, page, start, stop, withdraw, drop, file }
}

/** The file of the form; without one, none. @throws {Refusal} 'bad_request' for any other kind of body */
async function fileOf(c: Visited): Promise<Uint8Array> {
  if (mediaTypeOf(c) !== 'multipart/form-data') {
    if (mediaTypeOf(c) === 'application/x-www-form-urlencoded') return new Uint8Array()
    throw new Refusal('bad_request', { fields: { 'content-type': 'It must be multipart/form-data.' } })
  }
  try {
    const file = (await c.req.formData()).get('file')
    return file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array()
  } catch (cause) {
    throw new Refusal('bad_request', { cause })
  }
}
