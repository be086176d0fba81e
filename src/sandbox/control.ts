import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { readJsonObject } from './body.ts'
import { mergeOptions } from './options.ts'
import type { SandboxParts } from './parts.ts'
import { makePeopleChanger, personChange } from './world/people-changes.ts'
import {
  addParticipation,
  nameChange,
  newParticipation,
  participationChange,
  rename,
} from './world/row-changes.ts'
import type { IndexedRecords } from './world/world.ts'

const webhook = z.object({
  url: z.url({ protocol: /^https?$/ }).nullable(),
  secret: z.string().min(1).max(500).default(''),
})

type Place = { slug: string; records: IndexedRecords }

/** The sandbox's own controls, beside VOMO's API. They need no token, because the sandbox listens on loopback only. */
export function control(parts: SandboxParts): Hono {
  const { options, calls, recordsBySlug, clock, deliveries, teller } = parts
  const changePerson = makePeopleChanger(clock)

  /** Ids are unique only within a customer; without a customer's slug the first customer with that id wins. */
  function find<Row>(
    c: Context,
    body: Record<string, unknown>,
    rowIn: (records: IndexedRecords) => Row | undefined,
  ) {
    const wanted = c.req.query('customer') ?? body['customer']
    for (const [slug, records] of recordsBySlug) {
      const row = wanted === undefined || wanted === slug ? rowIn(records) : undefined
      if (row !== undefined) return { at: { slug, records }, row }
    }
    return undefined
  }

  /** Reads a change, finds what it is about, and makes it. */
  async function change<Schema extends z.ZodType, Row extends object>(
    c: Context,
    given: {
      schema: Schema
      noun: string
      find: (records: IndexedRecords, id: number, wanted: z.output<Schema>) => Row | undefined
      make: (at: Place, row: Row, wanted: z.output<Schema>) => object | undefined
    },
  ): Promise<Response> {
    const body = await readJsonObject(c.req.raw)
    if (typeof body === 'string') return refuseBody(c, body)
    const wanted = given.schema.safeParse(body)
    if (!wanted.success) return refuseFields(c, wanted.error.issues)
    const id = Number(c.req.param('id'))
    const found = find(c, body, (records) => given.find(records, id, wanted.data))
    const made = found && given.make(found.at, found.row, wanted.data)
    if (!made) return c.json({ message: `The sandbox knows no such ${given.noun}.` }, 404)
    return c.json({ customer: found.at.slug, ...made })
  }

  return new Hono()
    .get('/options', (c) => c.json(options))
    .put('/options', async (c) => {
      const body = await readJsonObject(c.req.raw)
      if (typeof body === 'string') return refuseBody(c, body)
      const merged = mergeOptions(options, body)
      if (!merged.success) return refuseFields(c, merged.error.issues)
      return c.json(Object.assign(options, merged.data))
    })
    .get('/calls', (c) => c.json(calls.list()))
    .delete('/calls', (c) => {
      calls.clear()
      return c.body(null, 204)
    })
    .get('/webhooks', (c) => c.json(deliveries.list()))
    .put('/webhooks/:customer', async (c) => {
      const body = await readJsonObject(c.req.raw)
      if (typeof body === 'string') return refuseBody(c, body)
      const wanted = webhook.safeParse(body)
      if (!wanted.success) return refuseFields(c, wanted.error.issues)
      const { url, secret } = wanted.data
      deliveries.sendTo(c.req.param('customer'), url === null ? undefined : { url, secret })
      return c.body(null, 204)
    })
    .post('/people/:id', (c) =>
      change(c, {
        schema: personChange,
        noun: 'person',
        find: (records, id) => records.userById.get(id),
        make(at, user, wanted) {
          changePerson(user, wanted)
          teller.user(at, 'updated', user)
          return user
        },
      }),
    )
    .post('/participations', (c) =>
      change(c, {
        schema: newParticipation,
        noun: 'person, project or date',
        find: (records, _, { user_id: id }) => records.userById.get(id),
        make(at, _, wanted) {
          const row = addParticipation(at.records, wanted, clock())
          if (row) teller.participation(at, 'created', row, clock())
          return row
        },
      }),
    )
    .post('/participations/:id', (c) =>
      change(c, {
        schema: participationChange,
        noun: 'participation',
        find: (records, id) => records.participations.find((row) => row.id === id),
        make(at, row, wanted) {
          teller.participation(at, 'updated', Object.assign(row, wanted), clock())
          return row
        },
      }),
    )
    .post('/projects/:id', (c) =>
      change(c, {
        schema: nameChange,
        noun: 'project',
        find: (records, id) => records.projectById.get(id),
        make(at, row, wanted) {
          rename(row, wanted, clock())
          teller.project(at, row)
          return row
        },
      }),
    )
    .post('/campaigns/:id', (c) =>
      change(c, {
        schema: nameChange,
        noun: 'campaign',
        find: (records, id) => records.campaignById.get(id),
        make(at, row, wanted) {
          rename(row, wanted, clock())
          teller.campaign(at, row)
          return row
        },
      }),
    )
}

function refuseBody(c: Context, why: 'too large' | 'no object'): Response {
  if (why === 'too large') return c.json({ message: 'The request body is too large.' }, 413)
  return c.json({ message: 'The body must be a JSON object.' }, 400)
}

function refuseFields(c: Context, issues: readonly { path: PropertyKey[]; message: string }[]): Response {
  const errors = issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  return c.json({ message: 'Nothing was changed.', errors }, 422)
}
