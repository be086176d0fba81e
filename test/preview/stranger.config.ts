import { defineConfig } from 'vitest/config'

/** `npm run stranger`, as root on Debian: see `stranger.ts`. */
export default defineConfig({
  test: { include: ['test/preview/stranger.ts'], testTimeout: 3_600_000, hookTimeout: 60_000 },
})
