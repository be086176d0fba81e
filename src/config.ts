import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { addressRules, readAddress } from './address.ts'
import { type Cidr, readCidr } from './http/network.ts'
import type { ScrapeSettings } from './http/scraping.ts'
import { defaultKeepAliveSeconds } from './http/server.ts'
import { type LogLevel, logLevels } from './log/log.ts'
import { readSmtpUrl } from './mail/smtp-url.ts'
import { minSecretBytes } from './secrets.ts'
import { defaultRetentionHours } from './vomo/people/person-shelf.ts'

/** Where the database is. */
type DatabaseConfig = {
  dataFolder: string
  /** A database on PostgreSQL in place of the data folder's. */
  databaseUrl?: string
}

export type DemoConfig = DatabaseConfig & { port: number; sandboxPort: number; metrics: ScrapeSettings }

export type ServeConfig = DatabaseConfig & {
  port: number
  /** Addresses to listen on. */
  hosts: string[]
  keepAliveMs: number
  /** The first seals, all open. */
  secretRing: string[]
  trustedProxies: Cidr[]
  smtpUrl: string
  /** The sender address of emails; the name beside it is the customer's. */
  mailFrom: string
  metrics: ScrapeSettings
  /** Where the operator's page is served. */
  operatorListen?: { port: number; host: string }
  retentionMs: number
}

type Setting = { meaning: string; byDefault?: string; isSecret?: boolean }

/** Every setting: its meaning, and how it is printed. docs/operating.md holds the same table, and a test compares them. */
export const settings = {
  PORT: { meaning: 'port to listen on', byDefault: '3000' },
  LISTEN_ON: { meaning: 'addresses to listen on, separated by commas', byDefault: '127.0.0.1,::1' },
  KEEP_ALIVE_SECONDS: {
    meaning: 'how long an idle connection is kept; longer than the proxy in front keeps its own',
    byDefault: String(defaultKeepAliveSeconds),
  },
  PORCHLIGHT_DATA: { meaning: 'folder of the database', byDefault: '.porchlight' },
  DATABASE_URL: {
    meaning:
      'database on PostgreSQL, `postgres://user:password@host/name`; where it is not set, it is SQLite in the folder',
    isSecret: true,
  },
  PORCHLIGHT_SECRET: {
    meaning:
      'secrets of 32 bytes or more, separated by commas: the first seals and hashes, all are tried when reading',
    isSecret: true,
  },
  TRUSTED_PROXIES: {
    meaning: 'addresses or CIDR blocks of the proxies in front, separated by commas, or `none`',
  },
  SMTP_URL: { meaning: 'mail server, `smtps://user:password@host` or `smtp://host:587`', isSecret: true },
  MAIL_FROM: { meaning: 'address that emails come from' },
  RECORD_RETENTION_HOURS: {
    meaning:
      'how long a person’s VOMO record is kept in the database, sealed, after VOMO was last asked for it, from 0 to 24; 0 keeps it in memory only',
    byDefault: String(defaultRetentionHours),
  },
  LOG_LEVEL: { meaning: '`debug`, `info`, `warn` or `error`', byDefault: 'info' },
  METRICS_LISTEN: {
    meaning:
      'address and port that serve only `/metrics`, as `127.0.0.1:9464`; where it is not set, nothing does',
  },
  METRICS_TOKEN: {
    meaning:
      'bearer token of 32 characters or more, for which the portal serves `/metrics`; where it is not set, it does not',
    isSecret: true,
  },
  OPERATOR_LISTEN: {
    meaning:
      'address and port that serve only the operator’s page, `/operator`, as `127.0.0.1:9465`; where it is not set, nothing does',
  },
  SANDBOX_PORT: { meaning: 'port of the VOMO stand-in (demo and sandbox only)', byDefault: '3001' },
} as const satisfies Record<string, Setting>

type SettingName = keyof typeof settings
type Environment = Readonly<Record<string, string | undefined>>

/** All mistakes in the environment at once: each names its variable and what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(`These settings can’t be right:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
    this.mistakes = mistakes
  }
}

/**
 * Settings of `porchlight serve`.
 *
 * @throws {ConfigError} with every mistake
 */
export function readServeConfig(env: Environment): ServeConfig {
  return reading(env, (read) => {
    const operatorListen = read.optional('OPERATOR_LISTEN', readAddressAndPort)
    const config = {
      port: read.port('PORT'),
      hosts: read.list('LISTEN_ON', (text) => text),
      keepAliveMs: read.whole('KEEP_ALIVE_SECONDS', { from: 1, to: 3600 }) * 1000,
      ...readDatabase(read),
      secretRing: read.secrets(),
      trustedProxies:
        env['TRUSTED_PROXIES']?.trim() === 'none' ? [] : read.list('TRUSTED_PROXIES', readProxy),
      ...readMail(read),
      retentionMs: read.whole('RECORD_RETENTION_HOURS', { from: 0, to: defaultRetentionHours }) * 3_600_000,
      metrics: readMetrics(read),
      ...(operatorListen && { operatorListen }),
    }
    refuseSharedPort(read, config)
    const operatorPort = operatorListen?.port || undefined
    if (operatorPort !== undefined && [config.port, config.metrics.listenOn?.port].includes(operatorPort))
      read.mistake('OPERATOR_LISTEN must have another port than PORT and METRICS_LISTEN.')
    // It stands in the settings of the system that scrapes, which must not open what is sealed.
    if (config.secretRing.includes(config.metrics.token ?? ''))
      read.mistake('METRICS_TOKEN must differ from PORCHLIGHT_SECRET.')
    return config
  })
}

/** How much the log tells. A text that is no level is a mistake that reading the settings reports, in the log's usual words. */
export function logLevelIn(env: Environment, byDefault: LogLevel): LogLevel {
  return logLevels.find((level) => level === env['LOG_LEVEL']?.trim()) ?? byDefault
}

/** Settings of the operator's commands: the database and its secrets. @throws {ConfigError} */
export function readStoreConfig(env: Environment): Pick<ServeConfig, keyof DatabaseConfig | 'secretRing'> {
  return reading(env, (read) => ({
    ...readDatabase(read),
    secretRing: read.secrets(),
  }))
}

/** The port that `serve` listens on. @throws {ConfigError} */
export function readPort(env: Environment): number {
  return reading(env, (read) => read.port('PORT'))
}

/** Settings of the commands that send email. @throws {ConfigError} */
export function readMailConfig(env: Environment): Pick<ServeConfig, 'smtpUrl' | 'mailFrom'> {
  return reading(env, readMail)
}

/** Settings of the demo. @throws {ConfigError} */
export function readDemoConfig(env: Environment): DemoConfig {
  return reading(env, (read) => {
    const config = {
      port: read.port('PORT'),
      sandboxPort: read.port('SANDBOX_PORT'),
      ...readDatabase(read),
      metrics: readMetrics(read),
    }
    if (config.port === config.sandboxPort && config.port !== 0)
      read.mistake('SANDBOX_PORT must differ from PORT.')
    refuseSharedPort(read, config)
    return config
  })
}

/** @throws {ConfigError} */
export function readSandboxPort(env: Environment): number {
  return reading(env, (read) => read.port('SANDBOX_PORT'))
}

/** The settings as a log may show them: secrets as `(set)`. */
export function describeSettings(env: Environment): Record<string, string> {
  const described: Record<string, string> = {}
  for (const name of Object.keys(settings) as SettingName[]) {
    const setting: Setting = settings[name]
    const text = env[name]
    described[name] = text ? (setting.isSecret ? '(set)' : text) : (setting.byDefault ?? '(not set)')
  }
  return described
}

function readDatabase(read: Reader): DatabaseConfig {
  const databaseUrl = read.optional('DATABASE_URL', readDatabaseUrl)
  return {
    dataFolder: resolve(read.text('PORCHLIGHT_DATA')),
    ...(databaseUrl !== undefined && { databaseUrl }),
  }
}

function readDatabaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '' && url.pathname.length > 1)
    return text
  throw new Error('it must look like postgres://user:password@host:5432/name')
}

function readMail(read: Reader): Pick<ServeConfig, 'smtpUrl' | 'mailFrom'> {
  return {
    smtpUrl: read.checked('SMTP_URL', mistakeInSmtpUrl),
    mailFrom: read.checked('MAIL_FROM', mistakeInAddress),
  }
}

function readMetrics(read: Reader): ScrapeSettings {
  const listenOn = read.optional('METRICS_LISTEN', readAddressAndPort)
  const token = read.optional('METRICS_TOKEN', readMetricsToken)
  return { ...(listenOn && { listenOn }), ...(token !== undefined && { token }) }
}

function refuseSharedPort(read: Reader, { port, metrics }: { port: number; metrics: ScrapeSettings }): void {
  if (port !== 0 && metrics.listenOn?.port === port)
    read.mistake('METRICS_LISTEN must have another port than PORT.')
}

function readAddressAndPort(text: string): { host: string; port: number } {
  const [, inBrackets, bare, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? []
  const host = inBrackets ?? bare ?? ''
  const port = Number(digits)
  if (isIP(host) !== (inBrackets === undefined ? 4 : 6) || port > 65535)
    throw new Error('it must be an address and a port (127.0.0.1:9464, [::1]:9464)')
  return { host, port }
}

function readLogLevel(text: string): LogLevel {
  const level = logLevels.find((each) => each === text)
  if (level) return level
  throw new Error(`it must be ${settings.LOG_LEVEL.meaning}`)
}

function readMetricsToken(text: string): string {
  if (/^[\w.~+/=-]{32,}$/.test(text)) return text
  throw new Error(
    'it must have at least 32 characters, of letters, digits and -._~+/= alone; try `openssl rand -base64 48`',
  )
}

function mistakeInSmtpUrl(text: string): string | undefined {
  const peer = readSmtpUrl(text)
  return 'mistake' in peer ? peer.mistake : undefined
}

function readProxy(text: string): Cidr {
  try {
    return readCidr(text)
  } catch {
    throw new Error('each must be an address or a CIDR block (10.0.0.0/8), or the whole must be `none`')
  }
}

type Reader = ReturnType<typeof readerOf>

function reading<Config>(env: Environment, read: (reader: Reader) => Config): Config {
  const mistakes: string[] = []
  const reader = readerOf(env, mistakes)
  const config = read(reader)
  reader.optional('LOG_LEVEL', readLogLevel)
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return config
}

function readerOf(env: Environment, mistakes: string[]) {
  function text(name: SettingName): string {
    const setting: Setting = settings[name]
    const value = env[name]?.trim() || setting.byDefault
    if (value === undefined) {
      mistakes.push(`${name} must be set: ${setting.meaning}.`)
      return ''
    }
    return value
  }

  function list<Item>(name: SettingName, toItem: (text: string) => Item): Item[] {
    const value = text(name)
    const items = value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
    if (items.length === 0 && value !== '') mistakes.push(`${name} must name at least one.`)
    return understood(name, () => items.map(toItem)) ?? []
  }

  /** @param read throws with the rule that the value breaks */
  function understood<Value>(name: SettingName, read: () => Value): Value | undefined {
    try {
      return read()
    } catch (error) {
      // The value itself may be a secret, so only the rule is named.
      mistakes.push(`${name}: ${error instanceof Error ? error.message : 'not understood'}.`)
      return undefined
    }
  }

  return {
    text,
    mistake: (mistake: string) => void mistakes.push(mistake),

    port(name: SettingName): number {
      const value = text(name)
      const port = Number(value)
      if (!/^\d+$/.test(value) || port > 65535)
        mistakes.push(`${name} must be a port number from 0 to 65535.`)
      return port
    },

    whole(name: SettingName, { from, to }: { from: number; to: number }): number {
      const value = text(name)
      const number = Number(value)
      if (!/^\d+$/.test(value) || number < from || number > to)
        mistakes.push(`${name} must be a whole number from ${from} to ${to}.`)
      return number
    },

    /** @param check returns the end of a sentence: what the value must be; `undefined` when it is right */
    checked(name: SettingName, check: (text: string) => string | undefined): string {
      const value = text(name)
      const mistake = value === '' ? undefined : check(value)
      if (mistake !== undefined) mistakes.push(`${name} ${mistake}.`)
      return value
    },

    list,

    /** `undefined` when it is not set. */
    optional<Value>(name: SettingName, toValue: (text: string) => Value): Value | undefined {
      const value = env[name]?.trim()
      return value ? understood(name, () => toValue(value)) : undefined
    },

    secrets: () =>
      list('PORCHLIGHT_SECRET', (secret) => {
        if (Buffer.byteLength(secret) >= minSecretBytes) return secret
        throw new Error(`each must have at least ${minSecretBytes} bytes; try \`openssl rand -base64 48\``)
      }),
  }
}

function mistakeInAddress(text: string): string | undefined {
  const read = readAddress(text)
  if (typeof read === 'string') return addressRules[read]
  return read.shown === text ? undefined : addressRules.impossible
}
