import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { z } from 'zod'
import { frameOf } from './customers/site.ts'
import type { Visit } from './customers/visit.ts'
import { refusals } from './errors.ts'
import { rowndOperations } from './link-api/rownd/operations.ts'
import { oneTimeAnswer, oneTimeBody, oneTimeRefusal } from './link-api/vomo/fields.ts'
import { Page, renderPage } from './page/layout.tsx'
import { askAnswer, askBody, completeAnswer, completeBody } from './sign-in/bodies.ts'
import { en } from './text/en.ts'
import { english } from './text/languages.ts'
import { exportAnswer, exportQuery, sessionsAnswer } from './volunteer/account/answers.ts'
import {
  certificatesAnswer,
  groupsAnswer,
  hoursAnswer,
  limitsAnswer,
  opportunitiesAnswer,
  participationsAnswer,
  recordAnswer,
  shiftsAnswer,
} from './volunteer/answers.ts'
import { handOffAnswer, handOffBody } from './volunteer/hand-off/bodies.ts'
import { filterQuery } from './volunteer/hours/filters.ts'
import { opportunityQuery } from './volunteer/opportunities/filter.ts'
import { profileBody } from './volunteer/profile/body.ts'

type Operation = {
  does: string
  /** What a call carries: a session in its cookie, a token of the link API, or what the Rownd form asks for. */
  needs: keyof typeof proofs
  query?: z.ZodObject
  body?: z.ZodType
  /** Another content type, with an answer and a way to refuse of its own. */
  form?: { body: z.ZodType; answer: z.ZodType; refusal: z.ZodType }
  status: 200 | 201 | 202 | 204
  answer?: z.ZodType
  /** How trouble is told, where it is no problem of RFC 9457. */
  refusal?: z.ZodType
}

const inHeader = (name: string) => ({ type: 'apiKey', in: 'header', name }) as const

const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: 'porchlight_session' },
  token: { type: 'http', scheme: 'bearer' },
  app_key: inHeader('x-rownd-app-key'),
  app_secret: inHeader('x-rownd-app-secret'),
  access_token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
} as const

/** What a call may have to carry, by the schemes it takes together. */
const proofs = {
  nothing: [],
  session: ['session'],
  token: ['token'],
  key: ['app_key'],
  secret: ['app_key', 'app_secret'],
  bearer: ['access_token'],
} as const satisfies Record<string, readonly (keyof typeof securitySchemes)[]>

/** Every JSON route, by method and path: the schemas are those that check its requests, and hold its answers in tests. */
export const operations: Record<string, Operation> = {
  'POST /portal/api/sign-in': {
    does: 'Asks for a sign-in mail. The answer is the same for every address; it sets the cookie porchlight_asked.',
    needs: 'nothing',
    body: askBody,
    status: 202,
    answer: askAnswer,
  },
  'POST /portal/api/sign-in/complete': {
    does: 'Signs in by the code or the link of a mail, and sets the session cookie.',
    needs: 'nothing',
    body: completeBody,
    status: 200,
    answer: completeAnswer,
  },
  'DELETE /portal/api/session': { does: 'Signs out.', needs: 'nothing', status: 204 },
  'GET /portal/api/me': {
    does: 'The volunteer’s own record, as far as it is shown.',
    needs: 'session',
    status: 200,
    answer: recordAnswer,
  },
  'PATCH /portal/api/me': {
    does: 'Changes the volunteer’s own record in VOMO, where the organisation allows it. What VOMO changed meanwhile is not written over: profile_changed, with both values in conflicts.',
    needs: 'session',
    body: profileBody,
    status: 200,
    answer: recordAnswer,
  },
  'GET /portal/api/me/participations': {
    does: 'Every sign-up, the latest first, 25 a page.',
    needs: 'session',
    query: filterQuery,
    status: 200,
    answer: participationsAnswer,
  },
  'GET /portal/api/me/hours': {
    does: 'The hours that count, by year, month, campaign, organisation and role, and what does not count and why.',
    needs: 'session',
    status: 200,
    answer: hoursAnswer,
  },
  'GET /portal/api/me/shifts': {
    does: 'What lies ahead.',
    needs: 'session',
    status: 200,
    answer: shiftsAnswer,
  },
  'GET /portal/api/me/sessions': {
    does: 'Where the volunteer is signed in: browsers, roughly, and since when.',
    needs: 'session',
    status: 200,
    answer: sessionsAnswer,
  },
  'DELETE /portal/api/me/sessions/:id': {
    does: 'Signs one of the volunteer’s own browsers out. Any other id is not found.',
    needs: 'session',
    status: 204,
  },
  'GET /portal/api/me/export': {
    does: 'Everything kept about the volunteer, as a file; what is left out is named in it.',
    needs: 'session',
    query: exportQuery,
    status: 200,
    answer: exportAnswer,
  },
  'GET /portal/api/me/certificates': {
    does: 'What the volunteer holds, where VOMO says so, and what there is to hold.',
    needs: 'session',
    status: 200,
    answer: certificatesAnswer,
  },
  'GET /portal/api/me/groups': {
    does: 'The groups the volunteer is in, from an index made a few times a day.',
    needs: 'session',
    status: 200,
    answer: groupsAnswer,
  },
  'GET /portal/api/opportunities': {
    does: 'What anybody may sign up for in VOMO, the next first, 20 a page.',
    needs: 'session',
    query: opportunityQuery,
    status: 200,
    answer: opportunitiesAnswer,
  },
  'GET /portal/api/limits': {
    does: 'What cannot be done here, why, and where it can.',
    needs: 'session',
    status: 200,
    answer: limitsAnswer,
  },
  'POST /portal/api/open-in-vomo': {
    does: 'A link that carries the volunteer on into VOMO, once. Where there is none, the problem’s url is where to sign in instead.',
    needs: 'session',
    body: handOffBody,
    status: 201,
    answer: handOffAnswer,
  },
  'POST /v1/users/one-time': {
    does: 'A link that signs one person in here, once, from one address: VOMO’s own call, for an organisation’s systems.',
    needs: 'token',
    body: oneTimeBody,
    status: 201,
    answer: oneTimeAnswer,
    refusal: oneTimeRefusal,
  },
  ...rowndOperations,
}

const problem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.enum([...Object.keys(refusals), 'server_error']),
  errors: z.record(z.string(), z.string()).optional().describe('each field and the rule it breaks'),
  url: z.url().optional().describe('where it can be done instead'),
  conflicts: z
    .record(z.string(), z.object({ now: z.string().nullable(), yours: z.string().nullable() }))
    .optional()
    .describe('of profile_changed: each field as VOMO has it now, and as it was to become'),
  tries_left: z.int().optional().describe('of code_not_usable: how often another code may be tried'),
})

/** OpenAPI 3.1. Its schemas are JSON Schema, which zod writes itself. */
export function describeApi(): object {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, operation] of Object.entries(operations)) {
    const [method = '', route = ''] = name.split(' ')
    const path = route.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(route, operation) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Porchlight portal API', version: '1', description: en.apiDocs.lede },
    paths,
    components: {
      securitySchemes,
      schemas: { Problem: z.toJSONSchema(problem) },
    },
  }
}

function describeOperation(
  route: string,
  { does, needs, query, body, form, status, answer, refusal }: Operation,
): object {
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
    schema: z.toJSONSchema(schema, { io: 'input' }),
  }))
  return {
    summary: does,
    security: needs === 'nothing' ? [] : [Object.fromEntries(proofs[needs].map((scheme) => [scheme, []]))],
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: z.toJSONSchema(body, { io: 'input' }) },
          ...(form && {
            'application/x-www-form-urlencoded': { schema: z.toJSONSchema(form.body, { io: 'input' }) },
          }),
        },
      },
    }),
    responses: {
      [status]: {
        description: does,
        ...(answer && { content: { 'application/json': { schema: eitherOf(answer, form?.answer) } } }),
      },
      default: {
        description: en.apiDocs.problem,
        content: refusal
          ? { 'application/json': { schema: eitherOf(refusal, form?.refusal) } }
          : { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** What answers JSON, or what answers a form. */
function eitherOf(toJson: z.ZodType, toForm: z.ZodType | undefined): object {
  return z.toJSONSchema(toForm ? z.union([toJson, toForm]) : toJson)
}

/** `/openapi.json` for programs, `/docs/api` for people. */
export function descriptionHandlers() {
  const body = JSON.stringify(describeApi())
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`

  return {
    asJson: (c: Context<Visit>): Response =>
      c.body(body, 200, { 'content-type': 'application/json; charset=utf-8', etag }),

    page: (c: Context<Visit>): Response | Promise<Response> =>
      c.html(
        renderPage(
          <Page frame={{ ...frameOf(c), ...english }} title={en.apiDocs.title} visitor={null}>
            <div class="wrap flow">
              <h1>{en.apiDocs.title}</h1>
              <p>{en.apiDocs.lede}</p>
              <p>
                <a href="/openapi.json">{en.apiDocs.forPrograms}</a>
              </p>
              {Object.entries(operations).map(([name, operation]) => (
                <OperationSection key={name} name={name} operation={operation} />
              ))}
            </div>
          </Page>,
        ),
      ),
  }
}

function OperationSection({ name, operation }: { name: string; operation: Operation }) {
  const { does, needs, query, body, form, status, answer, refusal } = operation
  return (
    <section class="flow">
      <h2>
        <code>{name}</code>
      </h2>
      <p>
        {does} {needs !== 'nothing' && en.apiDocs.needs[needs]}
      </p>
      {query && <Schema title={en.apiDocs.query} schema={query} />}
      {body && <Schema title={en.apiDocs.body} schema={body} />}
      {form && <Schema title={en.apiDocs.form} schema={form.body} />}
      {answer ? (
        <Schema title={en.apiDocs.answer(status)} schema={answer} />
      ) : (
        <h3>{en.apiDocs.answer(status)}</h3>
      )}
      {refusal && <Schema title={en.apiDocs.otherAnswers} schema={refusal} />}
    </section>
  )
}

function Schema({ title, schema }: { title: string; schema: z.ZodType }) {
  const { $schema: _, ...shown } = z.toJSONSchema(schema, { io: 'input' })
  return (
    <>
      <h3>{title}</h3>
      <pre tabIndex={0}>{JSON.stringify(shown, null, 2)}</pre>
    </>
  )
}
