import { describe, expect, test } from 'vitest'
import { renderPage } from '../../page/layout.tsx'
import type { Frame } from '../../page/site.ts'
import { english, languageWith } from '../../text/languages.ts'
import type { VomoEarnedCertificate } from '../../vomo/types.ts'
import { groupsAnswer } from '../profile/answers.ts'
import { toGroups } from '../profile/groups.ts'
import { Groups } from '../profile/page-groups.tsx'
import { user } from '../volunteer.fixture.ts'
import { certificatesAnswer } from './answers.ts'
import { toCertificates } from './certificates.ts'
import { Certificates } from './page-certificates.tsx'

/** November 21 in Chicago, November 22 in London. */
const nowMs = Date.parse('2026-11-22T03:00:00Z')
const timeZone = 'America/Chicago'
const fetchedAtMs = nowMs - 30_000
const site = {
  name: 'Riverbend',
  slug: 'riverbend',
  contactName: 'Dana',
  contactEmail: null,
  assets: { stylesheet: '/s.css', script: '/s.js', theme: '/t.css', icon: '/i.png' },
}
const frame: Frame = { site, words: english.words, locale: english.locale }

const defined = {
  value: [
    { name: 'Food handler', description: null, validForDays: 730 },
    { name: 'Orientation', description: 'Once', validForDays: null },
  ],
  fetchedAtMs,
}

function answer(
  certificates: readonly VomoEarnedCertificate[] | null,
  definitions: typeof defined | undefined = defined,
) {
  const record = { value: user({ certificates }), fetchedAtMs }
  return certificatesAnswer.parse(toCertificates(record, definitions, { nowMs, timeZone }))
}

const earned = (name: string, expiresOn: string | null) => ({ name, earnedOn: '2024-01-01', expiresOn })

const show = (given: ReturnType<typeof answer>, over: Partial<Frame> = {}) =>
  renderPage(<Certificates frame={{ ...frame, ...over }} certificates={given} />)

describe('certificates', () => {
  test.each([
    ['2026-11-20', 'expired'],
    ['2026-11-21', 'expires_soon'],
    ['2027-01-20', 'expires_soon'],
    ['2027-01-21', 'valid'],
    [null, 'no_end'],
  ] as const)('good until %s are %s, by the day at the organization', (expiresOn, state) => {
    expect(answer([earned('Food handler', expiresOn)]).data[0]?.state).toBe(state)
  })

  test('say in words how long they are good', () => {
    const html = show(answer([earned('A', '2026-12-01'), earned('B', '2026-08-31'), earned('C', null)]))
    expect(html).toContain('Expires soon: valid until December 1, 2026')
    expect(html).toContain('Expired. It was valid until August 31, 2026')
    expect(html).toContain('No end date')
    expect(html).toContain('Earned January 1, 2024')
    expect(show(answer([earned('A', '2028-12-01')]), languageWith('es'))).toContain(
      'Válido hasta el 1 de diciembre de 2028',
    )
  })

  test('that VOMO does not tell are not made up: what there is to hold stands in their place', () => {
    const given = answer(null)
    expect(given).toMatchObject({ data: [], told: false, complete: true })
    const html = show(given)
    expect(html).toContain('VOMO doesn’t tell us which certificates you have.')
    expect(html).toContain('Valid for 2 years')
    expect(html).not.toContain('Earned')
  })

  test('a volunteer who holds none is told so; without definitions the page says nothing', () => {
    expect(show(answer([]))).toContain('VOMO doesn’t list any certificates for you.')
    expect(show(answer(null, { value: [], fetchedAtMs })).replace(/<!doctype html>\s*/, '')).toBe('')
  })

  test('whose definitions are not loaded yet are not complete, and the page says so', () => {
    const record = { value: user({ certificates: null }), fetchedAtMs }
    const given = toCertificates(record, undefined, { nowMs, timeZone })
    expect(given).toMatchObject({ data: [], defined: [], complete: false })
    expect(show(given)).toContain('still loading')
  })
})

describe('groups', () => {
  const asOf = { ms: fetchedAtMs, timeZone, nowMs }
  const showGroups = (given: Parameters<typeof toGroups>[0]) =>
    renderPage(<Groups frame={frame} groups={groupsAnswer.parse(toGroups(given))} asOf={asOf} />)

  test('are named, with what they are part of and how old that is', () => {
    const html = showGroups({
      groups: [
        { name: 'Sandhill', within: 'Western' },
        { name: 'Drivers', within: null },
      ],
      isComplete: true,
      asOfMs: nowMs - 3_600_000,
    })
    expect(html.indexOf('Drivers')).toBeLessThan(html.indexOf('Sandhill'))
    expect(html).toContain('part of Western')
    expect(html.replaceAll('\u00a0', ' ')).toContain('As of 8:00 pm Central')
  })

  test('that are not loaded yet are said to be loading; a customer without any has no section', () => {
    expect(showGroups({ groups: [], isComplete: false, asOfMs: null })).toContain('still loading')
    expect(showGroups({ groups: [], isComplete: true, asOfMs: nowMs })).not.toContain('Groups')
  })
})
