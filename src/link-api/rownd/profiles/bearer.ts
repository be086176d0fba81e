import type { Visited } from '../../../customers/visit.ts'
import type { Tools } from '../../../part.ts'
import { readFlow } from '../../../store/read-flow.ts'
import { applicationById, type RowndApplication } from '../application/applications.ts'
import { RowndError } from '../envelope.ts'
import { isFamilyAlive, readAccessToken } from '../tokens/tokens.ts'
import { type Profile, profileById } from './profiles.ts'

/** A user signed in at an application, by access token. */
export type Bearer = { application: RowndApplication; profile: Profile; familyId: string }

/**
 * The user of `Authorization: Bearer <access token>`. A token is valid while its sign-in is: here signing out ends it at once,
 * while a backend that only checks the signature accepts it for up to an hour.
 *
 * @throws {RowndError} 'E_UNAUTHORIZED', 'E_USER_DISABLED', 'E_APPLICATION_NOT_FOUND' when the path names another application
 */
export async function requireBearer(tools: Tools, c: Visited): Promise<Bearer> {
  const customer = c.get('customer')
  const [, text] = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? []
  const token = text && (await readAccessToken(tools, { customer, text }))
  if (!token) throw new RowndError('E_UNAUTHORIZED')
  const { applicationId, profileId, familyId } = token
  const application = await applicationById(tools.store, { customerId: customer.id, applicationId })
  const profile = await readFlow(tools.store, () => profileById(tools.store.db, { applicationId, profileId }))
  if (!application || !profile || !(await isFamilyAlive(tools, familyId)))
    throw new RowndError('E_UNAUTHORIZED')
  if (profile.state === 'disabled') throw new RowndError('E_USER_DISABLED')
  const named = c.req.param('app')
  if (named !== undefined && named !== application.id) throw new RowndError('E_APPLICATION_NOT_FOUND')
  // By profile: a signed-in user cannot use up the allowance of their application's backend.
  tools.limits.requireOwn('callsPerApplication', `${application.id} ${profileId}`)
  return { application, profile, familyId }
}
