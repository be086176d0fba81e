import { existsSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** Tests that read the sources: they need no browser, so `npm run check` runs them. */
const ofSources = ['test/rules.test.ts', 'test/words.test.ts', 'test/docs.test.ts']

/** These start a PostgreSQL server of their own. Where none is installed a newcomer runs all the others; CI leaves none out. */
const ofPostgres =
  existsSync('/usr/lib/postgresql') || process.env['TEST_DATABASE_URL'] || process.env['CI']
    ? []
    : ['src/store/postgres/**', 'test/many-processes.test.ts']
if (process.env['VITEST'] && ofPostgres.length > 0)
  process.stderr.write(
    'PostgreSQL is not installed (apt-get install postgresql), so its tests are left out.\n',
  )

/** Journeys about SQLite's file: what a disk, a copy or a wrong owner does to it. */
const ofSqlite = process.env['TEST_DATABASE_URL'] ? ['test/**/*.sqlite.test.ts'] : []

/** The lines of the file that `LEAVE_OUT` names. */
const leftOut = process.env['LEAVE_OUT']
  ? readFileSync(process.env['LEAVE_OUT'], 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('test/'))
  : []

export default defineConfig(({ command }) => ({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  ssr: {
    // What ships holds its dependencies. In tests Node loads them itself: Vitest would otherwise transform each of their files, and
    // run that, once in every test file.
    noExternal: command === 'build' ? true : [],
    external: ['better-sqlite3', 'oidc-provider', 'pg', '@node-rs/argon2'],
  },
  build: {
    ssr: 'src/cli.ts',
    outDir: 'dist',
    target: 'node20',
    minify: false,
  },
  test: {
    // Otherwise Vitest empties every stylesheet, and the browser tests would look at bare pages.
    css: true,
    // Vitest leaves one core for itself, which on two cores means one file after another. Files also wait, for disks and browsers.
    maxWorkers: '100%',
    // Sockets, processes, disks and browsers are real: in CI what fails gets one more chance, and the report says what needed it.
    retry: process.env['CI'] ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          globalSetup: ['test/own-postgres.ts'],
          include: ['src/**/*.test.{ts,tsx}', ...ofSources],
          exclude: ofPostgres,
          // Not threads: on Node 24 a statement of better-sqlite3 that is collected while its thread ends aborts the process.
          pool: 'forks',
          isolate: false,
          // A thousand rounds take their time on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          globalSetup: ['test/unpack-chromium.ts', 'test/own-postgres.ts'],
          include: ['test/**/*.test.ts'],
          exclude: [...ofSources, ...ofPostgres, ...ofSqlite, ...leftOut],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
}))
