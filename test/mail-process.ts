import { defaultLimits } from '../src/limits.ts'
import { openSmtp } from '../src/mail/smtp.ts'
import { startPortal } from '../src/main.ts'
import { openStore } from '../src/store/engines.ts'
import { askingFreely } from './asking-freely.ts'

/** A portal that really sends email, in a process of its own, for tests to kill: `node mail-process.js DATABASE SMTP_URL`. */
const [database = '', url = ''] = process.argv.slice(2)
const silent = () => {}

process.once('message', (secret: string) => void start(secret))

async function start(secret: string): Promise<void> {
  const fault = (fields: Record<string, unknown>) => void process.send?.({ fault: String(fields['error']) })
  const log = { debug: silent, info: silent, warn: silent, error: fault }
  const portal = await startPortal({
    store: await openStore({ database }),
    secretRing: [secret],
    clock: Date.now,
    log,
    transport: openSmtp({ url, log }),
    mailFrom: (customer) => ({ name: customer.name, address: `no-reply@${customer.slug}.example` }),
    limits: {
      ...defaultLimits,
      ...askingFreely,
      strangerMailsPerNetwork: { count: 100_000, perMs: 86_400_000 },
    },
    trustedProxies: [],
    listenOn: { port: 0, hosts: ['127.0.0.1'] },
    warms: false,
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.({ port: portal.port })
}
