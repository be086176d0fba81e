// better-auth with its magic-link plugin, as its documentation sets it up on node:http and a pool of pg.
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { magicLink } from 'better-auth/plugins'
import { mail, openPool, serve, setup } from './peer.js'

const options = {
  baseURL: setup.origin,
  secret: setup.secret,
  database: openPool(),
  rateLimit: { enabled: false },
  logger: { level: 'error' },
  plugins: [magicLink({ expiresIn: 900, sendMagicLink: async ({ url }) => mail(url) })],
}

const { runMigrations } = await getMigrations(options)
await runMigrations()
serve(toNodeHandler(betterAuth(options)))
