/**
 * Every field of a line of the log, besides `level`, `time`, `pid`, `hostname` and `msg`, which each line has. docs/operating.md holds
 * the same table, and a test compares them. The types hold every call to it.
 *
 * No field holds a secret, a path or a query as it was asked, a visitor's address, or anything else about a person.
 */
export const logFields = {
  requestId: 'the request it is about, as `X-Request-Id` of its answer says',
  customer: 'the customer’s slug',
  customerId: 'the customer’s id',
  method: 'the request’s method',
  route: 'the pattern of the path that serves the request (`/auth/:secret`), or `none`',
  status: 'the status of the answer, of ours or of VOMO’s',
  ms: 'time from the headers of a request to the end of its answer, in milliseconds',
  isCutOff: '`true` where the asker hung up before the end of the answer',
  error: 'an unexpected error: its type, message and stack',
  settings: 'at the start every setting, secrets as `(set)`; of a customer the names of those that changed',
  customers: 'how many customers are served',
  port: 'the port that is listened on',
  signal: 'the signal that asked the process to stop',
  lost: 'how many lines were thrown away, because the reader of the log was too slow',
  call: 'the purpose of a call to VOMO',
  kind: 'the kind of a job, or of a failure',
  code: 'the system’s word for a failed connection',
  name: 'the type of an error',
  retryAfterMs: 'how long VOMO asked to wait, in milliseconds',
  projects: 'how many projects a customer’s list has',
  missing: 'how many people of the portal VOMO’s list lacks',
  tries: 'how often a job was tried',
  failure: 'what the mail server answered last, or how it could not be reached',
  provider: 'the name of an identity provider',
  detail: 'how it failed',
  because: 'why it signed no one in',
  rule: 'the rule that was broken',
  ended: 'how many sessions were ended',
  found: 'what VOMO knows of a sign-in address that is not on record',
  application: 'the id of a customer’s system',
  lifeMs: 'how long a link lives, in milliseconds',
  proxy: 'the address of a proxy',
  form: 'the form of an entry of `X-Forwarded-For` that could not be read',
  count: 'how often, since the line before',
  metric: 'the metric that could not be read',
} as const satisfies Record<string, string>

export type LogFields = { readonly [Field in keyof typeof logFields]?: unknown }

export type LogLevel = (typeof logLevels)[number]

export const logLevels = ['debug', 'info', 'warn', 'error'] as const

export type Log = Record<LogLevel, (fields: LogFields, message: string) => void>
