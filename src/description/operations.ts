import { z } from 'zod'
import { type RefusalCode, refusals } from '../errors.ts'
import { oneTimeAnswer, oneTimeBody, oneTimeRefusal } from '../link-api/one-time/fields.ts'
import { rowndOperations } from '../link-api/rownd/operations.ts'
import { askAnswer, askBody, completeAnswer, completeBody, methodsAnswer } from '../sign-in/bodies.ts'
import { exportAnswer, exportQuery, sessionsAnswer } from '../volunteer/account/answers.ts'
import { handOffAnswer, handOffBody } from '../volunteer/hand-off/bodies.ts'
import { limitsAnswer } from '../volunteer/help/answers.ts'
import { certificatesAnswer, hoursAnswer, participationsAnswer } from '../volunteer/hours/answers.ts'
import { filterQuery } from '../volunteer/hours/filters.ts'
import { opportunitiesAnswer, opportunityAnswer } from '../volunteer/opportunities/answers.ts'
import { opportunityQuery } from '../volunteer/opportunities/filter.ts'
import { groupsAnswer, recordAnswer } from '../volunteer/profile/answers.ts'
import { profileBody } from '../volunteer/profile/body.ts'
import { shiftsAnswer } from '../volunteer/shifts/answers.ts'

export type Operation = {
  /** The name generated clients use. Never changed. */
  id: string
  does: string
  /** What a call carries: a session cookie, a link API token, or Rownd's credentials. */
  needs: keyof typeof proofs
  query?: z.ZodObject
  body?: z.ZodType
  /** A second content type, with its own answer and error format. */
  form?: { body: z.ZodType; answer: z.ZodType; refusal: z.ZodType }
  status: 200 | 201 | 202 | 204
  answer?: z.ZodType
  /** The error format, if it is not RFC 9457's problem. */
  refusal?: z.ZodType
  /** Keyed by status: the error codes, or in VOMO's form the messages. */
  refuses: Readonly<Record<number, readonly string[]>>
}

const inHeader = (name: string) => ({ type: 'apiKey', in: 'header', name }) as const

export const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: 'porchlight_session' },
  token: { type: 'http', scheme: 'bearer' },
  app_key: inHeader('x-rownd-app-key'),
  app_secret: inHeader('x-rownd-app-secret'),
  access_token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
} as const

/** The security schemes a call must carry together. */
export const proofs = {
  nothing: [],
  session: ['session'],
  token: ['token'],
  key: ['app_key'],
  secret: ['app_key', 'app_secret'],
  bearer: ['access_token'],
} as const satisfies Record<string, readonly (keyof typeof securitySchemes)[]>

type PortalRow = Omit<Operation, 'refuses'> & {
  needs: 'nothing' | 'session'
  /** Refusals in addition to those every call of its kind has. */
  also?: readonly RefusalCode[]
}

const portalRows: Record<string, PortalRow> = {
  'GET /portal/api/sign-in/methods': {
    id: 'listSignInMethods',
    does: 'The ways to sign in that are on, the likeliest first.',
    needs: 'nothing',
    status: 200,
    answer: methodsAnswer,
  },
  'POST /portal/api/sign-in': {
    id: 'askForSignInMail',
    also: ['invalid_request', 'rate_limited'],
    does: 'Asks for a sign-in mail. The answer is the same for every address; it sets the cookie porchlight_asked.',
    needs: 'nothing',
    body: askBody,
    status: 202,
    answer: askAnswer,
  },
  'POST /portal/api/sign-in/complete': {
    id: 'completeSignIn',
    also: ['code_not_usable', 'link_not_usable', 'rate_limited'],
    does: 'Signs in by the code or the link of an email, and sets the session cookie.',
    needs: 'nothing',
    body: completeBody,
    status: 200,
    answer: completeAnswer,
  },
  'GET /portal/api/me': {
    id: 'getRecord',
    does: 'The volunteer’s own record, as far as it is shown.',
    needs: 'session',
    status: 200,
    answer: recordAnswer,
  },
  'PATCH /portal/api/me': {
    id: 'changeRecord',
    also: [
      'email_not_editable',
      'field_not_editable',
      'profile_changed',
      'profile_not_taken',
      'rate_limited',
    ],
    does: 'Changes the volunteer’s own record in VOMO, where the organization allows it. What VOMO changed meanwhile is not written over: profile_changed, with both values in conflicts.',
    needs: 'session',
    body: profileBody,
    status: 200,
    answer: recordAnswer,
  },
  'GET /portal/api/me/participations': {
    id: 'listParticipations',
    does: 'Every sign-up, the latest first, 25 a page.',
    needs: 'session',
    query: filterQuery,
    status: 200,
    answer: participationsAnswer,
  },
  'GET /portal/api/me/hours': {
    id: 'getHours',
    does: 'The hours that count, by year, month, campaign, organization and role, and what does not count and why.',
    needs: 'session',
    status: 200,
    answer: hoursAnswer,
  },
  'GET /portal/api/me/shifts': {
    id: 'listShifts',
    does: 'What lies ahead.',
    needs: 'session',
    status: 200,
    answer: shiftsAnswer,
  },
  'GET /portal/api/me/sessions': {
    id: 'listSessions',
    does: 'Where the volunteer is signed in: browsers, roughly, and since when.',
    needs: 'session',
    status: 200,
    answer: sessionsAnswer,
  },
  'GET /portal/api/me/export': {
    id: 'exportEverything',
    does: 'Everything kept about the volunteer, as a file; what is left out is named in it.',
    needs: 'session',
    query: exportQuery,
    status: 200,
    answer: exportAnswer,
  },
  'GET /portal/api/me/certificates': {
    id: 'listCertificates',
    does: 'What the volunteer holds, where VOMO says so, and what there is to hold.',
    needs: 'session',
    status: 200,
    answer: certificatesAnswer,
  },
  'GET /portal/api/me/groups': {
    id: 'listGroups',
    does: 'The groups the volunteer is in, from an index made a few times a day.',
    needs: 'session',
    status: 200,
    answer: groupsAnswer,
  },
  'GET /portal/api/opportunities': {
    id: 'listOpportunities',
    does: 'Opportunities open to everyone, the next first, 20 a page.',
    needs: 'session',
    query: opportunityQuery,
    status: 200,
    answer: opportunitiesAnswer,
  },
  'GET /portal/api/opportunities/:id': {
    id: 'readOpportunity',
    also: ['not_found'],
    does: 'One of them.',
    needs: 'session',
    status: 200,
    answer: opportunityAnswer,
  },
  'GET /portal/api/limits': {
    id: 'listLimits',
    does: 'What cannot be done here, why, and where it can.',
    needs: 'session',
    status: 200,
    answer: limitsAnswer,
  },
  'POST /portal/api/open-in-vomo': {
    id: 'openInVomo',
    also: ['hand_off_refused', 'rate_limited'],
    does: 'A link that carries the volunteer on into VOMO, once. Where there is none, the problem’s url is where to sign in instead.',
    needs: 'session',
    body: handOffBody,
    status: 201,
    answer: handOffAnswer,
  },
  'DELETE /portal/api/me/sessions/:id': {
    id: 'endSession',
    also: ['not_found'],
    does: 'Signs one of the volunteer’s own browsers out. Any other id is not found.',
    needs: 'session',
    status: 204,
  },
  'DELETE /portal/api/session': { id: 'signOut', does: 'Signs out.', needs: 'nothing', status: 204 },
}

/** VOMO's form has no codes. @see docs/api.md */
const oneTimeRefusals = {
  400: ['The body is not valid JSON: …'],
  401: ['Unauthenticated.'],
  403: ['This action is unauthorized.'],
  413: ['…'],
  421: ['…'],
  422: ['Error, with the rules that each field breaks'],
  429: ['Too Many Attempts.'],
  500: ['Unable to create link.'],
  503: ['Unable to create link.'],
} as const

/** Every JSON route, by method and path. These schemas validate requests, and tests hold answers to them. */
export const operations: Record<string, Operation> = {
  ...Object.fromEntries(
    Object.entries(portalRows).map(([route, row]) => [route, { ...row, refuses: refusalsOf(route, row) }]),
  ),
  'POST /v1/users/one-time': {
    id: 'createOneTimeLink',
    does: 'A link that signs one person in here, once, from one address: VOMO’s own call, for an organization’s systems.',
    needs: 'token',
    body: oneTimeBody,
    status: 201,
    answer: oneTimeAnswer,
    refusal: oneTimeRefusal,
    refuses: oneTimeRefusals,
  },
  ...rowndOperations,
}

/** Keyed by status. Most follow from what a call carries and sends. */
function refusalsOf(route: string, { needs, query, body, also = [] }: PortalRow): Record<number, string[]> {
  const codes: (RefusalCode | 'server_error')[] = [
    ...(needs === 'session'
      ? ([
          'session_required',
          'account_stale',
          'account_no_record',
          'account_orphaned',
          'account_disabled',
          'vomo_unavailable',
        ] as const)
      : []),
    ...(query || body ? (['invalid_request'] as const) : []),
    ...(body ? (['bad_request', 'body_too_large'] as const) : []),
    ...(route.startsWith('GET ') ? [] : (['cross_site_request'] as const)),
    ...also,
    'unknown_host',
    'server_error',
  ]
  const byStatus: Record<number, string[]> = {}
  for (const code of new Set(codes))
    (byStatus[code === 'server_error' ? 500 : refusals[code]] ??= []).push(code)
  return byStatus
}

/** The portal API's error format. */
export const problem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.enum([...Object.keys(refusals), 'server_error']),
  errors: z.record(z.string(), z.string()).optional().describe('each field and the rule it breaks'),
  url: z.url().optional().describe('where it can be done instead'),
  conflicts: z
    .record(z.string(), z.object({ now: z.string().nullable(), yours: z.string().nullable() }))
    .optional()
    .describe('of profile_changed: each field as VOMO has it now, and as it was to become'),
  tries_left: z.int().optional().describe('of code_not_usable: how often another code may be tried'),
})
