import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second. */
const microsecondsPerTick = 10_000

/** CPU time so far of a process, and of those it has started, which may have ended. */
export function cpuOfTree(pid: number): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .reduce((sum, stat) => {
      if (stat?.pid !== pid && stat?.parent !== pid) return sum
      return sum + (stat.pid === pid ? stat.own + stat.ended : stat.own) * microsecondsPerTick
    }, 0)
}

/** `undefined` for a process that has ended. */
function statOf(pid: number): { pid: number; parent: number; own: number; ended: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before it, in parentheses, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number)
    return { pid, parent: Number(fields[1]), own: user + system, ended: endedUser + endedSystem }
  } catch {
    return undefined
  }
}
