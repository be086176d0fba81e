import { openStore } from '../src/store/engines.ts'
import { dropDatabase, newDatabase, startServer } from '../src/store/postgres-server.fixture.ts'

/**
 * With `TEST_DATABASE_URL`, houses have their databases on that server; `own` starts one for this run. Their tables are made once, in
 * a database that each is a copy of.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['TEST_DATABASE_URL']
  if (!given) return undefined
  const server = given === 'own' ? await startServer() : undefined
  const url = server?.url ?? given
  const template = await newDatabase(url)
  const store = await openStore({ database: template })
  await store.close()
  process.env['TEST_DATABASE_URL'] = url
  process.env['TEST_DATABASE_TEMPLATE'] = template
  return async () => {
    if (server) await server.stop()
    else await dropDatabase(template)
  }
}
