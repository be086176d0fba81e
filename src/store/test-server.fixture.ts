import { afterAll, beforeAll } from 'vitest'
import { newDatabase, openTestServer, type TestServer } from './postgres-server.fixture.ts'

/** A PostgreSQL server for the tests of a file. @returns makes a database of its own */
export function useTestServer(): () => Promise<string> {
  let server: TestServer
  beforeAll(async () => {
    server = await openTestServer()
  }, 60_000)
  afterAll(() => server?.stop(), 120_000)
  return () => newDatabase(server.url)
}
