// What both peers share: they listen on loopback, keep the links that they would mail, and answer what bench/child.ts asks.
import { createServer } from 'node:http'
import { Pool } from 'pg'

const mailed = []

/** From the bench: the URL of a database, the origin to serve, and a secret. */
export const setup = JSON.parse(process.argv[2] ?? '{}')

export function openPool(options = {}) {
  const pool = new Pool({ connectionString: setup.database, ...options })
  // Where the bench fails, its PostgreSQL may end before this process.
  pool.on('error', () => {})
  return pool
}

/** In the place of an email. */
export function mail(url) {
  mailed.push(url)
}

const tasks = {
  usage: () => {
    const { user, system } = process.cpuUsage()
    return { cpu: user + system, rss: process.memoryUsage().rss }
  },
  /** The links that were mailed since the last call. */
  links: () => mailed.splice(0),
}

export function serve(listener) {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1', () => process.send({ ready: server.address().port }))
  process.on('message', ({ id, ask }) => process.send({ id, answer: tasks[ask]() }))
  process.on('disconnect', () => process.exit(0))
}
