import { z } from 'zod'
import { oneTimeRefusal } from '../link-api/one-time/fields.ts'
import { envelope } from '../link-api/rownd/operations.ts'
import { en } from '../text/en.ts'
import { type Operation, operations, problem, proofs, securitySchemes } from './operations.ts'

const tags = {
  portal: en.apiDocs.parts.portal,
  vomo: en.apiDocs.parts.vomo,
  rownd: en.apiDocs.parts.rownd,
} as const

export type Part = keyof typeof tags

export function partOf(route: string): Part {
  const path = route.split(' ')[1] ?? ''
  return path.startsWith('/portal/') ? 'portal' : path.startsWith('/v1/') ? 'vomo' : 'rownd'
}

/** `/applications/{app}/users` */
export function pathOf(route: string): string {
  return (route.split(' ')[1] ?? '').replaceAll(/:(\w+)/g, '{$1}')
}

/**
 * OpenAPI 3.1. zod writes its schemas, which are JSON Schema.
 *
 * @param about.version of the product
 * @param about.origin of the portal that serves the description
 */
export function describeApi(about: { version: string; origin: string }): object {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [route, operation] of Object.entries(operations)) {
    const method = (route.split(' ')[0] ?? '').toLowerCase()
    const path = pathOf(route)
    paths[path] = { ...paths[path], [method]: describeOperation(route, operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Porchlight API',
      version: about.version,
      description: en.apiDocs.lede,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: about.origin, description: en.apiDocs.server }],
    tags: Object.entries(tags).map(([name, { title, lede }]) => ({ name, description: `${title}. ${lede}` })),
    paths,
    components: {
      securitySchemes,
      schemas: Object.fromEntries(errorFormats.map(({ name, schema }) => [name, schemaOf(schema)])),
    },
  }
}

function describeOperation(route: string, operation: Operation): object {
  const { id, does, needs, query, body, form, status, answer } = operation
  const inPath = [...route.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: schemaOf(schema, 'input'),
  }))
  const [summary = ''] = /^.*?[.:](?= |$)/.exec(does) ?? [does]
  return {
    operationId: id,
    tags: [partOf(route)],
    summary: summary.replace(/[.:]$/, ''),
    description: does,
    security: needs === 'nothing' ? [] : [Object.fromEntries(proofs[needs].map((scheme) => [scheme, []]))],
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: schemaOf(body, 'input') },
          ...(form && { 'application/x-www-form-urlencoded': { schema: schemaOf(form.body, 'input') } }),
        },
      },
    }),
    responses: {
      [status]: {
        description: en.apiDocs.answer(status),
        ...(answer && { content: { 'application/json': { schema: eitherOf(answer, form?.answer) } } }),
      },
      ...describeRefusals(operation),
    },
  }
}

/** The error formats, by the part of the API that uses each. */
const errorFormats = [
  { name: 'Problem', schema: problem },
  { name: 'OneTimeError', schema: oneTimeRefusal },
  { name: 'RowndError', schema: envelope },
] as const

function describeRefusals({ refuses, refusal = problem, form }: Operation): object {
  const known = errorFormats.find(({ schema }) => schema === refusal)
  if (!known) throw new Error('a way to tell trouble without a name')
  const schema = { $ref: `#/components/schemas/${known.name}` }
  const type = refusal === problem ? 'application/problem+json' : 'application/json'
  const content = { [type]: { schema: form ? { anyOf: [schema, schemaOf(form.refusal)] } : schema } }
  const named = Object.entries(refuses).map(([status, codes]) => [
    status,
    { description: codes.join(', '), content },
  ])
  return Object.fromEntries(named)
}

/** A body schema for JSON or for a form. */
function eitherOf(toJson: z.ZodType, toForm: z.ZodType | undefined): object {
  return schemaOf(toForm ? z.union([toJson, toForm]) : toJson)
}

/** Drops `$schema`: OpenAPI states the dialect once. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): JsonSchema {
  const { $schema: _, ...shown } = z.toJSONSchema(schema, { io })
  return shown
}

export type JsonSchema = z.core.JSONSchema.BaseSchema
