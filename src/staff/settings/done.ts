import type { Visited } from '../../customers/visit.ts'
import type { Words } from '../../text/en.ts'

export const settingsPath = '/admin/settings'

/** What a form did, by the word in the address. */
export type SettingsDone = keyof Words['staffSettings']['done']

const outcomes: readonly SettingsDone[] = ['saved', 'unchanged', 'removed']

export function doneIn(c: Visited): SettingsDone | null {
  return outcomes.find((each) => each === c.req.query('done')) ?? null
}
