import type { Calls } from '../flow/calls.ts'
import { refusalOf } from '../wire/failure.ts'
import { readOne, readPage } from '../wire/read-page.ts'
import { isRecord, readDay, readId, readList, type Wire } from '../wire/values.ts'
import { readFieldName } from './read-user.ts'

/** A field that VOMO sends for some users: its name and the shapes of its values, never a value. */
export type CarriedField = {
  readonly name: string
  /** Each shape seen: `text`, `day`, `number`, `yes or no`, `list of 2`, `object of name, value`, `nothing`. */
  readonly shapes: readonly string[]
}

/** How many users are sampled; each costs a call. */
const maxUsers = 10

/**
 * The custom fields that a customer's VOMO actually sends, sampled from the first users on its list.
 *
 * @throws {Refusal} 'vomo_unavailable'
 */
export function createCarriedFields({ calls }: { calls: Calls }) {
  return async (customerId: string): Promise<CarriedField[]> => {
    try {
      const shapes = new Map<string, Set<string>>()
      const { items } = readPage(await calls.get(customerId, 'project', '/users'))
      for (const id of items.slice(0, maxUsers).map((item) => readId(item.id))) {
        const body =
          id === null ? undefined : await calls.get(customerId, 'project', `/users/${encodeURIComponent(id)}`)
        if (body === undefined) continue
        for (const wire of readList(readOne(body).profile_field_values).filter(isRecord)) note(wire, shapes)
      }
      return [...shapes].map(([name, met]) => ({ name, shapes: [...met] }))
    } catch (error) {
      throw refusalOf(error)
    }
  }
}

function note(wire: Wire, shapes: Map<string, Set<string>>): void {
  const name = readFieldName(wire)
  if (name === null) return
  const met = shapes.get(name) ?? new Set()
  shapes.set(name, met.add(shapeOf(wire.value ?? wire.values)))
}

function shapeOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing'
  if (Array.isArray(value)) return `list of ${value.length}`
  if (isRecord(value)) return `object of ${Object.keys(value).join(', ')}`
  if (typeof value === 'boolean') return 'yes or no'
  if (typeof value === 'number') return 'number'
  return readDay(value) === null ? 'text' : 'day'
}
