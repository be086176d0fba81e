import { describe, expect, test } from 'vitest'
import { customer, noon, userNamed } from '../sandbox.fixture.ts'
import type { Customer, Participation } from '../world/world.ts'
import { makeSampleWorld } from './sample-world.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const world = makeSampleWorld({ seed: 7, nowMs: noon })
const { traps } = world
const riverbend = customer(world, 'riverbend')
const hillside = customer(world, 'hillside')
const { users, projects, dates, participations } = riverbend.records

function rowsOf(email: string, from: Customer = riverbend): Participation[] {
  const { id } = userNamed(from.records, email)
  return from.records.participations.filter((row) => row.user_id === id)
}

const dateOf = (row: Participation, from: Customer = riverbend) =>
  from.records.dates.find((date) => date.id === row.project_date_id)
const lowerEmails = (from: Customer) => from.records.users.map((user) => user.email?.toLowerCase() ?? '')

const visible = (from: Customer) => from.records.users.filter((user) => !user.is_removed).length
const named = (email: string) => userNamed(riverbend.records, email)
const containing = (email: string) => lowerEmails(riverbend).filter((other) => other.includes(email)).length
const holdersOf = (email: string) =>
  lowerEmails(riverbend).filter((other) => other === email.toLowerCase()).length

/** The parts that must not change from one day to the next. */
const lasting = ({ vomoToken, records }: Customer) => [
  vomoToken,
  records.users.map(({ id, email, last_name }) => [id, email, last_name]),
  records.projects.map(({ id, name, slug }) => [id, name, slug]),
]

describe('the size and shape of the world', () => {
  test('both customers have exactly the sizes that were promised', () => {
    expect([visible(riverbend), projects.length, dates.length, participations.length]).toEqual([
      2_000, 120, 1_500, 30_000,
    ])
    expect([visible(hillside), hillside.records.projects.length]).toEqual([60, 14])
  })

  test('one seed and one day make one world, another seed another', () => {
    const again = makeSampleWorld({ seed: 7, nowMs: noon + 11 * hourMs })
    expect(JSON.stringify(again) === JSON.stringify(world)).toBe(true)
    expect(makeSampleWorld({ seed: 8, nowMs: noon }).customers[0]?.vomoToken).not.toBe(riverbend.vomoToken)
  }, 20_000)

  test('people keep ids, addresses and names, and customers their tokens, from day to day', () => {
    const later = makeSampleWorld({ seed: 7, nowMs: noon + 40 * dayMs })
    expect(later.customers.map(lasting)).toEqual(world.customers.map(lasting))
    expect(later.traps).toEqual(traps)
  }, 20_000)

  test('it can be made on any day of two years', () => {
    for (let day = 0; day < 730; day += 146) {
      const { customers } = makeSampleWorld({ seed: day, nowMs: noon + day * dayMs })
      expect(customers.map((one) => one.records.participations.length)).toEqual([30_000, 900])
    }
  }, 20_000)

  test('every id is unique and has seven digits or more', () => {
    for (const { records } of world.customers) {
      for (const rows of [
        records.users,
        records.projects,
        records.dates,
        records.participations,
        records.organizations,
      ]) {
        expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
        expect(Math.min(...rows.map((row) => row.id))).toBeGreaterThan(1_000_000)
      }
    }
  })

  test('shifts lie from two years ago to four months ahead, last two to nine hours, and all have participants', () => {
    const starts = dates.map((date) => date.starts_at_ms - noon)
    expect(Math.min(...starts)).toBeLessThan(-700 * dayMs)
    expect(Math.max(...starts)).toBeGreaterThan(90 * dayMs)
    const near = starts.filter((start) => Math.abs(start) < 7 * dayMs).length
    expect(near).toBeGreaterThan(15)
    for (const { records } of world.customers) {
      const taken = new Set(records.participations.map((row) => row.project_date_id))
      for (const date of records.dates) {
        const hours = (date.ends_at_ms - date.starts_at_ms) / hourMs
        expect(hours).toBeGreaterThanOrEqual(2)
        expect(hours).toBeLessThanOrEqual(9)
        expect(taken.has(date.id)).toBe(true)
      }
    }
  })

  test('shifts of one project begin at the same time on the wall all year', () => {
    for (const { records } of world.customers) {
      for (const project of records.projects) {
        const format = new Intl.DateTimeFormat('en', {
          timeZone: project.address.timezone,
          timeStyle: 'short',
        })
        const own = records.dates.filter((date) => date.project_id === project.id)
        expect(new Set(own.map((date) => format.format(date.starts_at_ms))).size).toBe(
          own.length === 0 ? 0 : 1,
        )
      }
    }
  })

  test('no person is in two places at once, active before joining, or checked in early', () => {
    const dateById = new Map(dates.map((date) => [date.id, date]))
    const userById = new Map(users.map((user) => [user.id, user]))
    const twoRoles = userNamed(riverbend.records, traps.twoRoles).id
    const scheduled = participations
      .filter((row) => row.user_id !== twoRoles)
      .flatMap((row) => {
        const date = dateById.get(row.project_date_id ?? 0)
        return date ? [{ row, date, joined: userById.get(row.user_id)?.created_at_ms ?? Infinity }] : []
      })
      .toSorted((a, b) => a.row.user_id - b.row.user_id || a.date.starts_at_ms - b.date.starts_at_ms)
    expect(scheduled.length).toBeGreaterThan(29_000)
    expect(
      scheduled.filter(({ row, date }) => row.signed_up_at_ms > Math.min(date.starts_at_ms, noon)),
    ).toEqual([])
    expect(
      scheduled.filter(({ row, date }) => date.ends_at_ms > noon && row.checked_in_at_ms !== null),
    ).toEqual([])
    expect(scheduled.filter(({ row, joined }) => row.signed_up_at_ms <= joined)).toEqual([])
    const overlaps = scheduled.filter(({ row, date }, index) => {
      const before = scheduled[index - 1]
      return before?.row.user_id === row.user_id && before.date.ends_at_ms > date.starts_at_ms
    })
    expect(overlaps).toEqual([])
  })

  test('most past sign-ups were served and confirmed', () => {
    const ended = new Set(dates.filter((date) => date.ends_at_ms < noon - dayMs).map((date) => date.id))
    const past = participations.filter((row) => ended.has(row.project_date_id ?? 0))
    const share = (isSo: (row: Participation) => boolean) => past.filter(isSo).length / past.length
    expect(share((row) => row.checked_in_at_ms !== null && row.checked_out_at_ms !== null)).toBeGreaterThan(
      0.8,
    )
    expect(share((row) => Boolean(row.verified))).toBeGreaterThan(0.7)
    expect(share((row) => typeof row.hours === 'string')).toBeGreaterThan(0.1)
  })

  test('it is made in a moment', () => {
    const times = [3, 4, 5].map((seed) => {
      const began = performance.now()
      makeSampleWorld({ seed, nowMs: noon })
      return performance.now() - began
    })
    expect(Math.min(...times)).toBeLessThan(5_000)
  })
})

describe('the people to sign in as', () => {
  const trapEmails = new Set(
    Object.values(traps)
      .flat()
      .map((value) => String(value).toLowerCase()),
  )

  test.each(world.customers.map((one) => [one.slug, one] as const))(
    '%s has thirty ordinary volunteers',
    (_, own) => {
      expect(new Set(own.volunteers).size).toBe(30)
      const elsewhere = world.customers.filter((one) => one !== own).flatMap(lowerEmails)
      for (const email of own.volunteers) {
        const user = userNamed(own.records, email)
        expect(email).toMatch(/^[a-z]+(\.[a-z]+)?\d*@[a-z]+\.[a-z]+$/)
        expect(Object.values(user)).not.toContain(null)
        expect(user).toMatchObject({
          membership_status: 'ACCEPTED',
          membership_role: 'VOLUNTEER',
          user_status: 'VERIFIED',
        })
        const alike = lowerEmails(own).filter(
          (other) => other.includes(email) || (other && email.includes(other)),
        )
        expect(alike).toEqual([email])
        expect(elsewhere).not.toContain(email)
        expect(trapEmails.has(email)).toBe(false)
        expect(traps.sharedIds).not.toContain(user.id)
        const starts = rowsOf(email, own).map((row) => dateOf(row, own)?.starts_at_ms ?? 0)
        expect(starts.filter((start) => start < noon - 2 * dayMs).length).toBeGreaterThanOrEqual(3)
        expect(starts.filter((start) => start > noon + dayMs).length).toBeGreaterThanOrEqual(1)
      }
    },
  )

  test.each(world.customers.map((one) => [one.slug, one] as const))(
    '%s has staff, campaigns and opaque tokens',
    (_, own) => {
      expect(own.staff.length).toBeGreaterThanOrEqual(3)
      for (const email of own.staff) {
        const user = userNamed(own.records, email)
        expect(['ADMIN', 'ORGANIZER']).toContain(user.membership_role)
        expect(user.membership_status).toBe('ACCEPTED')
      }
      for (const slug of own.campaigns) expect(slug).toMatch(/^[a-z0-9][a-z0-9-]{0,99}$/)
      expect(own.vomoToken).toMatch(new RegExp(`^vomo_${own.slug}_[0-9a-f]{40}$`))
      expect(own.vomoProbeToken).not.toBe(own.vomoToken)
    },
  )

  test('the first fifteen users of a customer are no traps', () => {
    for (const { records } of world.customers) {
      for (const user of records.users.toSorted((a, b) => a.id - b.id).slice(0, 15)) {
        expect(trapEmails.has(user.email ?? '')).toBe(false)
        expect(trapEmails.has(String(user.id))).toBe(false)
        expect(user.membership_status).toBe('ACCEPTED')
      }
    }
  })
})

describe('the traps', () => {
  test('addresses contain each other, are held twice, in capitals, with plus and underscore', () => {
    expect(traps.contained[1]).toContain(traps.contained[0])
    expect(containing(traps.exactOnPageTwo)).toBe(19)
    expect(holdersOf(traps.exactOnPageTwo)).toBe(1)
    expect(users.filter((user) => user.email === traps.twoExact)).toHaveLength(2)
    expect(holdersOf(traps.twoExactByCase[0])).toBe(2)
    expect(traps.twoExactByCase[0]).not.toBe(traps.twoExactByCase[1])
    expect(traps.upperCase).toBe(traps.upperCase.toUpperCase())
    expect(traps.plus).toContain('+')
    expect(traps.underscore).toContain('_')
  })

  test('records miss phone, address, birthday, gender, last name or e-mail', () => {
    const blank = { phone: null, address: null, birthday: null, gender: null }
    expect(userNamed(riverbend.records, traps.nulls)).toMatchObject(blank)
    expect(userNamed(riverbend.records, traps.noLastName).last_name).toBeNull()
    expect(users.find((user) => user.id === traps.noEmailId)?.email).toBeNull()
  })

  test('one person has 400 participations', () => {
    expect(rowsOf(traps.many)).toHaveLength(400)
  })

  test('hours and confirmations come in every form', () => {
    const rows = rowsOf(traps.mixedForms)
    expect(new Set(rows.map((row) => row.verified))).toEqual(new Set([true, false, 0, 1]))
    expect(rows.map((row) => row.hours)).toEqual(expect.arrayContaining([2.5, '2.50', null, 0]))
  })

  test('a sign-up ahead already carries hours', () => {
    const row = rowsOf(traps.futureHours).find(
      (one) => (dateOf(one)?.starts_at_ms ?? 0) > noon && one.hours !== null,
    )
    expect(row).toMatchObject({ hours: '10.00', checked_in_at_ms: null })
  })

  test('one person never checked out', () => {
    const open = rowsOf(traps.noCheckOut).filter(
      (row) => row.checked_in_at_ms !== null && row.checked_out_at_ms === null,
    )
    expect(open.length).toBeGreaterThanOrEqual(2)
    expect(open.map((row) => row.hours)).toContain(null)
  })

  test('one person is on one shift twice, in two roles', () => {
    const keys = rowsOf(traps.twoRoles).map((row) => row.project_date_id)
    expect(keys).toHaveLength(4)
    expect(new Set(keys).size).toBe(2)
    expect(new Set(rowsOf(traps.twoRoles).map((row) => `${row.project_date_id} ${row.role}`)).size).toBe(4)
  })

  test('a sign-up was denied and gifts in kind are no hours', () => {
    expect(rowsOf(traps.denied).filter((row) => row.status === 'DENIED')).toHaveLength(2)
    const gifts = rowsOf(traps.giftInKind)
    expect(gifts).toHaveLength(2)
    for (const gift of gifts)
      expect(gift).toMatchObject({ hours: null, need: { type: 'item' }, role: gift.need?.name })
  })

  test('work at any time has a date that is null or not there at all', () => {
    const rows = rowsOf(traps.anytime)
    expect(rows.filter((row) => row.project_date_id === null)).toHaveLength(2)
    expect(rows.filter((row) => !('project_date_id' in row))).toHaveLength(2)
    for (const row of rows)
      expect(projects.find((project) => project.id === row.project_id)?.anytime).toBe(true)
  })

  test('a project is gone, and a date is missing from a project that is there', () => {
    const gone = rowsOf(traps.goneProject).filter(
      (row) => !projects.some((project) => project.id === row.project_id),
    )
    expect(gone.map((row) => row.checked_in_at_ms === null)).toEqual([false, true])
    const dropped = rowsOf(traps.missingDate).filter((row) => !dateOf(row))
    expect(dropped.map((row) => row.checked_in_at_ms === null)).toEqual([false, true])
    for (const row of dropped) expect(projects.some((project) => project.id === row.project_id)).toBe(true)
  })

  test('nights over both clock changes count as many hours as passed', () => {
    const hours = rowsOf(traps.clockChange)
      .filter((row) => row.checked_in_at_ms !== null)
      .map((row) => row.hours)
    expect(hours.filter((one) => one === 7).length).toBeGreaterThanOrEqual(2)
    expect(hours.filter((one) => one === 9).length).toBeGreaterThanOrEqual(2)
    expect(new Set(projects.map((project) => project.address.timezone))).toEqual(
      new Set(['America/Chicago', 'America/Denver']),
    )
    expect(new Set(hillside.records.projects.map((project) => project.address.timezone))).toEqual(
      new Set(['America/Los_Angeles', 'America/Phoenix']),
    )
  })

  test("a New Year's Eve shift begins in the old year on the wall and in the new one in UTC", () => {
    const rows = rowsOf(traps.newYear)
    expect(rows.length).toBeGreaterThanOrEqual(2)
    for (const row of rows) {
      const start = dateOf(row)?.starts_at_ms ?? 0
      expect(new Date(start).toISOString()).toMatch(/-01-01T05:30/)
      expect(new Date(row.signed_up_at_ms).getUTCMonth()).toBe(11)
      expect(row.hours).toBe(start < noon ? 2 : null)
    }
  })

  test('people are scrubbed, removed, inactive, invited, pending, odd and of a foreign organization', () => {
    expect(named(traps.scrubbedEmail).id).toBe(traps.scrubbedId)
    expect(users.filter((user) => user.is_removed).map((user) => user.id)).toEqual([traps.removedId])
    expect(named(traps.inactive).membership_status).toBe('INACTIVE')
    expect(named(traps.invited).membership_status).toBe('INVITED')
    expect(named(traps.pending).membership_status).toBe('PENDING')
    expect(named(traps.unverified).user_status).toBe('UNVERIFIED')
    expect(named(traps.oddStatus).membership_status).toBe('ON_HIATUS')
    expect(named(traps.foreignOrg).is_own_account).toBe(false)
  })

  test('the customers share people, and ids that are not the same people', () => {
    expect(traps.sharedEmails.length).toBeGreaterThanOrEqual(8)
    for (const email of traps.sharedEmails) {
      expect(userNamed(riverbend.records, email).id).not.toBe(userNamed(hillside.records, email).id)
    }
    const idsThere = new Set(hillside.records.users.map((user) => user.id))
    expect(users.filter((user) => idsThere.has(user.id)).map((user) => user.id)).toEqual(traps.sharedIds)
  })
})
