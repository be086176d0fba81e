import type { SandboxOptions } from '../src/sandbox/options.ts'
import { makeSampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { startSandbox } from '../src/sandbox/server.ts'
import { type ChildMessage, cpuMicroseconds } from './child.ts'
import { reachable } from './reachable.ts'

/** The stand-in VOMO without a rate limit, with the options of `process.argv[2]`. */
const world = makeSampleWorld({ nowMs: Date.now() })
const sandbox = await startSandbox({
  world,
  options: { rate_limit_per_minute: 0, ...(JSON.parse(process.argv[2] ?? '{}') as Partial<SandboxOptions>) },
})
const [customer] = world.customers
if (!customer) throw new Error('the sample world has no customer')

say({
  ready: {
    url: `${sandbox.url}/v1`,
    token: customer.vomoToken,
    volunteers: customer.volunteers,
    many: world.traps.many,
    addresses: reachable(customer.records.users).map(({ address }) => address),
  } satisfies SandboxReady,
})
process.on('message', ({ id }: { id: number }) => say({ id, answer: { cpu: cpuMicroseconds() } }))
process.on('disconnect', () => process.exit(0))

function say(what: ChildMessage): void {
  process.send?.(what)
}

export type SandboxReady = {
  url: string
  token: string
  volunteers: string[]
  /** The volunteer with 400 participations. */
  many: string
  /** The addresses of all whom an email reaches. */
  addresses: string[]
}
