import { type Visited, visitNetwork } from '../../../customers/visit.ts'
import type { Tools } from '../../../part.ts'
import { RowndError } from '../envelope.ts'
import { type Caller, findApplication, type RowndApplication } from './applications.ts'

/**
 * The calling application: `x-rownd-app-key` names it, `x-rownd-app-secret` proves it.
 *
 * @param proof `key` when the key is enough; a secret is then ignored
 * @throws {RowndError} 'E_UNAUTHORIZED' @throws {Refusal} 'rate_limited'
 */
export async function requireCaller(tools: Tools, c: Visited, proof: 'key' | 'secret'): Promise<Caller> {
  const key = c.req.header('x-rownd-app-key') ?? ''
  const secret = c.req.header('x-rownd-app-secret') ?? ''
  return requireCredentials(tools, c, { key, ...(proof === 'secret' && { secret }) })
}

/** The application with this key and this secret, if there is one. @throws as `requireCaller` */
export async function requireCredentials(
  tools: Tools,
  c: Visited,
  given: { key: string; secret?: string },
): Promise<Caller> {
  const caller = await findApplication(tools, { customerId: c.get('customer').id, ...given })
  // Keys are public: calls with only a key count by network, so that they do not use up the allowance of the secret's holder.
  const by = given.secret === undefined ? ` ${visitNetwork(c)}` : ''
  tools.limits.requireOwn('callsPerApplication', `${caller.application.id}${by}`)
  return caller
}

/** The application in the path, which must be the caller's own; others look nonexistent. @throws {RowndError} 'E_APPLICATION_NOT_FOUND' */
export async function requireOwnApplication(tools: Tools, c: Visited): Promise<RowndApplication> {
  const { application } = await requireCaller(tools, c, 'secret')
  if (c.req.param('app') !== application.id) throw new RowndError('E_APPLICATION_NOT_FOUND')
  return application
}
