import { defineConfig } from 'vitest/config'

/** `npm run stranger` and `npm run container`, as root on Debian: see `stranger.ts` and `container.ts`. */
export default defineConfig({
  test: {
    include: ['test/preview/stranger.ts', 'test/preview/container.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
  },
})
