import { defineConfig } from 'vitest/config'

/** `npm run drill -- kill`, and the other names of `drill.ts`: what CI has no time for. Their short form is in many-processes.test.ts. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['test/drills/drill.ts', 'test/drills/bar.ts'],
    css: true,
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
  },
})
