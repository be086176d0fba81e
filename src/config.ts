import { resolve } from 'node:path'

export type DemoConfig = { port: number; sandboxPort: number; dataFolder: string }

/** Mistakes in the environment, all at once: each names its variable and what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(`These settings cannot be right:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
    this.mistakes = mistakes
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Settings of the demo: `PORT` (default 3000), `SANDBOX_PORT` (default 3001), `PORCHLIGHT_DATA` (default `.porchlight`).
 *
 * @throws {ConfigError}
 */
export function readDemoConfig(env: Environment): DemoConfig {
  const mistakes: string[] = []
  const port = readPort(env, 'PORT', 3000, mistakes)
  const sandboxPort = readPort(env, 'SANDBOX_PORT', 3001, mistakes)
  if (port === sandboxPort && port !== 0) mistakes.push('SANDBOX_PORT must differ from PORT.')
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return { port, sandboxPort, dataFolder: resolve(env['PORCHLIGHT_DATA'] || '.porchlight') }
}

/** @throws {ConfigError} */
export function readSandboxPort(env: Environment): number {
  const mistakes: string[] = []
  const port = readPort(env, 'SANDBOX_PORT', 3001, mistakes)
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return port
}

function readPort(env: Environment, name: string, byDefault: number, mistakes: string[]): number {
  const text = env[name]
  if (text === undefined || text === '') return byDefault
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65535)
    mistakes.push(`${name} must be a port number from 0 to 65535, not "${text}".`)
  return port
}
