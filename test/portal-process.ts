import { defaultLimits, type LimitSettings } from '../src/limits.ts'
import { startPortal } from '../src/main.ts'
import { checkRecall } from '../src/store/checked-recall.fixture.ts'
import { openStore } from '../src/store/engines.ts'
import { askingFreely } from './asking-freely.ts'

/** A second portal on the same database, in a process of its own: `node portal-process.js DATABASE`, with the secret on its channel. */
const database = process.argv[2] ?? ''
/** Processes on one database share their machine's clock, so a process beside a house with a moved clock gets the difference. */
const aheadMs = Number(given('ahead-ms') ?? 0)
const ownLimits = JSON.parse(given('limits') ?? '{}') as Partial<LimitSettings>
const beatMs = given('beat-ms')
const silent = () => {}

process.once('message', (secret: string) => {
  void serve(secret)
})

function given(option: string): string | undefined {
  const start = `--${option}=`
  return process.argv.find((word) => word.startsWith(start))?.slice(start.length)
}

async function serve(secret: string): Promise<void> {
  const portal = await startPortal({
    store: checkRecall(await openStore({ database, allowsNewer: process.argv.includes('--allow-newer') })),
    secretRing: [secret],
    clock: () => Date.now() + aheadMs,
    log: {
      debug: silent,
      info: silent,
      warn: silent,
      error: (fields, message) =>
        process.send?.({
          fault: 'error' in fields ? String(fields['error']) : `${message} ${JSON.stringify(fields)}`,
        }),
    },
    // Mail goes to the test's single mailbox.
    transport: {
      send: (message) => new Promise<void>((resolve) => process.send?.({ message }, () => resolve())),
    },
    mailFrom: (customer) => ({ name: customer.name, address: `no-reply@${customer.slug}.example` }),
    limits: {
      ...defaultLimits,
      ...askingFreely,
      missesPerNetwork: undefined,
      apiCallsPerToken: undefined,
      ...ownLimits,
    },
    trustedProxies: [],
    listenOn: { port: 0, hosts: ['127.0.0.1'] },
    warms: process.argv.includes('--warms'),
    passwordMs: 1,
    beatMs: beatMs === undefined ? undefined : Number(beatMs),
  })
  process.on('disconnect', () => process.exit(0))
  process.once('SIGTERM', () => void portal.close().then(() => process.exit(0)))
  process.send?.({ port: portal.port })
}
