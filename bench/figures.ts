import { readFileSync } from 'node:fs'

/** Above this share of one core used by other processes, a figure is called noisy. */
const quietBelow = 0.25

export type Window = { value: number; foreign: number }

/** Collects a figure's rounds by name, and prints each as one line: `name value unit`, its range, and its goal. */
export function openFigures() {
  const rounds = new Map<string, Window[]>()

  return {
    note(name: string, value: number, foreign = 0): void {
      rounds.set(name, [...(rounds.get(name) ?? []), { value, foreign }])
    },
    of,
    print(name: string, unit: string, wish?: { min?: number; max?: number }): void {
      const figure = of(name)
      if (!figure) {
        process.stdout.write(`${name} - ${unit}  (not measured)\n`)
        return
      }
      const { value, min, max, count } = figure
      const range = count > 1 ? `  (${shown(min)}–${shown(max)}, ${count} rounds)` : ''
      process.stdout.write(
        `${name} ${shown(value)} ${unit}${range}${verdict(value, wish)}${figure.isNoisy ? '  noisy' : ''}\n`,
      )
    },
  }

  function of(name: string) {
    const windows = rounds.get(name)
    if (!windows || windows.length === 0) return undefined
    const values = windows.map(({ value }) => value)
    return {
      value: median(values),
      min: Math.min(...values),
      max: Math.max(...values),
      count: values.length,
      isNoisy: median(windows.map(({ foreign }) => foreign)) > quietBelow,
    }
  }
}

function verdict(value: number, wish: { min?: number; max?: number } | undefined): string {
  if (!wish) return ''
  const { min, max } = wish
  const isMet = (min === undefined || value >= min) && (max === undefined || value <= max)
  const wished = min === undefined ? `at most ${max}` : `at least ${min}`
  return `  wanted: ${wished}, ${isMet ? 'met' : 'NOT MET'}`
}

export function shown(value: number): string {
  if (value >= 1000) return String(Math.round(value))
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

export function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).toSorted(), 0.5)
}

export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/**
 * How many cores other processes used meanwhile: all busy time, less our own.
 *
 * @param ours CPU microseconds of our own processes so far
 */
export async function watchMachine(ours: () => Promise<number>): Promise<() => Promise<number>> {
  const before = { busy: busyTicks(), ours: await ours(), atMs: performance.now() }
  return async () => {
    const busy = busyTicks()
    if (busy === undefined || before.busy === undefined) return 0
    const seconds = (performance.now() - before.atMs) / 1000
    const own = ((await ours()) - before.ours) / 1e6
    return Math.max(0, ((busy - before.busy) / 100 - own) / seconds)
  }
}

function busyTicks(): number | undefined {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
    const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, stolen = 0] = line
      .trim()
      .split(/\s+/)
      .slice(1)
      .map(Number)
    return user + nice + system + irq + softIrq + stolen
  } catch {
    return undefined
  }
}
