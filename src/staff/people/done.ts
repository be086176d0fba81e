import type { Words } from '../../text/en.ts'

/** What a form of a person's page did, by the word in the address. */
export type Done = keyof Words['staffPeople']['done']

const all = {
  sent: true,
  ended: true,
  off: true,
  on: true,
  shown: true,
  another_address: true,
  denied: true,
  not_understood: true,
  unavailable: true,
  not_asked: true,
  not_now: true,
  yourself: true,
  preview_over: true,
} satisfies Record<Done, true>

export function isDone(word: string | undefined): word is Done {
  return word !== undefined && Object.hasOwn(all, word)
}
