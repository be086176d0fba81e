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
  function placeOf(c: Context, body: Record<string, unknown>, has: (records: IndexedRecords) => boolean) {
    const wanted = c.req.query('customer') ?? body['customer']
    for (const [slug, records] of recordsBySlug)
      if ((wanted === undefined || wanted === slug) && has(records)) return { slug, records }
    return undefined
  }

  /** Reads a change, finds what it is about, and makes it. */
  async function change<Schema extends z.ZodType>(
    c: Context,
    given: {
      schema: Schema
      noun: string
      has: (records: IndexedRecords, id: number, wanted: z.output<Schema>) => boolean
      make: (at: Place, id: number, wanted: z.output<Schema>) => object | undefined
    },
  ): Promise<Response> {
    const body = await readJsonObject(c.req.raw)
    if (typeof body === 'string') return refuseBody(c, body)
    const wanted = given.schema.safeParse(body)
    if (!wanted.success) return refuseFields(c, wanted.error.issues)
    const id = Number(c.req.param('id'))
    const at = placeOf(c, body, (records) => given.has(records, id, wanted.data))
    const made = at && given.make(at, id, wanted.data)
    if (!made) return c.json({ message: `The sandbox knows no such ${given.noun}.` }, 404)
    return c.json({ customer: at.slug, ...made })
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
        has: (records, id) => records.userById.has(id),
        make(at, id, wanted) {
          const user = at.records.userById.get(id)
          if (!user) return undefined
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
        has: (records, _, { user_id: id }) => records.userById.has(id),
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
        has: (records, id) => records.participations.some((row) => row.id === id),
        make(at, id, wanted) {
          const row = at.records.participations.find((each) => each.id === id)
          if (!row) return undefined
          teller.participation(at, 'updated', Object.assign(row, wanted), clock())
          return row
        },
      }),
    )
    .post('/projects/:id', (c) =>
      change(c, {
        schema: nameChange,
        noun: 'project',
        has: (records, id) => records.projectById.has(id),
        make(at, id, wanted) {
          const row = at.records.projectById.get(id)
          if (!row) return undefined
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
        has: (records, id) => records.campaignById.has(id),
        make(at, id, wanted) {
          const row = at.records.campaignById.get(id)
          if (!row) return undefined
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
