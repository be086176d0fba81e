import { z } from 'zod'
import { appConfigAnswer, keysAnswer, metadataAnswer, tokensAnswer } from './auth-handlers.ts'
import {
  actionsBody,
  bulkBody,
  circleBody,
  fieldBody,
  inviteBody,
  memberBody,
  newCircleBody,
  newInviteBody,
  newMemberBody,
  profileBody,
  refreshBody,
  signOutBody,
  stateBody,
} from './bodies.ts'
import { rowndErrors } from './envelope.ts'
import { magicBody, ownLinkBody } from './magic-body.ts'
import { handoffBody } from './magic-handlers.ts'
import { oauthErrorAnswer, oauthForm, oauthTokensAnswer } from './oauth.ts'
import { invitesQuery, pagingQuery, profilesQuery } from './paging.ts'
import {
  circleAnswer,
  inviteAnswer,
  memberAnswer,
  newInviteAnswer,
  ownProfileAnswer,
  profileAnswer,
} from './views.ts'

type Operation = {
  does: string
  /** What a call carries: an application's key, or its secret too, or the access token of somebody who signed in. */
  needs: 'nothing' | 'key' | 'secret' | 'bearer'
  query?: z.ZodObject
  body?: z.ZodType
  /** Another content type, with an answer and a way to refuse of its own. */
  form?: { body: z.ZodType; answer: z.ZodType; refusal: z.ZodType }
  status: 200 | 204
  answer?: z.ZodType
  refusal: z.ZodType
}

const envelope = z.object({
  statusCode: z.int(),
  error: z.string().describe('the reason phrase of the status'),
  code: z.enum(Object.keys(rowndErrors)),
  message: z.string(),
  messages: z.array(z.string()),
  field_errors: z.record(z.string(), z.array(z.string())).optional(),
})

const fieldAnswer = z.object({ value: z.unknown() })
const linkAnswer = z.object({ link: z.url(), app_user_id: z.string().optional().describe('not for shorten') })
const visitAnswer = z.object({
  redirect_url: z.string(),
  app_id: z.string(),
  magic_link: z.string(),
  link_data: z.record(z.string(), z.unknown()),
  link_meta: z.record(z.string(), z.unknown()),
  access_token: z.string().optional(),
  refresh_token: z.string().optional(),
  app_user_id: z.string().optional(),
  last_sign_in: z.enum(['email', 'phone']).optional(),
})
const listOf = (row: z.ZodType) => z.object({ total_results: z.int(), results: z.array(row) })
const bulkAnswer = z.object({
  total_results: z.int(),
  has_failures: z.boolean(),
  results: z.array(
    z.object({
      result: z.unknown(),
      status: z.enum(['success', 'failure']),
      error: envelope.optional(),
    }),
  ),
})
const fieldsQuery = profilesQuery.pick({ fields: true })

const secret = { needs: 'secret', status: 200, refusal: envelope } as const
const bearer = { needs: 'bearer', status: 200, refusal: envelope } as const
const open = { needs: 'nothing', status: 200, refusal: envelope } as const

const users = '/applications/:app/users'
const groups = '/applications/:app/groups'

/** Every JSON route of the Rownd form, by method and path. */
export const rowndOperations: Record<string, Operation> = {
  'GET /hub/app-config': {
    ...open,
    needs: 'key',
    does: 'What the application is: what every client of Rownd asks first. By key, or by ?app_id=.',
    answer: appConfigAnswer,
  },
  'GET /hub/auth/.well-known/oauth-authorization-server': {
    ...open,
    does: 'Who issues tokens here, and where keys and tokens are to be had.',
    answer: metadataAnswer,
  },
  'GET /.well-known/oauth-authorization-server': {
    ...open,
    does: 'The same, where RFC 8414 looks for it.',
    answer: metadataAnswer,
  },
  'GET /.well-known/openid-configuration': {
    ...open,
    does: 'The same, where many OAuth clients look first. No ID tokens are issued here.',
    answer: metadataAnswer,
  },
  'GET /hub/auth/keys': {
    ...open,
    does: 'The keys by which tokens are checked; check aud, too: an organisation’s applications share them.',
    answer: keysAnswer,
  },
  'POST /hub/auth/token': {
    ...open,
    does: 'Exchanges a refresh token for the next pair. Within ten seconds it gives the same one again; after that it ends the sign-in. As OAuth’s form it is answered as OAuth says.',
    body: refreshBody,
    form: { body: oauthForm, answer: oauthTokensAnswer, refusal: oauthErrorAnswer },
    answer: tokensAnswer,
  },
  'POST /hub/auth/magic': {
    ...secret,
    does: 'Makes a link: one that signs one person in, once, or a plain one for many.',
    body: magicBody,
    answer: linkAnswer,
  },
  'GET /hub/auth/magic/:id': {
    ...open,
    does: 'Opens a link. Programs get JSON: a Rownd client its tokens, by which the link is spent, any other where it leads.',
    answer: visitAnswer,
  },
  'POST /hub/auth/handoff': {
    ...secret,
    does: 'Exchanges the code that a browser brought, once, within a minute.',
    body: handoffBody,
    answer: visitAnswer.omit({ magic_link: true }),
  },
  'POST /me/auth/magic': {
    ...bearer,
    does: 'Makes a link for oneself, for another device.',
    body: ownLinkBody,
    answer: linkAnswer,
  },

  [`GET ${users}/data`]: {
    ...secret,
    does: 'The application’s profiles, in the order of their ids; pages hold 1000 at most.',
    query: profilesQuery,
    answer: listOf(profileAnswer),
  },
  [`PUT ${users}/data`]: {
    ...secret,
    does: 'Makes or changes many profiles, each by itself.',
    body: bulkBody,
    answer: bulkAnswer,
  },
  [`POST ${users}/actions`]: {
    ...secret,
    does: 'Deletes profiles by id, or by what identifies them.',
    body: actionsBody,
    answer: bulkAnswer,
  },
  [`GET ${users}/:user/data`]: {
    ...secret,
    does: 'One profile.',
    query: fieldsQuery,
    answer: profileAnswer,
  },
  [`PUT ${users}/:user/data`]: {
    ...secret,
    does: 'Makes a profile, or merges into it; null clears a field. The id may be a directive such as __uuid__.',
    query: fieldsQuery,
    body: profileBody,
    answer: profileAnswer,
  },
  [`PATCH ${users}/:user/data`]: {
    ...secret,
    does: 'Merges into a profile that is there.',
    query: fieldsQuery,
    body: profileBody,
    answer: profileAnswer,
  },
  [`DELETE ${users}/:user/data`]: { ...secret, does: 'Removes a profile with its tokens.', status: 204 },
  [`GET ${users}/:user/data/fields/:field`]: { ...secret, does: 'One field.', answer: fieldAnswer },
  [`PUT ${users}/:user/data/fields/:field`]: {
    ...secret,
    does: 'Changes one field.',
    body: fieldBody,
    answer: fieldAnswer,
  },
  [`POST ${users}/:user/state`]: {
    ...secret,
    does: 'Switches a profile off, which ends its tokens, or on.',
    body: stateBody,
    answer: profileAnswer,
  },
  [`POST ${users}/:user/signout`]: {
    ...secret,
    does: 'Ends every sign-in of a user.',
    body: signOutBody,
    status: 204,
  },

  [`GET ${groups}`]: {
    ...secret,
    does: 'The application’s groups; pages hold 100 at most.',
    query: pagingQuery,
    answer: listOf(circleAnswer),
  },
  [`POST ${groups}`]: { ...secret, does: 'Makes a group.', body: newCircleBody, answer: circleAnswer },
  [`GET ${groups}/:group`]: { ...secret, does: 'One group.', answer: circleAnswer },
  [`PUT ${groups}/:group`]: {
    ...secret,
    does: 'Changes a group: what is left out stays.',
    body: circleBody,
    answer: circleAnswer,
  },
  [`DELETE ${groups}/:group`]: { ...secret, does: 'Removes a group with its members.', status: 204 },
  [`GET ${groups}/:group/members`]: {
    ...secret,
    does: 'A group’s members; pages hold 100 at most.',
    query: pagingQuery,
    answer: listOf(memberAnswer),
  },
  [`POST ${groups}/:group/members`]: {
    ...secret,
    does: 'Adds a user. Where the group has no owner, they become it.',
    body: newMemberBody,
    answer: memberAnswer,
  },
  [`GET ${groups}/:group/members/:member`]: { ...secret, does: 'One member.', answer: memberAnswer },
  [`PUT ${groups}/:group/members/:member`]: {
    ...secret,
    does: 'Gives a member other roles; the last owner stays one.',
    body: memberBody,
    answer: memberAnswer,
  },
  [`DELETE ${groups}/:group/members/:member`]: {
    ...secret,
    does: 'Removes a member, but not the last one, nor the last owner.',
    status: 204,
  },
  [`GET ${groups}/:group/invites`]: {
    ...secret,
    does: 'A group’s invites; pages hold 100 at most.',
    query: invitesQuery,
    answer: listOf(inviteAnswer),
  },
  [`POST ${groups}/:group/invites`]: {
    ...secret,
    does: 'Invites a user by id, email or phone. The answer holds the link, once; another invite for the same user ends it.',
    body: newInviteBody,
    answer: newInviteAnswer,
  },
  [`GET ${groups}/:group/invites/:invite`]: { ...secret, does: 'One invite.', answer: inviteAnswer },
  [`PUT ${groups}/:group/invites/:invite`]: {
    ...secret,
    does: 'Changes an invite that is not accepted yet: roles, redirect, variant.',
    body: inviteBody,
    answer: inviteAnswer,
  },
  [`DELETE ${groups}/:group/invites/:invite`]: {
    ...secret,
    does: 'Withdraws an invite; its link ends. A member who has accepted stays.',
    status: 204,
  },

  'GET /me': { ...bearer, does: 'One’s own profile.', query: fieldsQuery, answer: ownProfileAnswer },
  'GET /me/applications/:app/data': {
    ...bearer,
    does: 'The same.',
    query: fieldsQuery,
    answer: ownProfileAnswer,
  },
  'PUT /me/applications/:app/data': {
    ...bearer,
    does: 'Changes one’s own profile, but neither what the application owns nor what identifies.',
    query: fieldsQuery,
    body: profileBody,
    answer: ownProfileAnswer,
  },
  'DELETE /me/applications/:app/data': { ...bearer, does: 'Removes one’s own profile.', status: 204 },
  'GET /me/applications/:app/data/fields/:field': { ...bearer, does: 'One field.', answer: fieldAnswer },
  'PUT /me/applications/:app/data/fields/:field': {
    ...bearer,
    does: 'Changes one field.',
    body: fieldBody,
    answer: fieldAnswer,
  },
  'POST /me/applications/:app/signout': {
    ...bearer,
    does: 'Signs out: of this sign-in, or of all.',
    body: signOutBody,
    status: 204,
  },
}
