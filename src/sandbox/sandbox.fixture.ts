import { onTestFinished } from 'vitest'
import { makeSampleWorld, type SampleWorld } from './sample/sample-world.ts'
import { type SandboxSettings, startSandbox } from './server.ts'
import type { Customer, Records } from './world/world.ts'

export const noon = Date.UTC(2025, 4, 14, 12)

const world = makeSampleWorld({ seed: 7, nowMs: noon })
const riverbend = customer(world, 'riverbend')
const hillside = customer(world, 'hillside')

export type Json = Record<string, unknown>

/** A sandbox for one test, with a movable clock. */
export async function openSandbox(settings: Partial<SandboxSettings> = {}) {
  let nowMs = noon
  const faults: unknown[] = []
  const sandbox = await startSandbox({
    world: withOwnPeople(world),
    clock: () => nowMs,
    rateLimits: { portal: 1_000, probe: 1_000 },
    onFault: (error) => faults.push(error),
    ...settings,
  })
  onTestFinished(() => sandbox.close())
  async function get(path: string, token: string | null = riverbend.vomoToken, init: RequestInit = {}) {
    const headers = {
      Accept: 'application/json',
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    }
    const response = await fetch(sandbox.url + path, { headers, ...init })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
  }

  async function send(method: string, path: string, body: unknown, token?: string) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const headers = {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    }
    return get(path, null, { method, body: text, headers })
  }

  return {
    ...sandbox,
    world,
    /** Errors inside the sandbox. */
    faults,
    traps: world.traps,
    riverbend,
    hillside,
    get,
    send,
    askForLink: (body: unknown, token = riverbend.vomoToken) =>
      send('POST', '/v1/users/one-time', body, token),
    set: (options: Json) => send('PUT', '/__sandbox/options', options),
    pass: (ms: number): void => {
      nowMs += ms
    },
  }
}

export function customer(of: SampleWorld, slug: string): Customer {
  const found = of.customers.find((one) => one.slug === slug)
  if (!found) throw new Error(`No customer ${slug}.`)
  return found
}

export function userNamed(records: Records, email: string) {
  const user = records.users.find((one) => one.email === email)
  if (!user) throw new Error(`No user ${email}.`)
  return user
}

/** A copy with its own people, the only part of a world that sandboxes change. */
function withOwnPeople(of: SampleWorld): SampleWorld {
  const customers = of.customers.map((one) => ({
    ...one,
    records: { ...one.records, users: one.records.users.map((user) => ({ ...user })) },
  }))
  return { ...of, customers }
}
