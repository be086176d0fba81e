import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** V8 keeps the text of a program for good, in two bytes a letter as soon as one of them is not of Latin-1. */
const inLatin1: Plugin = {
  name: 'in Latin-1',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk') file.code = file.code.replaceAll(/[\u0100-\uffff]/g, escaped)
  },
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

export default defineConfig({
  plugins: [inLatin1],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  ssr: { noExternal: true, external: ['better-sqlite3'] },
  build: {
    ssr: 'src/cli.ts',
    outDir: 'dist',
    target: 'node20',
    minify: false,
  },
  test: {
    // Otherwise Vitest empties every stylesheet, and the browser tests would look at bare pages.
    css: true,
    // Sockets, processes, disks and browsers are real: in CI what fails gets one more chance, and the report says what needed it.
    retry: process.env['CI'] ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'test/rules.test.ts', 'test/docs.test.ts'],
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
          globalSetup: ['test/unpack-chromium.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/rules.test.ts', 'test/docs.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
