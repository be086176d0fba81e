import type { Part } from './openapi.ts'

/** What an example shows in place of a credential. The demo fills in real ones. */
export const placeholders = {
  EMAIL: 'ana@example.org',
  TOKEN: 'your-api-token',
  APP: 'your-application-id',
  KEY: 'your-app-key',
  SECRET: 'your-app-secret',
} as const

export type ExampleValues = Readonly<Record<keyof typeof placeholders, string>>

/** Pasted once, before a part's calls. */
export function firstLines(part: Part, origin: string, values: ExampleValues): string {
  const given = (...names: (keyof typeof placeholders)[]) => names.map((name) => `${name}='${values[name]}'`)
  const lines = {
    portal: [`PORTAL='${origin}'`, ...given('EMAIL')],
    vomo: [`PORTAL='${origin}'`, ...given('EMAIL', 'TOKEN')],
    rownd: [
      `PORTAL='${origin}'`,
      ...given('APP'),
      'cat > app.headers <<END',
      `x-rownd-app-key: ${values.KEY}`,
      `x-rownd-app-secret: ${values.SECRET}`,
      'content-type: application/json',
      'END',
      // The first string with that name in an answer.
      `field() { grep -o "\\"$1\\":\\"[^\\"]*\\"" | head -1 | cut -d'"' -f4; }`,
    ],
  } as const satisfies Record<Part, readonly string[]>
  return lines[part].join('\n')
}

const json = "-H 'content-type: application/json'"
const fromHere = '-H "origin: $PORTAL"'
/** The shell would expand a `?` in a path. */
const url = (path: string) => (path.includes('?') ? `"$PORTAL${path}"` : `$PORTAL${path}`)
const own = (path: string) => `curl -b cookies ${url(`/portal/api/${path}`)}`
const byApp = (path: string, rest = '') => `curl -H @app.headers ${url(path)}${rest}`
const users = '/applications/$APP/users'
const groups = '/applications/$APP/groups'
const bySelf = (path: string, rest = '') => `curl -H @user.headers ${url(path)}${rest}`
/** Continues as the user whose tokens these are. */
const asUser =
  'printf "authorization: Bearer $(echo "$TOKENS" | field access_token)\\ncontent-type: application/json\\n" > user.headers'
const data = (body: string) => ` -d '${body}'`
const put = (body: string) => ` -X PUT${data(body)}`

/** One curl command per route, in an order in which a reader can paste them one after another. */
export const examples: Readonly<Record<string, string>> = {
  'GET /portal/api/sign-in/methods': `curl $PORTAL/portal/api/sign-in/methods`,
  'POST /portal/api/sign-in': `curl -c cookies $PORTAL/portal/api/sign-in ${fromHere} ${json} -d '{"email":"'$EMAIL'"}'`,
  'POST /portal/api/sign-in/complete': `curl -b cookies -c cookies $PORTAL/portal/api/sign-in/complete ${fromHere} ${json} -d '{"code":"'$CODE'"}'`,
  'GET /portal/api/me': own('me'),
  'PATCH /portal/api/me': `${own('me')} -X PATCH ${fromHere} ${json} -d '{"phone":"(202) 555-0142"}'`,
  'GET /portal/api/me/participations': own('me/participations?status=counted'),
  'GET /portal/api/me/hours': own('me/hours'),
  'GET /portal/api/me/shifts': own('me/shifts'),
  'GET /portal/api/me/sessions': own('me/sessions'),
  'GET /portal/api/me/export': `${own('me/export')} -o my-data.json`,
  'GET /portal/api/me/certificates': own('me/certificates'),
  'GET /portal/api/me/groups': own('me/groups'),
  'GET /portal/api/opportunities': own('opportunities?when=month'),
  'GET /portal/api/opportunities/:id': `ID=$(${own('opportunities').replace('curl', 'curl -s')} | grep -o '[b-t]\\{32\\}' | tail -1)\n${own('opportunities/$ID')}`,
  'GET /portal/api/limits': own('limits'),
  'POST /portal/api/open-in-vomo': `${own('open-in-vomo')} ${fromHere} ${json} -d '{"landing":"hub"}'`,
  'DELETE /portal/api/me/sessions/:id': `ID=$(${own('me/sessions').replace('curl', 'curl -s')} | grep -o 'ses_[A-Za-z0-9]*' | tail -1)\n${own('me/sessions/$ID')} -X DELETE ${fromHere}`,
  'DELETE /portal/api/session': `${own('session')} -X DELETE ${fromHere}`,

  'POST /v1/users/one-time': `curl $PORTAL/v1/users/one-time -H "authorization: Bearer $TOKEN" ${json} \\\n  -d '{"email":"'$EMAIL'","ip_address":"127.0.0.1","landing_page":"resume"}'`,

  'GET /hub/app-config': byApp('/hub/app-config'),
  'GET /hub/auth/.well-known/oauth-authorization-server':
    'curl $PORTAL/hub/auth/.well-known/oauth-authorization-server',
  'GET /.well-known/oauth-authorization-server': 'curl $PORTAL/.well-known/oauth-authorization-server',
  'GET /.well-known/openid-configuration': 'curl $PORTAL/.well-known/openid-configuration',
  'GET /hub/auth/keys': 'curl $PORTAL/hub/auth/keys',
  'POST /hub/auth/magic': `LINK=$(${byApp('/hub/auth/magic', data('{"data":{"email":"ana@example.org"}}'))} | field link)\necho "$LINK"`,
  'GET /hub/auth/magic/:id': `TOKENS=$(curl -A 'rownd sdk' $LINK)\n${asUser}\necho "$TOKENS"`,
  'POST /hub/auth/token': `curl $PORTAL/hub/auth/token ${json} -d '{"refresh_token":"'$(echo "$TOKENS" | field refresh_token)'"}'`,
  'POST /me/auth/magic': bySelf('/me/auth/magic', ' -X POST'),

  'GET /applications/:app/users/data': byApp(`${users}/data?page_size=10`),
  'PUT /applications/:app/users/data': byApp(
    `${users}/data`,
    put(
      '{"users":[{"user_id":"ben","data":{"first_name":"Ben"}},{"user_id":"cleo","data":{"email":"cleo@example.org"}}]}',
    ),
  ),
  'POST /applications/:app/users/actions': byApp(
    `${users}/actions`,
    data('{"actions":[{"action":"delete","user":{"data":{"email":"cleo@example.org"}}}]}'),
  ),
  'GET /applications/:app/users/:user/data': byApp(`${users}/ben/data`),
  'PUT /applications/:app/users/:user/data': byApp(`${users}/ben/data`, put('{"data":{"zip_code":"61265"}}')),
  'PATCH /applications/:app/users/:user/data': byApp(
    `${users}/ben/data`,
    ` -X PATCH${data('{"data":{"last_name":"Ito"}}')}`,
  ),
  'GET /applications/:app/users/:user/data/fields/:field': byApp(`${users}/ben/data/fields/zip_code`),
  'PUT /applications/:app/users/:user/data/fields/:field': byApp(
    `${users}/ben/data/fields/zip_code`,
    put('{"value":"61201"}'),
  ),
  'POST /applications/:app/users/:user/state': byApp(`${users}/ben/state`, data('{"state":"enabled"}')),
  'POST /applications/:app/users/:user/signout': byApp(`${users}/ben/signout`, data('{"sign_out_all":true}')),

  'GET /applications/:app/groups': byApp(groups),
  'POST /applications/:app/groups': `GROUP=$(${byApp(groups, data('{"name":"Saturday crew"}'))} | field id)\necho "$GROUP"`,
  'GET /applications/:app/groups/:group': byApp(`${groups}/$GROUP`),
  'PUT /applications/:app/groups/:group': byApp(`${groups}/$GROUP`, put('{"admission_policy":"open"}')),
  'GET /applications/:app/groups/:group/members': byApp(`${groups}/$GROUP/members`),
  'POST /applications/:app/groups/:group/members': `${byApp(`${groups}/$GROUP/members`, data('{"user_id":"ben","roles":["owner"]}'))}\nMEMBER=$(${byApp(`${groups}/$GROUP/members`, data('{"user_id":"ana@example.org","roles":["member"]}'))} | field id)`,
  'GET /applications/:app/groups/:group/members/:member': byApp(`${groups}/$GROUP/members/$MEMBER`),
  'PUT /applications/:app/groups/:group/members/:member': byApp(
    `${groups}/$GROUP/members/$MEMBER`,
    put('{"roles":["editor"]}'),
  ),
  'DELETE /applications/:app/groups/:group/members/:member': byApp(
    `${groups}/$GROUP/members/$MEMBER`,
    ' -X DELETE',
  ),
  'GET /applications/:app/groups/:group/invites': byApp(`${groups}/$GROUP/invites`),
  'POST /applications/:app/groups/:group/invites': `INVITE=$(${byApp(`${groups}/$GROUP/invites`, data('{"email":"dora@example.org","roles":["member"]}'))} | field id)\necho "$INVITE"`,
  'GET /applications/:app/groups/:group/invites/:invite': byApp(`${groups}/$GROUP/invites/$INVITE`),
  'PUT /applications/:app/groups/:group/invites/:invite': byApp(
    `${groups}/$GROUP/invites/$INVITE`,
    put('{"roles":["editor"]}'),
  ),
  'DELETE /applications/:app/groups/:group/invites/:invite': byApp(
    `${groups}/$GROUP/invites/$INVITE`,
    ' -X DELETE',
  ),
  'DELETE /applications/:app/groups/:group': byApp(`${groups}/$GROUP`, ' -X DELETE'),
  'DELETE /applications/:app/users/:user/data': byApp(`${users}/ben/data`, ' -X DELETE'),

  'GET /me': bySelf('/me'),
  'GET /me/applications/:app/data': bySelf('/me/applications/$APP/data'),
  'PUT /me/applications/:app/data': bySelf(
    '/me/applications/$APP/data',
    put('{"data":{"first_name":"Ana"}}'),
  ),
  'GET /me/applications/:app/data/fields/:field': bySelf('/me/applications/$APP/data/fields/first_name'),
  'PUT /me/applications/:app/data/fields/:field': bySelf(
    '/me/applications/$APP/data/fields/first_name',
    put('{"value":"Anna"}'),
  ),
  'DELETE /me/applications/:app/data': bySelf('/me/applications/$APP/data', ' -X DELETE'),
  'POST /me/applications/:app/signout': `LINK=$(${byApp('/hub/auth/magic', data('{"data":{"email":"ana@example.org"}}'))} | field link)\nTOKENS=$(curl -A 'rownd sdk' $LINK)\n${asUser}\n${bySelf('/me/applications/$APP/signout', ' -X POST')}`,
}

/** This call needs a code that only its recipient has; in the demo, the mailbox shows it. */
export function codeLine(mailbox: string | undefined): string {
  return mailbox === undefined
    ? "CODE='the code from the email'"
    : `CODE=$(sleep 1; curl -s "${mailbox}?to=$EMAIL" | grep -o '"code":"[^"]*"' | head -1 | cut -d'"' -f4)`
}
