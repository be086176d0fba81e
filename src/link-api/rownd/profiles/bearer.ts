import type { Context } from 'hono'
import type { Visit } from '../../../customers/visit.ts'
import { readFlow } from '../../../store/read-flow.ts'
import { applicationById, type RowndApplication } from '../application/applications.ts'
import type { RowndTools } from '../application/callers.ts'
import { RowndError } from '../envelope.ts'
import { isFamilyAlive, readAccessToken } from '../tokens/tokens.ts'
import { type Profile, profileById } from './profiles.ts'

/** Who signed in at an application, by the access token they carry. */
export type Bearer = { application: RowndApplication; profile: Profile; familyId: string }

/**
 * Who signed in, by `Authorization: Bearer <access token>`. A token counts while its sign-in does: signing out ends it here at
 * once, though a backend that only checks the signature takes it for up to an hour.
 *
 * @throws {RowndError} 'E_UNAUTHORIZED', 'E_USER_DISABLED', 'E_APPLICATION_NOT_FOUND' where the path names another application
 */
export async function requireBearer(tools: RowndTools, c: Context<Visit>): Promise<Bearer> {
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
  // By profile: a user who signed in cannot use up what their application's backend has.
  await tools.limits.require('callsPerApplication', `${application.id} ${profileId}`)
  return { application, profile, familyId }
}
