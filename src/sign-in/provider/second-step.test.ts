import { expect, it } from 'vitest'
import { secondStepBy } from './second-step.ts'

const nowMs = 1_800_000_000_000
const provider = { secondStep: ['mfa', 'urn:example:gold'] }
const stepOf = (said: { authenticatedAtMs?: number | null; acr?: string | null; amr?: string[] }) =>
  secondStepBy(
    provider,
    { vouched: { authenticatedAtMs: nowMs, acr: null, amr: [], ...said }, begunAtMs: nowMs - 30_000 },
    nowMs,
  )

it('a sign-in at a provider is a second step by a listed value of amr or acr, and no other', () => {
  const step = { by: 'provider', atMs: nowMs }
  expect(stepOf({ amr: ['pwd', 'mfa'] })).toEqual(step)
  expect(stepOf({ acr: 'urn:example:gold' })).toEqual(step)
  for (const said of [
    {},
    { amr: ['pwd'] },
    { amr: ['MFA'] },
    { acr: 'urn:example:gold ' },
    { acr: 'urn:example' },
  ])
    expect(stepOf(said)).toBeUndefined()
  const without = { vouched: { authenticatedAtMs: nowMs, acr: '', amr: [''] }, begunAtMs: nowMs }
  expect(secondStepBy({ secondStep: [] }, without, nowMs)).toBeUndefined()
})

it('such a step counts from the moment the provider asked, which is after the sign-in here began, give or take a minute', () => {
  const at = (authenticatedAtMs: number | null) => stepOf({ amr: ['mfa'], authenticatedAtMs })?.atMs
  expect(at(nowMs - 10_000)).toBe(nowMs - 10_000)
  expect(at(nowMs - 90_000)).toBe(nowMs - 90_000)
  expect(at(nowMs - 90_001)).toBeUndefined()
  expect(at(null)).toBeUndefined()
  // A provider whose clock is ahead gains nothing.
  expect(at(nowMs + 5_000)).toBe(nowMs)
})
