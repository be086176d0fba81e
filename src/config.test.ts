import { describe, expect, it } from 'vitest'
import { ConfigError, describeSettings, readDemoConfig, readServeConfig } from './config.ts'

const secret = 'k3Jw8uQz'.repeat(5)
const right = {
  PORCHLIGHT_SECRET: secret,
  TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7',
  SMTP_URL: 'smtps://user:word@mail.example.org',
  MAIL_FROM: 'no-reply@example.org',
}

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    readServeConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
  }
  return []
}

describe('the settings of serve', () => {
  it('are read with their defaults', () => {
    const config = readServeConfig(right)
    expect(config).toMatchObject({ port: 3000, hosts: ['127.0.0.1', '::1'], secretRing: [secret] })
    expect(config.trustedProxies.map(([address, bits]) => `${address.toString()}/${bits}`)).toEqual([
      '10.0.0.0/8',
      '192.0.2.7/32',
    ])
    expect(readServeConfig({ ...right, TRUSTED_PROXIES: 'none' }).trustedProxies).toEqual([])
    expect(config.metrics).toEqual({})
    const METRICS_TOKEN = 'a'.repeat(32)
    expect(readServeConfig({ ...right, METRICS_LISTEN: '[::1]:9464', METRICS_TOKEN }).metrics).toEqual({
      listenOn: { host: '::1', port: 9464 },
      token: METRICS_TOKEN,
    })
  })

  it('are all named at once when they are missing, none guessed', () => {
    const mistakes = mistakesOf({})
    for (const name of Object.keys(right))
      expect(mistakes.some((mistake) => mistake.startsWith(name))).toBe(true)
    expect(mistakes).toHaveLength(4)
  })

  it.each([
    ['PORT', '70000'],
    ['PORT', '3e3'],
    ['KEEP_ALIVE_SECONDS', 'for ever'],
    ['PORCHLIGHT_SECRET', 'short'],
    ['PORCHLIGHT_SECRET', `${secret},short`],
    ['TRUSTED_PROXIES', '10.0.0.0/99'],
    ['TRUSTED_PROXIES', 'loadbalancer'],
    ['TRUSTED_PROXIES', '77'],
    ['SMTP_URL', 'https://mail.example.org'],
    ['SMTP_URL', 'mail.host.test'],
    ['MAIL_FROM', 'Somebody <a@example.org>'],
    ['MAIL_FROM', 'nobody'],
    ['METRICS_LISTEN', '9464'],
    ['METRICS_LISTEN', 'metrics.example:9464'],
    ['METRICS_LISTEN', '127.0.0.1'],
    ['METRICS_LISTEN', '127.0.0.1:94640'],
    ['METRICS_LISTEN', '::1:9464'],
    ['METRICS_LISTEN', '127.0.0.1:9464,127.0.0.1:9465'],
    ['METRICS_LISTEN', '127.0.0.1:3000'],
    ['OPERATOR_LISTEN', '9465'],
    ['OPERATOR_LISTEN', '127.0.0.1:3000'],
    ['METRICS_TOKEN', 'short'],
    ['METRICS_TOKEN', 'a token with spaces, which no header holds'],
    ['METRICS_TOKEN', secret],
  ])('%s=%s is refused by name, and no value is repeated', (name, value) => {
    const [mistake = '', ...more] = mistakesOf({ ...right, [name]: value })
    expect(more).toEqual([])
    expect(mistake).toMatch(new RegExp(`^${name}`))
    expect(mistake.replace('65535', '').replace('(127.0.0.1:9464, [::1]:9464)', '')).not.toContain(value)
  })

  it('row 20: an operator reads sentences: each mistake ends in one full stop', () => {
    const wrong = { PORT: 'x', LISTEN_ON: ',', PORCHLIGHT_SECRET: 'x', TRUSTED_PROXIES: 'x', MAIL_FROM: 'x' }
    const urls = [
      'x',
      'smtp://',
      'smtp://a/b',
      'smtp://a@b',
      'smtp://a:b#c@d',
      'smtp://a?x=y',
      'smtps://a?x=y',
    ]
    const mistakes = [{}, wrong, ...urls.map((SMTP_URL) => ({ ...right, SMTP_URL }))].flatMap(mistakesOf)
    expect(mistakes.length).toBeGreaterThan(14)
    for (const mistake of mistakes) expect(mistake).toMatch(/[^.…]\.$/)
  })

  it('are printed without their secrets', () => {
    const printed = JSON.stringify(describeSettings(right))
    expect(printed).toContain('"PORCHLIGHT_SECRET":"(set)"')
    expect(printed).toContain('"SMTP_URL":"(set)"')
    expect(printed).not.toContain(secret)
    expect(printed).not.toContain('word')
  })
})

it('the demo does not share one port with its sandbox', () => {
  expect(() => readDemoConfig({ PORT: '3000', SANDBOX_PORT: '3000' })).toThrow('differ')
})
