import { Command } from 'commander'
import { version } from '../package.json'
import {
  ConfigError,
  logLevelIn,
  readDemoConfig,
  readMailConfig,
  readPort,
  readSandboxPort,
  readStoreConfig,
  settings,
} from './config.ts'
import { type DemoDescription, startDemo } from './demo/demo.tsx'
import { Refusal } from './errors.ts'
import type { Log } from './log/log.ts'
import { openLog } from './log/output.ts'
import { openSmtp, type SmtpTransport } from './mail/smtp.ts'
import { addApplicationCommands } from './operator/application.ts'
import { addAuditCommand } from './operator/audit.ts'
import { addBackupCommands } from './operator/copies/backup.ts'
import { addStoreCommands } from './operator/copies/store-copy.ts'
import { addCustomerCommands, type OperatorTools } from './operator/customer.ts'
import { addFieldCommands } from './operator/customer-fields.ts'
import { addWordsCommand } from './operator/customer-words.ts'
import { type DatabaseOptions, openDatabase } from './operator/database.ts'
import type { Finding } from './operator/doctor/doctor.ts'
import { addLinkCommands } from './operator/link.ts'
import { addMailCommands } from './operator/mail.ts'
import { addPersonCommands } from './operator/person.ts'
import { addProblemCommands } from './operator/problem.ts'
import { addProviderCommands } from './operator/provider/commands.ts'
import { addRemoveCommand } from './operator/remove/customer-remove.ts'
import { addSecretsCommands } from './operator/secrets/rotate.ts'
import { examineHouse, serve } from './operator/serve.ts'
import { addSetupCommand } from './operator/setup/command.ts'
import { addStaffCommands } from './operator/staff.ts'
import { cannotListen, StartFailure } from './operator/start-failure.ts'
import { addVomoCommands } from './operator/vomo/commands.ts'
import { makeSampleWorld } from './sandbox/sample/sample-world.ts'
import { startSandbox } from './sandbox/server.ts'
import { openSecrets } from './secrets.ts'

// When output goes to `head`, it ends before we do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})
const program = new Command('porchlight')
  .description('The front door for volunteers: each sees their own record held in VOMO.')
  .version(version)
  .configureHelp({ sortSubcommands: true, showGlobalOptions: true })
  .option('--allow-newer', 'work on a database that a newer version has added to')
  .option('--new-secret', 'go on with another PORCHLIGHT_SECRET, where the one before is lost')

program
  .command('demo')
  .description('portal, VOMO sandbox and mailbox on this machine, with sample data')
  .addHelpText(
    'after',
    '\nSettings: PORT (3000), SANDBOX_PORT (3001), PORCHLIGHT_DATA (.porchlight). Listens on loopback only.\nThe other commands work on its data, too, with PORCHLIGHT_SECRET="$(cat .porchlight/secret)".',
  )
  .action(async () => {
    const config = readDemoConfig(process.env)
    const tools = {
      clock: Date.now,
      log: openQuietLog(),
      withProvider: true,
      withWebhooks: true,
      ...storeOptions(),
    }
    const demo = await startDemo(config, tools)
    const [first] = demo.described.customers
    const volunteer = first?.volunteers[0] ?? ''
    say(`
  Porchlight is ready.

    Portal    ${demo.portalUrl}     (Riverbend Food Bank)
              ${demo.described.customers[1] ? `http://${demo.described.customers[1].host}` : ''}     (Hillside Shelter)
    Mailbox   ${demo.described.mailbox}     (every email the demo sends)
    Sandbox   ${demo.sandbox.url}/v1     (a stand-in for VOMO)

  Sign in with one of these addresses, then open the link in the mailbox:

${[{ email: volunteer, is: 'volunteer' }, ...(first?.people ?? [])].map(({ email, is }) => `    ${is.padEnd(10)}${email}`).join('\n')}

${describeSingleSignOn(demo.described)}
  Or paste this, and read the email here:

    curl -s -X POST ${demo.portalUrl}/portal/api/sign-in -H 'Origin: ${demo.portalUrl}' -H 'Content-Type: application/json' -d '{"email":"${volunteer}"}' && sleep 1 && curl -s '${demo.portalUrl}/dev/mail.json?to=${encodeURIComponent(volunteer)}'

  Or make a link, as one of their own systems would, and open it in a browser:

    ${describeLinkCall(demo.described, volunteer)}

  More addresses, and the sandbox's tokens: ${config.dataFolder}/demo.json
`)
    stopOnSignal(() => demo.close())
  })

program
  .command('serve')
  .description('the portal in production; see docs/operating.md')
  .addHelpText('after', `\nSettings:\n${settingsHelp()}`)
  .action(async () => {
    // For serve, which reports what it does; commands at a terminal tell of trouble alone.
    const log = openLog(process.stderr, logLevelIn(process.env, 'info'))
    // What a log keeps, others may read, so a link goes to a terminal alone.
    const tellTerminal = process.stdout.isTTY ? say : undefined
    exitOnFaults(log)
    const started = serve(process.env, log, { ...storeOptions(), tellTerminal })
    // From here on, because the portal answers requests a moment before it counts as started.
    stopOnSignal(async (signal) => {
      log.info({ signal }, 'stopping')
      const portal = await started.catch(() => undefined)
      await portal?.close()
      log.info({}, 'stopped')
    })
    await started
  })

const customerCommand = addCustomerCommands(program, { withStore, say })
addWordsCommand(customerCommand, { withStore, say })
addRemoveCommand(customerCommand, { withStore, say })
addFieldCommands(customerCommand, { withStore, say })
addStaffCommands(program, { withStore, say })
addSetupCommand(program, { withStore, say, port: () => readPort(process.env) })
addApplicationCommands(program, { withStore, say })
addLinkCommands(program, { withStore, say })
addMailCommands(program, { withStore, withSmtp, say })
addAuditCommand(program, { withStore, say })
addSecretsCommands(program, { withStore, say })
addPersonCommands(program, { withStore, say })
addProblemCommands(program, { withStore, say })
addProviderCommands(program, { withStore, say })
addVomoCommands(program, { withStore, say })
const copyTools = {
  settings: () => ({ ...readStoreConfig(process.env), ...storeOptions() }),
  clock: Date.now,
  say,
}
addBackupCommands(program, copyTools)
addStoreCommands(program, copyTools)

program
  .command('doctor')
  .description(
    'check the settings, mail and its domain, the proxy, the machine, and each customer’s VOMO, address and providers',
  )
  .option('--json', 'as JSON, for scripts')
  .option('--dkim <selector>', 'where the DKIM key of MAIL_FROM’s domain is in the DNS')
  .action(async (options: { json?: boolean; dkim?: string }) => {
    const given = { ...storeOptions(), dkim: options.dkim }
    const findings = await examineHouse(process.env, openQuietLog(), given)
    say(options.json ? JSON.stringify(findings, null, 2) : findings.map(describeFinding).join('\n'))
    if (findings.some((finding) => !finding.isWell)) process.exitCode = 1
  })

program
  .command('migrate')
  .description('bring the database up to date; serve does this itself')
  .action(() => withStore(async () => say('The database is up to date.')))

program
  .command('sandbox')
  .description('the VOMO stand-in alone, with sample data and the usual limit of 60 calls a minute')
  .option('--webhook <url>', 'where it sends webhooks of the first customer, signed as VOMO’s')
  .option('--webhook-secret <secret>', 'what signs them')
  .addHelpText('after', '\nSettings: SANDBOX_PORT (3001). Listens on loopback only.')
  .action(
    async ({ webhook: url, webhookSecret: secret = '' }: { webhook?: string; webhookSecret?: string }) => {
      const world = makeSampleWorld({ nowMs: Date.now() })
      const [first] = world.customers
      const sandbox = await startSandbox({
        world,
        port: readSandboxPort(process.env),
        ...(first && url !== undefined && { webhooks: { [first.slug]: { url, secret } } }),
      }).catch(cannotListen('SANDBOX_PORT'))
      say(`\n  The VOMO sandbox is ready at ${sandbox.url}/v1\n`)
      for (const customer of world.customers) {
        say(
          `  ${customer.name}:\n    curl -s '${sandbox.url}/v1/users?page=1' -H 'Authorization: Bearer ${customer.vomoToken}'\n`,
        )
      }
      stopOnSignal(() => sandbox.close())
    },
  )

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
})

function describeSingleSignOn({ customers }: DemoDescription): string {
  const found = customers.find((customer) => customer.single_sign_on)
  if (!found) return '  Single sign-on is left out: npm install oidc-provider brings it.\n'
  const [first, second, stranger] = found.single_sign_on ?? []
  return `  Or sign in with the account of an identity provider at http://${found.host}, as:\n
    ${first}
    ${second}
    ${stranger}     (its address is on no record)
`
}

/** A call of the link API, ready to paste. */
function describeLinkCall({ portal, customers: [first] }: DemoDescription, email: string): string {
  const body = JSON.stringify({ email, ip_address: '127.0.0.1', landing_page: 'hub' })
  return `curl -s -X POST ${portal}/v1/users/one-time -H 'Authorization: Bearer ${first?.api_token ?? ''}' -H 'Content-Type: application/json' -d '${body}'`
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StartFailure) return error.message
  if (error instanceof Refusal) {
    const broken = Object.entries(error.fields).map(([field, rule]) => `  ${field} ${rule}`)
    return ['That can’t be done:', ...(broken.length > 0 ? broken : [`  ${error.code}`])].join('\n')
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** The options of every command that opens the database. */
function storeOptions(): DatabaseOptions {
  const { allowNewer = false, newSecret = false } = program.opts<Record<string, boolean | undefined>>()
  return { allowsNewer: allowNewer, hasNewSecret: newSecret }
}

/** For a command that sends email. */
async function withSmtp(work: (smtp: SmtpTransport, from: string) => Promise<void>): Promise<void> {
  const { smtpUrl, mailFrom } = readMailConfig(process.env)
  const smtp = openSmtp({ url: smtpUrl, log: openQuietLog() })
  try {
    await work(smtp, mailFrom)
  } finally {
    await smtp.close()
  }
}

/** For commands that look at the database and exit. */
async function withStore(work: Parameters<OperatorTools['withStore']>[0]): Promise<void> {
  const config = readStoreConfig(process.env)
  const secrets = openSecrets(config.secretRing)
  const clock = Date.now
  const { dataFolder, databaseUrl } = config
  const store = await openDatabase({ dataFolder, databaseUrl, secrets, clock, ...storeOptions() })
  try {
    await work({ store, secrets, clock, log: openQuietLog() })
  } finally {
    await store.close()
  }
}

function settingsHelp(): string {
  return Object.entries(settings)
    .map(([name, setting]) => {
      const { meaning, byDefault }: { meaning: string; byDefault?: string } = setting
      return `  ${name.padEnd(18)} ${meaning}${byDefault === undefined ? '' : ` (${byDefault})`}`
    })
    .join('\n')
}

function describeFinding({ isWell, what, mend }: Finding): string {
  return `${isWell ? 'ok  ' : 'FAIL'} ${what}${mend === undefined ? '' : `\n     ${mend}`}`
}

/** An uncaught error leaves the process in an unknown state. It logs the error and exits; its supervisor starts another. */
function exitOnFaults(log: Log): void {
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(kind, (error: unknown) => {
      log.error({ error }, `${kind}: ending`)
      process.exit(1)
    })
  }
}

/** For commands at a terminal. */
function openQuietLog(): Log {
  return openLog(process.stderr, logLevelIn(process.env, 'warn'))
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function stopOnSignal(close: (signal: string) => Promise<void>): void {
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1)
      isStopping = true
      close(signal).then(
        // Once a start that failed has said why: its exit code stands.
        () => setImmediate(() => process.exit()),
        (error: unknown) => {
          process.stderr.write(`${explain(error)}\n`)
          process.exit(1)
        },
      )
    })
  }
}
