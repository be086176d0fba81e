import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { openLog } from './output.ts'

/** A stream whose reader takes nothing until it is let go. */
function slowStream() {
  const taken: string[] = []
  const waiting: (() => void)[] = []
  let isSlow = true
  const out = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      taken.push(text)
      if (isSlow) waiting.push(done)
      else done()
    },
  })
  return {
    out,
    taken,
    letGo() {
      isSlow = false
      for (const done of waiting) done()
    },
  }
}

it('what a slow reader leaves is kept up to a limit, and how much was thrown away is said', async () => {
  const { out, taken, letGo } = slowStream()
  const log = openLog(out, 'info')
  const text = 'x'.repeat(1000)
  for (let i = 0; i < 5_000; i += 1) log.info({ detail: text }, 'a long line')
  expect(out.writableLength).toBeLessThan(1_100_000)
  letGo()
  await expect.poll(() => out.writableLength).toBe(0)
  log.info({}, 'the next line')
  await expect.poll(() => taken.join('')).toContain('were thrown away')
  const lines = taken
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string; lost?: number })
  const kept = lines.filter(({ msg }) => msg === 'a long line').length
  expect(lines.find(({ lost }) => lost !== undefined)?.lost).toBe(5_000 - kept)
  expect(lines.some(({ msg }) => msg === 'the next line')).toBe(true)
})

it('a stream that fails, or throws as a file on a full disk does, costs its lines alone', async () => {
  for (const write of [
    (_text: unknown, _encoding: unknown, done: (error: Error) => void) => done(new Error('EPIPE')),
    () => {
      throw new Error('ENOSPC')
    },
  ]) {
    const log = openLog(new Writable({ write }), 'info')
    log.error({}, 'a line')
    await new Promise((resolve) => setTimeout(resolve, 60))
    log.error({}, 'another line')
  }
})

it('a line below the level is not written', async () => {
  const { out, taken, letGo } = slowStream()
  letGo()
  const log = openLog(out, 'warn')
  log.info({}, 'quiet')
  log.warn({}, 'loud')
  await expect.poll(() => taken.join('')).toContain('loud')
  expect(taken.join('')).not.toContain('quiet')
})
