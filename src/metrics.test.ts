import { expect, it } from 'vitest'
import { metrics, openRegistry } from './metrics.ts'

it('a gauge that cannot be read is NaN and told, and the other metrics are served', async () => {
  const faults: string[] = []
  const registry = await openRegistry((metric) => void faults.push(metric))
  registry.addGauges({
    porchlight_jobs_waiting: async () => {
      throw new Error('disk I/O error')
    },
    porchlight_emails_waiting: () => 3,
  })
  registry.meter.count('porchlight_sign_in_misses_total', {})
  const text = await registry.scrape.text()
  expect(text).toMatch(/\nporchlight_jobs_waiting nan\n/i)
  expect(text).toContain('\nporchlight_emails_waiting 3\n')
  expect(text).toContain('\nporchlight_sign_in_misses_total 1\n')
  expect(faults).toEqual(['porchlight_jobs_waiting'])
})

it('follows the conventions of Prometheus: base units, and _total on counters alone', () => {
  for (const [name, { kind }] of Object.entries(metrics)) {
    expect(name).toMatch(/^porchlight(_[a-z]+)+$/)
    expect([name, name.endsWith('_total')]).toEqual([name, kind === 'counter'])
    expect(name).not.toMatch(/_(ms|milliseconds|percent)\b/)
  }
})
