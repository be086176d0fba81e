import type { z } from 'zod'
import { type JsonSchema, schemaOf } from './openapi.ts'

/** A field as people read it. `as` names the route whose answer describes its contents. */
export type Field = { name: string; type: string; isRequired: boolean; what: string; as?: string | undefined }

/** JSON Schemas that other answers contain, each with the route that describes it. */
type Known = ReadonlyMap<string, string>

/** The table stops at this depth; openapi.json has the rest. */
const maxDepth = 2

/** The fields of a body or a query. Nested objects use dots, lists use `[]`. */
export function fieldsAsked(schema: z.ZodType): Field[] {
  return fieldsIn(schemaOf(schema, 'input'), { before: '', depth: 1, known: new Map() })
}

/**
 * The fields of an answer, without those that another route's answer describes.
 *
 * @param at.id the route that gives the answer
 */
export function fieldsAnswered(schema: z.ZodType, at: { known: Known; id: string }): Field[] {
  const known = new Map([...at.known].filter(([, id]) => id !== at.id))
  const all = fieldsIn(schemaOf(schema), { before: '', depth: 1, known })
  return all.length <= maxFields ? all : all.filter(({ name }) => !name.includes('.'))
}

/** For a larger schema the table names the parts only; openapi.json has the rest. */
const maxFields = 28

type Nesting = { before: string; depth: number; known: Known }

function fieldsIn(schema: JsonSchema, at: Nesting): Field[] {
  if (schema.anyOf) return alternatives(schema.anyOf, at)
  const required = new Set(schema.required)
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([key, inner]) => {
    const name = at.before + key
    const as = at.known.get(keyOf(itemOf(inner)))
    const what = inner.description ?? ''
    const field = { name, type: typeOf(inner), isRequired: required.has(key), what, as }
    return as === undefined && at.depth < maxDepth ? [field, ...within(inner, name, at)] : [field]
  })
}

/** Merges the alternatives: a field that only some of them require is not required. */
function alternatives(schemas: readonly JsonSchema[], at: Nesting): Field[] {
  const all = schemas.map((each) => fieldsIn(each, at))
  const names = [...new Set(all.flat().map(({ name }) => name))]
  return names.flatMap((name) => {
    const found = all.flatMap((fields) => fields.filter((field) => field.name === name))
    const [first] = found
    const isRequired = found.length === schemas.length && found.every((field) => field.isRequired)
    return first ? [{ ...first, isRequired }] : []
  })
}

function within(schema: JsonSchema, name: string, at: Nesting): Field[] {
  const isList = withoutNull(schema).items !== undefined
  const inner = itemOf(schema)
  return inner.properties
    ? fieldsIn(inner, { ...at, before: `${name}${isList ? '[]' : ''}.`, depth: at.depth + 1 })
    : []
}

/** The element schema of a list; any other schema itself. */
export function itemOf(schema: JsonSchema): JsonSchema {
  const whole = withoutNull(schema)
  return (whole.items as JsonSchema | undefined) ?? whole
}

/** Identifies a schema by its content, not by its name. */
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
