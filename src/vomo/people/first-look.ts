import type { Secrets } from '../../secrets.ts'
import type { Store } from '../../store/store.ts'
import type { AccessChange } from '../access/access.ts'
import type { Calls } from '../flow/calls.ts'
import { type AccessProblem, askBeforehand } from '../flow/check-access.ts'
import { VomoFailure } from '../wire/failure.ts'
import { readPage } from '../wire/read-page.ts'
import { readId, readText } from '../wire/values.ts'
import { searchUsers } from './find-user.ts'

type Tools = { store: Store; secrets: Secrets; clock: () => number }
type Given = Pick<AccessChange, 'baseUrl' | 'token'> & { customerId?: string }

/** What a VOMO holds; `null` where it does not say how many. */
export type Sight = {
  readonly organizations: readonly string[]
  /** The same ones, those without a name included. */
  readonly organizationIds: readonly string[]
  readonly people: number | null
  readonly projects: number | null
}

/**
 * Looks at a VOMO with an access that no customer has yet, in three calls.
 *
 * @param given.customerId whose access it would become; none: one that does not exist yet
 *
 * @throws {Refusal} 'invalid_request' as `grantVomoAccess` does
 */
export function lookAtVomo(tools: Tools, given: Given): Promise<Sight | { problem: AccessProblem }> {
  return askBeforehand(tools, given, async (calls, about) => {
    const { items } = readPage(await list(calls, about, '/organizations'))
    const people = readPage(await list(calls, about, '/users'))
    const projects = readPage(await list(calls, about, '/projects'))
    return {
      organizations: items.flatMap(({ name }) => readText(name, 80) ?? []),
      organizationIds: items.flatMap(({ id }) => readId(id) ?? []),
      people: people.total,
      projects: projects.total,
    }
  })
}

/** Whether one record there has the address, and no other. @throws {Refusal} as above */
export function hasOneRecord(
  tools: Tools,
  given: Given,
  address: string,
): Promise<boolean | { problem: AccessProblem }> {
  return askBeforehand(
    tools,
    given,
    async (calls, about) => (await searchUsers(calls, about, address)).found === 'one',
  )
}

async function list(calls: Calls, about: string, path: string): Promise<unknown> {
  const body = await calls.get(about, 'identity', path)
  // Another server, or another path of VOMO's.
  if (body === undefined) throw new VomoFailure('not_understood')
  return body
}
