import { defineConfig } from 'vitest/config'

/** `npx vitest run --config test/preview/preview.config.ts`: pictures of every page in `screenshots/preview/`. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['preview', 'readme', 'lighthouse', 'tasks', 'staff-tasks', 'first-run'].map(
      (name) => `test/preview/${name}.ts`,
    ),
    // Vitest empties stylesheets otherwise, even those imported as text.
    css: true,
    maxConcurrency: 6,
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
})
