import type { z } from 'zod'
import { Page } from '../page/layout.tsx'
import type { Frame, Visitor } from '../page/site.ts'
import { en } from '../text/en.ts'
import { codeLine, type ExampleValues, examples, firstLines } from './examples.ts'
import { type Field, fieldsAnswered, fieldsAsked, itemOf, keyOf } from './fields.ts'
import { type JsonSchema, type Part, partOf, pathOf, schemaOf } from './openapi.ts'
import { type Operation, operations } from './operations.ts'

const said = en.apiDocs

type Route = { route: string; operation: Operation }

/** The routes of each part, in the order in which a reader can paste their examples. */
const parts: readonly { part: Part; routes: readonly Route[] }[] = (['portal', 'vomo', 'rownd'] as const).map(
  (part) => ({
    part,
    routes: Object.entries(operations)
      .filter(([route]) => partOf(route) === part)
      .map(([route, operation]) => ({ route, operation })),
  }),
)

const all = Object.values(operations)

/** An answer is described at the first route that gives it. A schema with a single value is repeated at every route. */
const known = new Map<string, string>()
for (const { id, answer } of all) {
  const schema = answer ? schemaOf(answer) : {}
  const rows = itemOf((schema.properties?.['data'] ?? {}) as JsonSchema)
  for (const shape of [schema, rows])
    if (Object.keys(shape.properties ?? {}).length > 1 && !known.has(keyOf(shape)))
      known.set(keyOf(shape), id)
}

/** The refusals shared by more than half of a part's routes, stated once for all of them. */
const commonCodes = Object.fromEntries(
  parts.map(({ part, routes }) => [part, commonAmong(routes)]),
) as Record<Part, ReadonlySet<string>>

function commonAmong(routes: readonly Route[]): ReadonlySet<string> {
  const codes = routes.flatMap(({ operation }) => codesOf(operation.refuses))
  const isCommon = (code: string) => codes.filter((each) => each === code).length * 2 > routes.length
  return new Set(routes.length > 1 ? codes.filter(isCommon) : [])
}

/** `401 session_required` */
function codesOf(refuses: Operation['refuses']): string[] {
  return Object.entries(refuses).flatMap(([status, codes]) => codes.map((code) => `${status} ${code}`))
}

type ApiPageProps = {
  frame: Frame
  visitor: Visitor | null
  /** Masked: the person signed in with this browser. */
  signedInAs: string | null
  origin: string
  values: ExampleValues
  /** The demo's mailbox page. */
  mailbox: string | undefined
}

export function ApiPage({ frame, visitor, signedInAs, origin, values, mailbox }: ApiPageProps) {
  return (
    <Page frame={frame} title={said.title} visitor={visitor}>
      <div class="wrap flow reference">
        <h1>{said.title}</h1>
        <p>{said.lede}</p>
        <p>{signedInAs === null ? said.signedOut : said.signedInAs(signedInAs)}</p>
        <p>
          <a href="/openapi.json">{said.forPrograms}</a>
        </p>
        <nav aria-label={said.contents}>
          <h2>{said.contents}</h2>
          {parts.map(({ part, routes }) => (
            <section key={part}>
              <h3>
                <a href={`#${part}`}>{said.parts[part].title}</a>
              </h3>
              <ul>
                {routes.map(({ route, operation: { id } }) => (
                  <li key={id}>
                    <a href={`#${id}`}>{nameOf(route)}</a>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </nav>
        {parts.map(({ part, routes }) => (
          <section key={part} id={part} class="flow">
            <h2>{said.parts[part].title}</h2>
            <p>{said.parts[part].lede}</p>
            {commonCodes[part].size > 0 && <p>{said.common([...commonCodes[part]].join(', '))}</p>}
            <p>{said.first}</p>
            <pre>{firstLines(part, origin, values)}</pre>
            {routes.map(({ route, operation }) => (
              <RouteSection key={route} route={route} operation={operation} mailbox={mailbox} />
            ))}
          </section>
        ))}
      </div>
    </Page>
  )
}

function RouteSection({ route, operation, mailbox }: Route & { mailbox: string | undefined }) {
  const { id, does, needs, query, body, form, status, answer, refuses } = operation
  const example = examples[route]
  return (
    <section id={id}>
      <h3>{nameOf(route)}</h3>
      <p>
        {does} {needs in said.needs && said.needs[needs as keyof typeof said.needs]}
      </p>
      {query && <Fields title={said.query} fields={fieldsAsked(query)} asked />}
      {body && <Fields title={said.body} fields={fieldsAsked(body)} asked />}
      {form && <Fields title={said.form} fields={fieldsAsked(form.body)} asked />}
      <Answer id={id} status={status} answer={answer} />
      <Refusals codes={codesOf(refuses).filter((code) => !commonCodes[partOf(route)].has(code))} />
      {example === undefined ? (
        <p>{said.noExample}</p>
      ) : (
        <pre>{id === 'completeSignIn' ? `${codeLine(mailbox)}\n${example}` : example}</pre>
      )}
    </section>
  )
}

function Refusals({ codes }: { codes: readonly string[] }) {
  return codes.length > 0 ? <p>{said.refusals(codes.join(', '))}</p> : null
}

type AnswerProps = { id: string; status: number; answer: z.ZodType | undefined }

function Answer({ id, status, answer }: AnswerProps) {
  if (!answer) return <p>{said.answersNothing(status)}</p>
  const first = known.get(keyOf(schemaOf(answer)))
  if (first !== undefined && first !== id)
    return (
      <p>
        {said.answersAs(status)} <a href={`#${first}`}>{first}</a>.
      </p>
    )
  return <Fields title={said.answers(status)} fields={fieldsAnswered(answer, { known, id })} />
}

function Fields({ title, fields, asked = false }: { title: string; fields: Field[]; asked?: boolean }) {
  return (
    <table>
      <caption>{title}</caption>
      {fields.map(({ name, type, isRequired, what, as }) => (
        <tr key={name}>
          <th>{name}</th>
          <td>
            {[type, asked && isRequired && said.required, what].filter(Boolean).join('; ')}
            {as !== undefined && (
              <>
                , {said.as} <a href={`#${as}`}>{as}</a>
              </>
            )}
          </td>
        </tr>
      ))}
    </table>
  )
}

/** `GET /applications/{app}/groups` */
function nameOf(route: string): string {
  return `${route.split(' ')[0]} ${pathOf(route)}`
}
