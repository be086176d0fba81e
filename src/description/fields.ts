import type { z } from 'zod'
import { type JsonSchema, schemaOf } from './openapi.ts'

/** A field as people read it. `as` is where what stands in it is described: at the answer of another route. */
export type Field = { name: string; type: string; isRequired: boolean; what: string; as?: string | undefined }

/** Answers that are described by themselves, as JSON Schema, and the routes that give them. */
export type Known = ReadonlyMap<string, string>

/** Deeper than this a table says less than the description for programs does. */
const deepest = 2

/** The fields of a body or a query; those of objects within it by a dot, of lists by `[]`. */
export function fieldsAsked(schema: z.ZodType): Field[] {
  return fieldsIn(schemaOf(schema, 'input'), { before: '', depth: 1, known: new Map() })
}

/**
 * The fields of an answer; what another route answers is not described again.
 *
 * @param at.id the route that gives it
 */
export function fieldsAnswered(schema: z.ZodType, at: { known: Known; id: string }): Field[] {
  const known = new Map([...at.known].filter(([, id]) => id !== at.id))
  const all = fieldsIn(schemaOf(schema), { before: '', depth: 1, known })
  return all.length <= maxFields ? all : all.filter(({ name }) => !name.includes('.'))
}

/** Of a larger one the parts are named, and the description for programs has the rest. */
const maxFields = 40

type At = { before: string; depth: number; known: Known }

function fieldsIn(schema: JsonSchema, at: At): Field[] {
  if (schema.anyOf) return alternatives(schema.anyOf, at)
  const required = new Set(schema.required)
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([key, inner]) => {
    const name = at.before + key
    const as = at.known.get(keyOf(itemOf(inner)))
    const what = inner.description ?? ''
    const field = { name, type: typeOf(inner), isRequired: required.has(key), what, as }
    return as === undefined && at.depth < deepest ? [field, ...within(inner, name, at)] : [field]
  })
}

/** Whichever of them it is: what some of them have, is not required of all. */
function alternatives(schemas: readonly JsonSchema[], at: At): Field[] {
  const all = schemas.map((each) => fieldsIn(each, at))
  const names = [...new Set(all.flat().map(({ name }) => name))]
  return names.flatMap((name) => {
    const found = all.flatMap((fields) => fields.filter((field) => field.name === name))
    const [first] = found
    const isRequired = found.length === schemas.length && found.every((field) => field.isRequired)
    return first ? [{ ...first, isRequired }] : []
  })
}

function within(schema: JsonSchema, name: string, at: At): Field[] {
  const isList = withoutNull(schema).items !== undefined
  const inner = itemOf(schema)
  return inner.properties
    ? fieldsIn(inner, { ...at, before: `${name}${isList ? '[]' : ''}.`, depth: at.depth + 1 })
    : []
}

/** What a list is of; what is no list is itself. */
export function itemOf(schema: JsonSchema): JsonSchema {
  const whole = withoutNull(schema)
  return (whole.items as JsonSchema | undefined) ?? whole
}

/** By what it holds, whatever it is called where it stands. */
export function keyOf(schema: JsonSchema): string {
  return JSON.stringify({ ...schema, description: undefined })
}

/** `string or null`, `one of hub, resume, campaign`, `list of objects` */
function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.length > maxNamed ? 'code' : schema.enum.map(String).join(', ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ')
  if (schema.type === 'array') return `list of ${typeOf((schema.items ?? {}) as JsonSchema)}s`
  return schema.type === undefined ? 'anything' : [schema.type].flat().join(' or ')
}

const maxNamed = 12

function withoutNull(schema: JsonSchema): JsonSchema {
  const others = (schema.anyOf ?? []).filter(({ type }) => type !== 'null')
  const [only] = others
  return only && others.length === 1 ? only : schema
}
