import { defineConfig } from 'vitest/config'

/**
 * `npm run drill -- kill`, and the other names of `drill.ts`: what CI has no time for. Their short form is in many-processes.test.ts.
 * `npm run bar -- L1`, and the other names of `bar*.ts`; those of links are `link-bars.test.ts` on PostgreSQL and at full size.
 */
process.env['TEST_DATABASE_URL'] ??= 'own'
process.env['LINK_BARS_TRIES'] ??= '10000'
process.env['LINK_BARS_LINKS'] ??= '1000'
process.env['LINK_BARS_CONTENDERS'] ??= '48'

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    globalSetup: ['test/own-postgres.ts'],
    include: ['test/drills/drill.ts', 'test/drills/bar*.ts', 'test/link-bars.test.ts'],
    css: true,
    // G4 alone takes half an hour.
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
})
