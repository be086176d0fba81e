import { findOrCreatePerson, type Person, personOf } from '../../accounts/people.ts'
import { recheck } from '../../accounts/recheck.ts'
import { staffRole } from '../../accounts/staff.ts'
import { findOnRecord, requireRecord } from '../../accounts/standing.ts'
import { normalizeAddress } from '../../address.ts'
import { askedBy, during, recordAudit } from '../../audit.ts'
import { sendMail } from '../../customers/mail.ts'
import { mayActAs, mayHelp } from '../../customers/roles.ts'
import { frameOf } from '../../customers/site.ts'
import { type Visited, visitNetwork } from '../../customers/visit.ts'
import { isRefusal, Refusal, unlessRefused } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { showCode } from '../../links/codes.ts'
import { hubPath } from '../../page/header.tsx'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { makeSpokenCode } from '../../sign-in/link/spoken-codes.ts'
import { mailForStaff } from '../../sign-in/mail/by-mail.ts'
import { endOwnSessions } from '../../sign-in/session/own-sessions.ts'
import { turnOff, turnOn } from '../../sign-in/session/switch.ts'
import { languageWith } from '../../text/languages.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { noteLook } from '../volunteer.ts'
import { type Done, isDone } from './done.ts'
import { findPeople } from './found.ts'
import { helpedOf } from './helped.ts'
import { CodePage } from './page-code.tsx'
import { FindPage, type InVomo } from './page-find.tsx'
import { PersonPage } from './page-person.tsx'

const peoplePath = '/admin/people'

/** Where staff find a person who cannot get in, see why, and help. */
export function peopleHandlers(tools: Tools) {
  const { store, secrets, vomo, limits } = tools
  const forCoordinator = staffForms(tools, { role: 'coordinator', fresh: true, page: peoplePath })

  async function find(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'viewer', { fresh: true })
    const { customer, person, role, nowMs } = member
    const typed = (c.req.query('q') ?? '').trim().slice(0, 200)
    const address = normalizeAddress(typed)
    const seesWhole = mayActAs(role, 'coordinator')
    const wanted = readPageNumber(c.req.query('page'))
    const of = { customerId: customer.id, typed, page: wanted, seesWhole }
    const found = typed === '' ? undefined : await findPeople(tools, of)
    const isNone = found?.total === 0
    if (seesWhole && found && !isNone) {
      const detail = { by: person.id, found: found.total }
      const event = { customerId: customer.id, atMs: nowMs, kind: 'staff.found_people', detail } as const
      await store.write(during(c, () => recordAudit(store.db, event)))
    }
    // Only of a whole list: in a part of it another person of that name might be missing.
    const [only] = found?.total === 1 && !found.isReading ? found.people : []
    if (only?.id) return seeOther(c, pathOf(only.id))
    const mayAsk = address !== undefined && isNone && seesWhole
    return c.html(
      renderPage(
        <FindPage
          {...frameOf(c)}
          role={role}
          typed={typed}
          found={found ?? null}
          inVomo={mayAsk ? await inVomo(member, address) : null}
          isErased={c.req.query('done') === 'erased'}
        />,
      ),
    )
  }

  async function inVomo(
    { customer: { id: customerId, timeZone }, person, nowMs }: Member,
    address: string,
  ): Promise<InVomo> {
    const taken = await store.write(() => limits.take('vomoLooksPerStaff', person.id))
    if (!taken.ok)
      return { address, found: 'too_many', retryAt: { ms: nowMs + taken.retryAfterMs, timeZone, nowMs } }
    try {
      return { address, found: (await findOnRecord(tools, customerId, address)).found }
    } catch (error) {
      if (isRefusal(error, 'vomo_unavailable')) return { address, found: 'unavailable' }
      throw error
    }
  }

  /** Opens the page of a person whom VOMO has and the portal has not met. */
  const meet = forCoordinator(async (c, { customer, person: { id: by }, nowMs, form }) => {
    const address = normalizeAddress(form.get('email') ?? '')
    if (address === undefined) return seeOther(c, peoplePath)
    await store.write(() => limits.takeOrRefuse('vomoLooksPerStaff', by))
    const found = await findOnRecord(tools, customer.id, address)
    if (found.found !== 'one') return seeOther(c, peoplePath)
    const { id: vomoUserId } = found.user
    const met = { customerId: customer.id, vomoUserId, address }
    const person = await store.write(during(c, () => findOrCreatePerson(store.db, met, nowMs)))
    return seeOther(c, pathOf(person.id))
  })

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'viewer', { fresh: true })
    const { customer, role, nowMs } = member
    const person = await personHere(c, member)
    const by = member.person.id
    const look = { kind: 'staff.viewed_volunteer', customerId: customer.id, personId: person.id, by } as const
    await store.write(during(c, () => noteLook(store.db, look, nowMs)))
    const helped = await helpedOf(tools, { customer, person }, nowMs)
    const done = c.req.query('done')
    return c.html(
      renderPage(
        <PersonPage
          {...frameOf(c, pathOf(person.id))}
          role={role}
          helped={helped}
          seesAddress={mayActAs(role, 'coordinator')}
          mayHelp={mayHelp(role, helped.role)}
          isSelf={person.id === member.person.id}
          done={isDone(done) ? done : null}
          timeZone={customer.timeZone}
          nowMs={nowMs}
        />,
      ),
    )
  }

  /** A form of a person's page: what it does, and what the page says then. */
  function forHelper(help: (c: Visited, at: Member & { helped: Person }) => Promise<Done | Response>) {
    return forCoordinator(async (c, member) => {
      const helped = await personHere(c, member)
      if (!mayHelp(member.role, await staffRole(store, member.customer.id, helped.address)))
        throw new Refusal('not_found')
      const done = await help(c, { ...member, helped })
      return typeof done === 'string' ? seeOther(c, `${pathOf(helped.id)}?done=${done}`) : done
    })
  }

  const send = forHelper(async (c, { customer, person, helped }) => {
    // To where VOMO has them now: one that they never proved replaces theirs when they use the link.
    const { vomoUserId, recordChangedAtMs: notBeforeMs } = helped
    if (vomoUserId === null || helped.standing === 'disabled') return 'not_now'
    const record = await unlessRefused(
      'vomo_unavailable',
      vomo.user(customer.id, vomoUserId, { notBeforeMs }),
    )
    const address = normalizeAddress(record?.value.email ?? '') ?? helped.address
    const asked = { customer, person: helped, address, by: person.id, network: visitNetwork(c) }
    await mailForStaff(askedBy(tools, c), asked)
    return 'sent'
  })

  const readCode = forHelper(async (c, { customer, person: { id: by }, role, helped, nowMs }) => {
    if (!(await isOnRecord(helped))) return 'not_now'
    const code = await store.write(
      during(c, function* () {
        const { db } = store
        yield* limits.takeOrRefuse('spokenCodesPerPerson', helped.id)
        const to = { person: helped, landing: hubPath(customer.slug), by }
        const made = yield* makeSpokenCode(db, secrets, to, nowMs)
        const notMeUrl = `${customer.publicOrigin}/not-me/${made.secret}`
        const contents = { madeAtMs: nowMs, timeZone: customer.timeZone, notMeUrl }
        const language = languageWith(helped.language ?? c.get('language')().language)
        const mail = { kind: 'spoken_code', to: helped.address, language, contents } as const
        yield* sendMail(tools, customer, { ...mail, notAfterMs: made.expiresAtMs }, nowMs)
        const event = { customerId: customer.id, atMs: nowMs, kind: 'staff.made_code' } as const
        yield* recordAudit(db, { ...event, personId: helped.id, detail: { link: made.id, by } })
        return made
      }),
    )
    tools.wakeJobs()
    return c.html(
      renderPage(
        <CodePage
          {...frameOf(c, pathOf(helped.id))}
          role={role}
          code={showCode(code.code)}
          until={{ ms: code.expiresAtMs, timeZone: customer.timeZone }}
          nowMs={nowMs}
          portal={customer.host}
          back={pathOf(helped.id)}
        />,
      ),
    )
  })

  const askVomo = forHelper(async (c, { person: { id: by }, helped }) => {
    await store.write(() => limits.takeOrRefuse('vomoLooksPerStaff', by))
    return recheck(tools, helped, { by, asked: c })
  })

  const endSessions = forHelper(async (c, { helped, nowMs }) => {
    await store.write(during(c, () => endOwnSessions(store.db, helped, 'all', nowMs, 'by_staff')))
    return 'ended'
  })

  const disable = forHelper(async (c, { person, helped, nowMs }) => {
    if (helped.address === person.address) return 'yourself'
    const by = { by: person.id, because: 'by_staff' } as const
    const did = await store.write(during(c, () => turnOff(store.db, helped, by, nowMs)))
    return did === 'overtaken' ? 'not_now' : 'off'
  })

  const enable = forHelper(async (c, { person, helped, nowMs }) => {
    const did = await store.write(during(c, () => turnOn(store.db, helped, { by: person.id }, nowMs)))
    return did === 'overtaken' ? 'not_now' : 'on'
  })

  async function personHere(c: Visited, { customer }: Member): Promise<Person> {
    const person = await personOf(store, { customerId: customer.id, id: c.req.param('person') ?? '' })
    if (!person) throw new Refusal('not_found')
    return person
  }

  /** Whether a made link would sign them in now. */
  async function isOnRecord(person: Person): Promise<boolean> {
    try {
      await requireRecord(tools, person)
      return true
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  }

  return { find, meet, page, send, readCode, askVomo, endSessions, disable, enable }
}

function pathOf(personId: string): string {
  return `${peoplePath}/${personId}`
}

function readPageNumber(typed: string | undefined): number {
  return typed !== undefined && /^[1-9]\d{0,5}$/.test(typed) ? Number(typed) : 1
}
