import { findJsonFault } from '../../http/json-fault.ts'
import { isObject } from '../body.ts'
import { isEmail } from '../world/people.ts'

/** A posted body, read as a stock Laravel reads it. */

export type Fields = Record<string, unknown>
export type Faults = ReturnType<typeof makeFaults>

/** Collects errors, in Laravel's words. */
export function makeFaults() {
  const errors: Record<string, string[]> = {}
  return {
    errors,
    areFound: () => Object.keys(errors).length > 0,
    add(name: string, rule: string) {
      errors[name] = [rule]
    },
  }
}

/** A value after Laravel's middleware: trimmed, and absent when nothing is left. */
export function present(value: unknown): unknown {
  const trimmed = typeof value === 'string' ? value.trim() : value
  return trimmed === '' || trimmed === null ? undefined : trimmed
}

/** @returns undefined after it adds an error, when the email is missing or malformed */
export function readEmail(body: Fields, faults: Faults): string | undefined {
  const email = present(body.email)
  if (typeof email === 'string' && isEmail(email)) return email
  faults.add(
    'email',
    email === undefined ? 'The email field is required.' : 'The email must be a valid email address.',
  )
  return undefined
}

/** @returns the error in words when the text is not JSON */
export function parseObject(text: string): Fields | string {
  const fault = text.trim() === '' ? undefined : findJsonFault(text)
  if (fault) {
    const { line, column, found, expected } = fault
    return `The body is not valid JSON: line ${line}, column ${column} has ${found} in place of ${expected}.`
  }
  const body: unknown = text.trim() === '' ? {} : JSON.parse(text)
  return isObject(body) ? body : {}
}
