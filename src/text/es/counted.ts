import { plural } from '../plural.ts'

const choose = plural('es')
const plainNumber = new Intl.NumberFormat('es-US', { maximumFractionDigits: 2 })

/** "1,204.25" */
export function figure(n: number): string {
  return plainNumber.format(n)
}

/** The noun after a figure: "hora", "horas", and after a round million "de horas". */
export function noun(n: number, one: string, other: string): string {
  return choose(n, { one, many: `de ${other}`, other })
}

/** "3 horas" */
export function counted(n: number, one: string, other: string): string {
  return `${figure(n)} ${noun(n, one, other)}`
}
