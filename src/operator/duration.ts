const unitsMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `10m`, `2h`, `90d`: a whole number and a unit. @returns milliseconds; `undefined` for anything else */
export function readDuration(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? []
  return amount === '' ? undefined : Number(amount) * unitsMs[unit as keyof typeof unitsMs]
}
