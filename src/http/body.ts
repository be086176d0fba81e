import type { Context } from 'hono'
import type { z } from 'zod'
import { Refusal } from '../errors.ts'

export type Form = { get: (name: string) => string | undefined; names: () => readonly string[] }

/** The fields of a posted form; the first of each name. @throws {Refusal} 'bad_request' for any other kind of body */
export async function readForm(c: Context): Promise<Form> {
  requireType(c, 'application/x-www-form-urlencoded')
  const fields = new URLSearchParams(await c.req.text())
  return { get: (name) => fields.get(name) ?? undefined, names: () => [...new Set(fields.keys())] }
}

/** A posted form that may hold files, and their contents by name. @throws {Refusal} 'bad_request' for any other kind of body */
export async function readFiles(c: Context): Promise<Form & { file: (name: string) => Promise<Uint8Array> }> {
  requireType(c, 'multipart/form-data')
  let fields: FormData
  try {
    fields = await c.req.formData()
  } catch (cause) {
    throw new Refusal('bad_request', { cause })
  }
  return {
    get(name) {
      const value = fields.get(name)
      return typeof value === 'string' ? value : undefined
    },
    names: () => [...new Set(fields.keys())],
    async file(name) {
      const value = fields.get(name)
      return value instanceof File ? new Uint8Array(await value.arrayBuffer()) : new Uint8Array()
    },
  }
}

/**
 * A validated JSON body. Unknown fields are refused, because the sender may rely on a field that we ignore.
 *
 * @throws {Refusal} 'bad_request' when it is not JSON, 'invalid_request' with each field and the rule it breaks
 */
export async function readJson<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  requireType(c, 'application/json')
  let body: unknown
  try {
    body = JSON.parse(await c.req.text())
  } catch (cause) {
    throw new Refusal('bad_request', { cause })
  }
  return checked(schema, body)
}

/** The parsed value. @throws {Refusal} 'invalid_request' with each field and the rule it breaks */
export function checked<Schema extends z.ZodType>(schema: Schema, given: unknown): z.infer<Schema> {
  const read = schema.safeParse(given)
  if (!read.success) throw new Refusal('invalid_request', { fields: firstRules(read.error) })
  return read.data
}

/** Each field, and the first rule it breaks. */
export function firstRules(error: z.ZodError): Record<string, string> {
  const firsts = Object.entries(rulesBroken(error)).map(([field, [first = '']]) => [field, first] as const)
  return Object.fromEntries(firsts)
}

/** Each field, and the rules it breaks. */
export function rulesBroken(error: z.ZodError): Record<string, string[]> {
  const broken = new Map<string, string[]>()
  const note = (field: string, rule: string) => broken.set(field, [...(broken.get(field) ?? []), rule])
  for (const issue of error.issues) {
    if (issue.code !== 'unrecognized_keys') note(issue.path.join('.') || 'body', issue.message)
    else for (const key of issue.keys) note(key, 'This field is not known here.')
  }
  return Object.fromEntries(broken)
}

/** The media type of a body, without its parameters. */
export function mediaTypeOf(c: Context): string | undefined {
  return c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
}

function requireType(c: Context, wanted: string): void {
  if (mediaTypeOf(c) !== wanted)
    throw new Refusal('bad_request', { fields: { 'content-type': `It must be ${wanted}.` } })
}
