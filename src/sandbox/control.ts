import { type Context, Hono } from 'hono'
import { readJsonObject } from './body.ts'
import { mergeOptions } from './options.ts'
import type { SandboxParts } from './parts.ts'
import { makePeopleChanger, personChange } from './world/people-changes.ts'

/** The sandbox's own controls, beside VOMO's API. They need no token, because the sandbox listens on loopback only. */
export function control({ options, calls, recordsBySlug, clock }: SandboxParts): Hono {
  const changePerson = makePeopleChanger(clock)

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
    .post('/people/:id', async (c) => {
      const body = await readJsonObject(c.req.raw)
      if (typeof body === 'string') return refuseBody(c, body)
      const change = personChange.safeParse(body)
      if (!change.success) return refuseFields(c, change.error.issues)
      const slug = c.req.query('customer') ?? body.customer
      const found = findPerson(recordsBySlug, Number(c.req.param('id')), slug)
      if (!found) return c.json({ message: 'The sandbox knows no such person.' }, 404)
      changePerson(found.user, change.data)
      return c.json({ customer: found.slug, ...found.user })
    })
}

/** Ids are unique only within a customer; without a customer's slug the first customer with that id wins. */
function findPerson(recordsBySlug: SandboxParts['recordsBySlug'], id: number, wantedSlug: unknown) {
  for (const [slug, records] of recordsBySlug) {
    const user = records.userById.get(id)
    if (user && (wantedSlug === undefined || wantedSlug === slug)) return { slug, user }
  }
  return undefined
}

function refuseBody(c: Context, why: 'too large' | 'no object'): Response {
  if (why === 'too large') return c.json({ message: 'The request body is too large.' }, 413)
  return c.json({ message: 'The body must be a JSON object.' }, 400)
}

function refuseFields(c: Context, issues: readonly { path: PropertyKey[]; message: string }[]): Response {
  const errors = issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  return c.json({ message: 'Nothing was changed.', errors }, 422)
}
