import { type Person, personOf } from '../accounts/people.ts'
import { maskAddress } from '../address.ts'
import { during } from '../audit.ts'
import type { StaffRole } from '../customers/roles.ts'
import { frameOf } from '../customers/site.ts'
import type { Visited } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import { renderPage } from '../page/layout.tsx'
import type { Tools } from '../part.ts'
import { resumeView } from '../volunteer/hours/view.ts'
import { loadVolunteer } from '../volunteer/rows/load.ts'
import { fullName } from '../vomo/full-name.ts'
import { latestLinks } from './links/shown.ts'
import { overviewDays, overviewOf } from './overview.ts'
import { StaffPage } from './pages.tsx'
import { NoVolunteerPage, VolunteerPage } from './pages-volunteer.tsx'
import { type Member, requireStaff } from './require-staff.ts'
import { missingFor } from './today/checklist.ts'
import { todayOf } from './today/today.ts'
import { vomoNow } from './today/vomo-now.ts'
import { lastSignInMs, noteLook, recordOf } from './volunteer.ts'

/** What a customer's staff see, and the least role that sees it. */
export function staffHandlers(tools: Tools) {
  const { store, clock, vomo } = tools

  /** A page for staff with this role or a higher one. */
  function forStaff(
    role: StaffRole,
    show: (c: Visited, member: Member) => Promise<Response>,
    how: { fresh?: boolean } = {},
  ) {
    return async (c: Visited) => show(c, await requireStaff(tools, c, role, how))
  }

  async function home(c: Visited, { customer, person, role, nowMs }: Member): Promise<Response> {
    const [overview, links, today, vomoSeen] = await Promise.all([
      overviewOf(store, customer.id, nowMs),
      latestLinks(store, customer, nowMs),
      todayOf(store, customer, nowMs),
      vomoNow(tools, customer.id, nowMs),
    ])
    return c.html(
      renderPage(
        <StaffPage
          {...frameOf(c)}
          address={person.address}
          role={role}
          days={overviewDays}
          overview={overview}
          links={links}
          today={today}
          vomo={vomoSeen}
          missing={role === 'owner' ? await missingFor(store, customer, vomoSeen) : []}
          timeZone={customer.timeZone}
          nowMs={nowMs}
        />,
      ),
    )
  }

  /** Our only page whose path names another person: by our own id, and for staff alone. */
  async function volunteer(c: Visited, member: Member): Promise<Response> {
    const { customer, nowMs } = member
    const person = await personOf(store, { customerId: customer.id, id: c.req.param('person') ?? '' })
    if (!person) throw new Refusal('not_found')
    const by = member.person.id
    const look = { kind: 'staff.viewed_volunteer', customerId: customer.id, personId: person.id, by } as const
    await store.write(during(c, () => noteLook(store.db, look, nowMs)))

    const record = await recordOf(tools, person)
    const at = {
      ...frameOf(c),
      path: `/admin/volunteers/${person.id}`,
      timeZone: customer.timeZone,
      nowMs,
      account: {
        id: person.id,
        standing: standingOf(person, record),
        maskedAddress: maskAddress(person.address),
        lastSignInMs: await lastSignInMs(store, person.id),
      },
    }
    if ('missing' in record) {
      const status = record.missing === 'out_of_reach' ? 503 : 200
      return c.html(renderPage(<NoVolunteerPage {...at} missing={record.missing} />), status)
    }
    const { timeZone, id: customerId } = customer
    const loaded = await loadVolunteer({ vomo, customerId, record, clock, timeZone })
    return c.html(
      renderPage(
        <VolunteerPage
          {...at}
          {...resumeView(loaded, c.req.query(), { customer, nowMs, language: c.get('language')() })}
          name={fullName(record.value) ?? at.account.maskedAddress}
          asOf={{ ms: record.fetchedAtMs, timeZone, nowMs }}
        />,
      ),
    )
  }

  return { home: forStaff('viewer', home), volunteer: forStaff('viewer', volunteer, { fresh: true }) }
}

/** The current standing: reading a record may have found that it is gone. */
function standingOf({ vomoUserId, standing }: Person, record: Awaited<ReturnType<typeof recordOf>>) {
  if (vomoUserId === null) return 'no_record'
  return 'missing' in record && record.missing !== 'out_of_reach' ? record.missing : standing
}
