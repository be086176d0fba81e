import { personOf } from '../../accounts/people.ts'
import { recheckProblem } from '../../accounts/recheck.ts'
import { visibleText } from '../../address.ts'
import { askedBy, during, recordAudit } from '../../audit.ts'
import { mayActAs } from '../../customers/roles.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { closeByHand, countProblems, type Problem, problemOf, problemsOf } from '../../problems/problems.ts'
import type { Words } from '../../text/en.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { toProblemsCsv } from './csv-file.ts'
import { maxNote, readNote } from './note.ts'
import { type ListDone, ProblemsPage } from './page-list.tsx'
import { ProblemPage } from './page-one.tsx'
import { askRechecks, maxAsked, recheckCounts } from './rechecks.ts'
import { type ProblemFilter, problemsHref, readProblemFilter, viewOf } from './view.ts'

const path = '/admin/problems'
const perPage = 15
const perRead = 1_000
const listDone: readonly ListDone[] = ['closed', 'queued', 'none_queued']

/** What keeps people from their record, and what staff do about it. */
export function problemHandlers(tools: Tools) {
  const { store, secrets, limits } = tools
  const forHelper = staffForms(tools, { role: 'coordinator', fresh: true, page: path })

  async function list(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'viewer', { fresh: true })
    const { customer, nowMs } = member
    const filter = readProblemFilter((name) => c.req.query(name))
    const which = { customerId: customer.id, ...filter }
    const [counts, rechecks] = await Promise.all([
      countProblems(store, which),
      recheckCounts(store, which, nowMs),
    ])
    const sum = [...counts.values()].reduce((all, each) => all + each, 0)
    const found = filter.kind === undefined ? sum : (counts.get(filter.kind) ?? 0)
    const pages = Math.max(1, Math.ceil(found / perPage))
    const page = Math.min(pages, pageIn(c.req.query('page')))
    const problems = await problemsOf(store, { ...which, page, perPage })
    await noteSeen(c, member, problems, 'page')
    const at = atOf(c, member)
    return c.html(
      renderPage(
        <ProblemsPage
          {...at}
          {...{ filter, counts, found, page, pages, maxAsked }}
          problems={problems.map((problem) => viewOf(problem, at))}
          queued={rechecks.queued}
          askable={rechecks.waiting}
          done={listDone.find((done) => done === c.req.query('done')) ?? null}
        />,
      ),
    )
  }

  /** `GET /admin/problems.csv`: with the filter of the page that linked to it. */
  async function csv(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'viewer', { fresh: true })
    const { customer } = member
    const found = await allOf(
      customer.id,
      readProblemFilter((name) => c.req.query(name)),
    )
    await noteSeen(c, member, found, 'file')
    const at = { seesAddresses: seesAddresses(member), nowMs: member.nowMs }
    const views = found.map((problem) => viewOf(problem, at))
    const how = { timeZone: customer.timeZone, isForExcel: c.req.query('for') === 'excel' }
    return c.body(toProblemsCsv(views, c.get('language')(), how), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="problems-${customer.slug}.csv"`,
    })
  }

  async function allOf(customerId: string, filter: ProblemFilter): Promise<Problem[]> {
    const all: Problem[] = []
    for (let page = 1; ; page += 1) {
      const found = await problemsOf(store, { customerId, ...filter, page, perPage: perRead })
      all.push(...found)
      if (found.length < perRead) return all
    }
  }

  async function one(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'viewer', { fresh: true })
    return showOne(c, member, await problemHere(c, member), { note: '' })
  }

  async function showOne(
    c: Visited,
    member: Member,
    problem: Problem,
    form: { note: string; error?: string },
  ): Promise<Response> {
    await noteSeen(c, member, [problem], 'page')
    const at = atOf(c, member, `${path}/${problem.id}`)
    const done = doneWords(at.words, c.req.query('done'))
    return c.html(
      renderPage(<ProblemPage {...at} problem={viewOf(problem, at)} form={form} done={done} />),
      form.error === undefined ? 200 : 422,
    )
  }

  /** Whole addresses are shown to those who help, and that is logged. */
  async function noteSeen(
    c: Visited,
    member: Member,
    problems: readonly Problem[],
    as: 'page' | 'file',
  ): Promise<void> {
    const shown = problems.filter(({ address }) => address !== null).length
    if (!seesAddresses(member) || shown === 0) return
    const { customer, person, nowMs } = member
    const detail = { by: person.id, shown, as }
    const event = { customerId: customer.id, atMs: nowMs, kind: 'staff.saw_problems', detail } as const
    await store.write(during(c, () => recordAudit(store.db, event)))
  }

  const recheckAll = forHelper(async (c, { customer, person, nowMs, form }) => {
    const { kind } = readProblemFilter(form.get)
    const which = { customerId: customer.id, kind, by: person.id }
    const asked = await store.write(during(c, () => askRechecks(store.db, secrets, which, nowMs)))
    tools.wakeJobs()
    const done = asked > 0 ? 'queued' : 'none_queued'
    return seeOther(c, problemsHref(path, { kind, isClosed: false }, { done }))
  })

  const recheckOne = forHelper(async (c, member) => {
    const { kind, person_id: personId, id } = await problemHere(c, member)
    const customerId = member.customer.id
    const person = personId === null ? undefined : await personOf(store, { customerId, id: personId })
    const problem = { customerId, kind, person }
    await store.write(() => limits.takeOrRefuse('vomoLooksPerStaff', member.person.id))
    const done = await recheckProblem(askedBy(tools, c), problem, { by: member.person.id, asked: c })
    return seeOther(c, `${path}/${id}?done=${done}`)
  })

  const close = forHelper(async (c, member) => {
    const problem = await problemHere(c, member)
    const { id } = problem
    const typed = member.form.get('note') ?? ''
    const read = readNote(typed)
    if ('fault' in read) {
      const said = c.get('language')().words.staffProblems.errors
      const error = read.fault === 'too_long' ? said.too_long(maxNote) : said[read.fault]
      return showOne(c, member, problem, { note: visibleText(typed.slice(0, 2 * maxNote)), error })
    }
    const closed = { customerId: member.customer.id, id, note: read.note, by: member.person.id }
    const wasOpen = await store.write(during(c, () => closeByHand(store.db, closed, member.nowMs)))
    return seeOther(c, wasOpen ? `${path}?done=closed` : `${path}/${id}?done=was_closed`)
  })

  async function problemHere(c: Visited, { customer }: Member): Promise<Problem> {
    const id = c.req.param('problem') ?? ''
    const problem = await problemOf(store, { customerId: customer.id, id })
    if (!problem) throw new Refusal('not_found')
    return problem
  }

  return { list, csv, one, recheckAll, recheckOne, close }
}

function seesAddresses({ role }: Member): boolean {
  return mayActAs(role, 'coordinator')
}

function atOf(c: Visited, member: Member, here?: string) {
  const sees = seesAddresses(member)
  const { customer, role, nowMs } = member
  const may = { role, seesAddresses: sees, mayHelp: sees }
  return { ...frameOf(c, here), ...may, timeZone: customer.timeZone, nowMs }
}

/** What a form of one problem did: closing it, or asking VOMO, which the page of a person tells in the same words. */
function doneWords({ staffProblems, staffPeople }: Words, word: string | undefined): string | null {
  const { answers, was_closed } = staffProblems.done
  const { shown, another_address, denied, unavailable, not_asked, not_understood } = staffPeople.done
  const said: Record<string, string> = {
    answers,
    was_closed,
    shown,
    another_address,
    denied,
    unavailable,
    not_asked,
    not_understood,
  }
  return word !== undefined && Object.hasOwn(said, word) ? (said[word] ?? null) : null
}

function pageIn(text: string | undefined): number {
  return /^[1-9]\d{0,5}$/.test(text ?? '') ? Number(text) : 1
}
