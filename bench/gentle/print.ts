import { openFigures, quantile } from '../figures.ts'

/** Prints a figure, and whether it is as wanted. */
export type Put = (what: string, value: number, unit: string, wish?: { min?: number; max?: number }) => void

/** Each line begins with the row and its engine. */
export function openPut(row: string): Put {
  const figures = openFigures()
  return (what, value, unit, wish) => {
    const name = `${row}: ${what}`
    figures.note(name, value)
    figures.print(name, unit, wish)
  }
}

export function p50(values: readonly number[]): number {
  return quantile(Float64Array.from(values).toSorted(), 0.5)
}

export function p99(values: readonly number[]): number {
  return quantile(Float64Array.from(values).toSorted(), 0.99)
}
