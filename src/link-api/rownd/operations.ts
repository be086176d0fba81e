import { z } from 'zod'
import {
  circleAnswer,
  inviteAnswer,
  memberAnswer,
  newInviteAnswer,
  ownProfileAnswer,
  profileAnswer,
} from './answers.ts'
import { appConfigAnswer } from './application/handlers.ts'
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
import { type RowndErrorCode, rowndErrors } from './envelope.ts'
import { handoffBody } from './links/handlers.ts'
import { magicBody, ownLinkBody } from './links/order.ts'
import { invitesQuery, pagingQuery, profilesQuery } from './paging.ts'
import { keysAnswer, metadataAnswer, tokensAnswer } from './tokens/handlers.ts'
import { oauthErrorAnswer, oauthForm, oauthTokensAnswer } from './tokens/oauth.ts'

type Row = {
  /** The name generated clients use. Never changed. */
  id: string
  does: string
  /** What a call carries: an application's key, its key and secret, or a user's access token. */
  needs: 'nothing' | 'key' | 'secret' | 'bearer'
  query?: z.ZodObject
  body?: z.ZodType
  /** A second content type, with its own answer and error format. */
  form?: { body: z.ZodType; answer: z.ZodType; refusal: z.ZodType }
  status: 200 | 204
  answer?: z.ZodType
  refusal: z.ZodType
  /** Refusals in addition to those every call of its kind has. */
  also?: readonly RowndErrorCode[]
}

/** The Rownd form's error format. */
export const envelope = z.object({
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

const writing = [
  'E_USER_UPDATE_FAILED',
  'E_IDENTITY_CONFLICT',
  'E_SIGN_UP_DISABLED',
  'E_EMAIL_DOMAIN',
] as const
const creating = [
  ...(['E_INVALID_EXPIRATION', 'E_NO_DEFAULT_REDIRECT', 'E_NO_IDENTIFIER'] as const),
  ...([
    'E_UNKNOWN_FIELD',
    'E_INVALID_EMAIL',
    'E_INVALID_PHONE',
    'E_GROUP_NOT_FOUND',
    'E_GROUP_NOT_OPEN',
  ] as const),
  ...(['E_IDENTITY_CONFLICT', 'E_SIGN_UP_DISABLED', 'E_EMAIL_DOMAIN', 'E_USER_DISABLED'] as const),
]
const inviting = [
  ...(['E_USER_NOT_FOUND', 'E_USER_UPDATE_FAILED', 'E_IDENTITY_CONFLICT', 'E_ALREADY_MEMBER'] as const),
  ...(['E_NO_IDENTIFIER', 'E_NO_DEFAULT_REDIRECT', 'E_INVITE_MAIL_OFF', 'E_USER_DISABLED'] as const),
  ...(['E_SIGN_UP_DISABLED', 'E_EMAIL_DOMAIN'] as const),
]

const rowsOfRoutes: Record<string, Row> = {
  'GET /hub/app-config': {
    id: 'getAppConfig',
    also: ['E_APPLICATION_NOT_FOUND'],
    ...open,
    needs: 'key',
    does: 'What the application is: what every client of Rownd asks first. By key, or by ?app_id=.',
    answer: appConfigAnswer,
  },
  'GET /hub/auth/.well-known/oauth-authorization-server': {
    id: 'getIssuer',
    ...open,
    does: 'Who issues tokens here, and where keys and tokens are to be had.',
    answer: metadataAnswer,
  },
  'GET /.well-known/oauth-authorization-server': {
    id: 'getIssuerAtRoot',
    ...open,
    does: 'The same, where RFC 8414 looks for it.',
    answer: metadataAnswer,
  },
  'GET /.well-known/openid-configuration': {
    id: 'getIssuerForOpenid',
    ...open,
    does: 'The same, where many OAuth clients look first. No ID tokens are issued here.',
    answer: metadataAnswer,
  },
  'GET /hub/auth/keys': {
    id: 'listKeys',
    ...open,
    does: 'The keys by which tokens are checked; check aud, too: an organization’s applications share them.',
    answer: keysAnswer,
  },
  'POST /hub/auth/magic': {
    id: 'createMagicLink',
    also: creating,
    ...secret,
    does: 'Makes a link: one that signs one person in, once, or a plain one for many.',
    body: magicBody,
    answer: linkAnswer,
  },
  'GET /hub/auth/magic/:id': {
    id: 'openMagicLink',
    also: ['E_LINK_NOT_FOUND', 'E_LINK_EXPIRED', 'E_LINK_USED', 'E_USER_DISABLED', 'E_RATE_LIMITED'],
    ...open,
    does: 'Opens a link. Programs get JSON: a Rownd client its tokens, by which the link is spent, any other where it leads.',
    answer: visitAnswer,
  },
  'POST /hub/auth/token': {
    id: 'exchangeRefreshToken',
    also: ['E_INVALID_REFRESH_TOKEN', 'E_RATE_LIMITED'],
    ...open,
    does: 'Exchanges a refresh token for the next pair. Within ten seconds it gives the same one again; after that it ends the sign-in. As OAuth’s form it is answered as OAuth says.',
    body: refreshBody,
    form: { body: oauthForm, answer: oauthTokensAnswer, refusal: oauthErrorAnswer },
    answer: tokensAnswer,
  },
  'POST /hub/auth/handoff': {
    id: 'exchangeHandOffCode',
    also: ['E_INVALID_CODE', 'E_USER_DISABLED'],
    ...secret,
    does: 'Exchanges the code that a browser brought, once, within a minute.',
    body: handoffBody,
    answer: visitAnswer.omit({ magic_link: true }),
  },
  'POST /me/auth/magic': {
    id: 'createOwnMagicLink',
    also: ['E_INVALID_EXPIRATION', 'E_NO_DEFAULT_REDIRECT', 'E_NO_IDENTIFIER'],
    ...bearer,
    does: 'Makes a link for oneself, for another device.',
    body: ownLinkBody,
    answer: linkAnswer,
  },
  [`GET ${users}/data`]: {
    id: 'listProfiles',
    ...secret,
    does: 'The application’s profiles, in the order of their ids; pages hold 1000 at most.',
    query: profilesQuery,
    answer: listOf(profileAnswer),
  },
  [`PUT ${users}/data`]: {
    id: 'putProfiles',
    also: ['E_USER_UPDATE_FAILED'],
    ...secret,
    does: 'Makes or changes many profiles, each by itself.',
    body: bulkBody,
    answer: bulkAnswer,
  },
  [`POST ${users}/actions`]: {
    id: 'actOnProfiles',
    ...secret,
    does: 'Deletes profiles by id, or by what identifies them.',
    body: actionsBody,
    answer: bulkAnswer,
  },
  [`GET ${users}/:user/data`]: {
    id: 'getProfile',
    ...secret,
    does: 'One profile.',
    query: fieldsQuery,
    answer: profileAnswer,
  },
  [`PUT ${users}/:user/data`]: {
    id: 'putProfile',
    also: writing,
    ...secret,
    does: 'Makes a profile, or merges into it; null clears a field. The id may be a directive such as __uuid__.',
    query: fieldsQuery,
    body: profileBody,
    answer: profileAnswer,
  },
  [`PATCH ${users}/:user/data`]: {
    id: 'patchProfile',
    also: writing,
    ...secret,
    does: 'Merges into a profile that is there.',
    query: fieldsQuery,
    body: profileBody,
    answer: profileAnswer,
  },
  [`GET ${users}/:user/data/fields/:field`]: {
    id: 'getProfileField',
    ...secret,
    does: 'One field.',
    answer: fieldAnswer,
  },
  [`PUT ${users}/:user/data/fields/:field`]: {
    id: 'putProfileField',
    also: writing,
    ...secret,
    does: 'Changes one field.',
    body: fieldBody,
    answer: fieldAnswer,
  },
  [`POST ${users}/:user/state`]: {
    id: 'setProfileState',
    ...secret,
    does: 'Switches a profile off, which ends its tokens, or on.',
    body: stateBody,
    answer: profileAnswer,
  },
  [`POST ${users}/:user/signout`]: {
    id: 'signProfileOut',
    ...secret,
    does: 'Ends every sign-in of a user.',
    body: signOutBody,
    status: 204,
  },
  [`GET ${groups}`]: {
    id: 'listAppGroups',
    ...secret,
    does: 'The application’s groups; pages hold 100 at most.',
    query: pagingQuery,
    answer: listOf(circleAnswer),
  },
  [`POST ${groups}`]: {
    id: 'createAppGroup',
    ...secret,
    does: 'Makes a group.',
    body: newCircleBody,
    answer: circleAnswer,
  },
  [`GET ${groups}/:group`]: { id: 'getAppGroup', ...secret, does: 'One group.', answer: circleAnswer },
  [`PUT ${groups}/:group`]: {
    id: 'putAppGroup',
    ...secret,
    does: 'Changes a group: what is left out stays.',
    body: circleBody,
    answer: circleAnswer,
  },
  [`GET ${groups}/:group/members`]: {
    id: 'listMembers',
    ...secret,
    does: 'A group’s members; pages hold 100 at most.',
    query: pagingQuery,
    answer: listOf(memberAnswer),
  },
  [`POST ${groups}/:group/members`]: {
    id: 'addMember',
    also: ['E_USER_NOT_FOUND', 'E_IDENTITY_CONFLICT', 'E_ALREADY_MEMBER'],
    ...secret,
    does: 'Adds a user. Where the group has no owner, they become it.',
    body: newMemberBody,
    answer: memberAnswer,
  },
  [`GET ${groups}/:group/members/:member`]: {
    id: 'getMember',
    ...secret,
    does: 'One member.',
    answer: memberAnswer,
  },
  [`PUT ${groups}/:group/members/:member`]: {
    id: 'putMember',
    also: ['E_LAST_OWNER'],
    ...secret,
    does: 'Gives a member other roles; the last owner stays one.',
    body: memberBody,
    answer: memberAnswer,
  },
  [`DELETE ${groups}/:group/members/:member`]: {
    id: 'removeMember',
    also: ['E_LAST_OWNER', 'E_LAST_MEMBER'],
    ...secret,
    does: 'Removes a member, but not the last one, nor the last owner.',
    status: 204,
  },
  [`GET ${groups}/:group/invites`]: {
    id: 'listInvites',
    ...secret,
    does: 'A group’s invites; pages hold 100 at most.',
    query: invitesQuery,
    answer: listOf(inviteAnswer),
  },
  [`POST ${groups}/:group/invites`]: {
    id: 'createInvite',
    also: inviting,
    ...secret,
    does: 'Invites a user by id, email or phone. The answer holds the link, once; another invite for the same user ends it.',
    body: newInviteBody,
    answer: newInviteAnswer,
  },
  [`GET ${groups}/:group/invites/:invite`]: {
    id: 'getInvite',
    ...secret,
    does: 'One invite.',
    answer: inviteAnswer,
  },
  [`PUT ${groups}/:group/invites/:invite`]: {
    id: 'putInvite',
    also: ['E_INVITE_ACCEPTED', 'E_NO_DEFAULT_REDIRECT'],
    ...secret,
    does: 'Changes an invite that is not accepted yet: roles, redirect, variant.',
    body: inviteBody,
    answer: inviteAnswer,
  },
  [`DELETE ${groups}/:group/invites/:invite`]: {
    id: 'withdrawInvite',
    ...secret,
    does: 'Withdraws an invite; its link ends. A member who has accepted stays.',
    status: 204,
  },
  [`DELETE ${groups}/:group`]: {
    id: 'deleteAppGroup',
    ...secret,
    does: 'Removes a group with its members.',
    status: 204,
  },
  [`DELETE ${users}/:user/data`]: {
    id: 'deleteProfile',
    ...secret,
    does: 'Removes a profile with its tokens.',
    status: 204,
  },
  'GET /me': {
    id: 'getMe',
    ...bearer,
    does: 'One’s own profile.',
    query: fieldsQuery,
    answer: ownProfileAnswer,
  },
  'GET /me/applications/:app/data': {
    id: 'getOwnData',
    ...bearer,
    does: 'The same.',
    query: fieldsQuery,
    answer: ownProfileAnswer,
  },
  'PUT /me/applications/:app/data': {
    id: 'putOwnData',
    also: writing,
    ...bearer,
    does: 'Changes one’s own profile, but neither what the application owns nor what identifies.',
    query: fieldsQuery,
    body: profileBody,
    answer: ownProfileAnswer,
  },
  'GET /me/applications/:app/data/fields/:field': {
    id: 'getOwnField',
    ...bearer,
    does: 'One field.',
    answer: fieldAnswer,
  },
  'PUT /me/applications/:app/data/fields/:field': {
    id: 'putOwnField',
    also: writing,
    ...bearer,
    does: 'Changes one field.',
    body: fieldBody,
    answer: fieldAnswer,
  },
  'DELETE /me/applications/:app/data': {
    id: 'deleteOwnData',
    ...bearer,
    does: 'Removes one’s own profile.',
    status: 204,
  },
  'POST /me/applications/:app/signout': {
    id: 'signMeOut',
    ...bearer,
    does: 'Signs out: of this sign-in, or of all.',
    body: signOutBody,
    status: 204,
  },
}

/** Every JSON route of the Rownd form, by method and path. */
export const rowndOperations = Object.fromEntries(
  Object.entries(rowsOfRoutes).map(([route, row]) => [route, { ...row, refuses: refusalsOf(route, row) }]),
)

/** Keyed by status. Most follow from what a call carries, its path and its body. */
function refusalsOf(route: string, { needs, query, body, also = [] }: Row): Record<number, string[]> {
  const codes: RowndErrorCode[] = [
    ...also,
    ...(needs === 'nothing' ? [] : (['E_UNAUTHORIZED', 'E_RATE_LIMITED'] as const)),
    ...(needs === 'bearer' ? (['E_USER_DISABLED'] as const) : []),
    ...(route.includes('/:app') ? (['E_APPLICATION_NOT_FOUND'] as const) : []),
    ...(route.includes('/:user') ? (['E_USER_NOT_FOUND', 'E_VALIDATION'] as const) : []),
    ...(/:(group|member|invite|field)\b/.test(route) ? (['E_NOT_FOUND'] as const) : []),
    ...(query || body ? (['E_VALIDATION'] as const) : []),
    ...(body ? (['E_UNSUPPORTED_MEDIA_TYPE', 'E_BODY_TOO_LARGE'] as const) : []),
    'E_UNKNOWN_HOST',
    'E_SERVER_ERROR',
  ]
  const byStatus: Record<number, string[]> = {}
  for (const code of new Set(codes)) (byStatus[rowndErrors[code][0]] ??= []).push(code)
  return byStatus
}
