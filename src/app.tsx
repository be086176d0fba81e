import { Hono } from 'hono'
import { campaignSlugAt } from './customers/campaign-path.ts'
import { logoFile, logoHeaders } from './customers/logo.ts'
import { settingGroups } from './customers/settings.ts'
import { iconOf, manifestOf, themeOf } from './customers/site.ts'
import type { Handler, Visit, Visited } from './customers/visit.ts'
import { type DemoExamples, descriptionHandlers } from './description/handlers.tsx'
import { type DoorTools, openDoor } from './door.ts'
import { Refusal } from './errors.ts'
import { compress } from './http/compress.ts'
import { ownPath, seeOther, tidiedPath } from './http/redirect.ts'
import { createRouter } from './http/router.ts'
import type { oneTimePart } from './link-api/one-time/part.ts'
import type { rowndPart } from './link-api/rownd/part.ts'
import type { Log } from './log/log.ts'
import { assets } from './page/assets.ts'
import { whileOn } from './sign-in/method.ts'
import type { signInPart } from './sign-in/part.ts'
import type { staffPart } from './staff/part.ts'
import { errorResponse } from './trouble.tsx'
import type { volunteerPart } from './volunteer/part.ts'
import type { webhooksPart } from './webhooks/part.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Route = readonly [Method, string, Handler]

export type Portal = DoorTools & {
  log: Log
  clock: () => number
  /** The parts whose handlers are mounted here. */
  parts: {
    signIn: ReturnType<typeof signInPart>
    volunteer: ReturnType<typeof volunteerPart>
    staff: ReturnType<typeof staffPart>
    oneTime: ReturnType<typeof oneTimePart>
    rownd: ReturnType<typeof rowndPart>
    webhooks: ReturnType<typeof webhooksPart>
  }
  isStopping: () => boolean
  /** Metrics for the holder of a token, by the request's `Authorization`. */
  scrape?: (authorization: string | undefined) => Promise<Response>
  /** Paths of the demo alone: its mailbox. */
  extraRoutes?: readonly Route[] | undefined
  /** The credentials in the demo's API examples. */
  demoExamples?: DemoExamples | undefined
}

export function createApp(portal: Portal): Hono<Visit> {
  const { store, log, clock, parts } = portal
  const signIn = parts.signIn.handlers
  const volunteer = parts.volunteer.handlers
  const staff = parts.staff.handlers
  const oneTime = parts.oneTime.handlers
  const rownd = parts.rownd.handlers
  const { magic } = rownd
  const description = descriptionHandlers({ whoIsHere: signIn.whoIsHere, demo: portal.demoExamples })

  const routes: readonly Route[] = [
    ['GET', '/', volunteer.home],

    ['GET', '/sign-in', signIn.signInPage],
    ['POST', '/sign-in', signIn.ask],
    ['POST', '/sign-in/again', signIn.askAgain],
    ['GET', '/sign-in/check-email', signIn.checkMailPage],
    ['POST', '/sign-in/code', signIn.spendCode],
    ['GET', '/sign-in/password', signIn.password.signInPage],
    ['POST', '/sign-in/password', signIn.password.signIn],
    ['GET', '/sign-in/register', signIn.password.register.page],
    ['POST', '/sign-in/register', signIn.password.register.ask],
    ['GET', '/sign-in/reset', signIn.password.reset.page],
    ['POST', '/sign-in/reset', signIn.password.reset.ask],
    ['GET', '/sign-in/two-records', signIn.twoRecordsPage],
    ['GET', '/sign-in/shared', signIn.sharedPage],
    ['POST', '/sign-in/shared', signIn.chooseShared],
    ['POST', '/sign-in/with/:name', signIn.provider.start],
    ['GET', '/sign-in/with/:name/callback', signIn.provider.finish],
    ['POST', '/sign-in/with/:name/logout', signIn.provider.logOut],
    ['GET', '/sign-in/which-record', signIn.choicePage],
    ['POST', '/sign-in/which-record', signIn.choose],
    ['POST', '/sign-in/passkey/options', signIn.passkey.options],
    ['POST', '/sign-in/passkey', signIn.passkey.signIn],
    ['GET', '/auth', signIn.linkPage],
    ['GET', '/auth/:secret', signIn.linkPage],
    ['POST', '/auth/:secret', signIn.spend],
    ['POST', '/auth/:secret/again', signIn.sendAgain],
    ['GET', '/not-me/:secret', signIn.notMePage],
    ['POST', '/not-me/:secret', signIn.notMe],
    ['GET', '/magiclink/:secret', signIn.made.open],
    ['POST', '/magiclink/:secret', signIn.made.spend],
    ['POST', '/magiclink/:secret/mail', signIn.made.sendMail],
    ['GET', '/l/:id', magic.open],
    ['POST', '/l/:id', magic.spend],
    ['POST', '/l/:id/mail', magic.sendMail],
    ['POST', '/sign-out', signIn.signOut],
    ['POST', '/language', signIn.chooseLanguage],

    ['GET', '/organization/:slug', volunteer.hub],
    ['GET', '/user', volunteer.hours.page],
    ['GET', '/user/hours.csv', volunteer.hours.csv],
    ['GET', '/shifts', volunteer.shifts.page],
    ['GET', '/shifts/:file', volunteer.shifts.one],
    ['GET', '/opportunities', volunteer.opportunities.page],
    ['GET', '/opportunities/:id', volunteer.opportunities.one],
    ['POST', '/calendar', volunteer.shifts.make],
    ['GET', '/calendar', volunteer.shifts.made],
    ['POST', '/calendar/off', volunteer.shifts.switchOff],
    ['GET', '/calendar/:file', volunteer.shifts.feed],
    ['POST', '/reminders', volunteer.reminders.switchOn],
    ['POST', '/reminders/off', volunteer.reminders.switchOff],
    ['GET', '/reminders/off/:token', volunteer.reminders.offPage],
    ['POST', '/reminders/off/:token', volunteer.reminders.offByLink],
    ['GET', '/profile', volunteer.profile.page],
    ['POST', '/profile', volunteer.profile.save],
    ['GET', '/profile/edit', volunteer.profile.edit],
    ['GET', '/account', volunteer.account.page],
    ['GET', '/account/export', volunteer.account.download],
    ['POST', '/account/sessions/end', volunteer.account.endOne],
    ['POST', '/account/sessions/end-others', volunteer.account.endOthers],
    ['POST', '/account/sessions/end-all', volunteer.account.endAll],
    ['GET', '/account/password', signIn.ownPassword.page],
    ['POST', '/account/password', signIn.ownPassword.save],
    ['POST', '/account/password/remove', signIn.ownPassword.remove],
    ['POST', '/account/passkeys/options', signIn.ownPasskeys.options],
    ['POST', '/account/passkeys', signIn.ownPasskeys.add],
    ['POST', '/account/passkeys/remove', signIn.ownPasskeys.remove],
    ['POST', '/account/passkeys/not-now', signIn.ownPasskeys.notNow],
    ['GET', '/account/erase', volunteer.account.erasePage],
    ['POST', '/account/erase', volunteer.account.erase],
    ['GET', '/account/erased', volunteer.account.erasedPage],
    ['GET', '/help', volunteer.help.page],
    ['POST', '/open-in-vomo', volunteer.handOff.open],
    ['GET', '/campaign/:slug', volunteer.campaignBesides],
    ['GET', '/campaign/:slug/picture', volunteer.campaignPicture],

    ['GET', '/admin', staff.home],
    ['GET', '/admin/second-step', staff.secondStep.page],
    ['POST', '/admin/second-step', staff.secondStep.typeCode],
    ['POST', '/admin/second-step/mail', staff.secondStep.mailCode],
    ['POST', '/admin/second-step/passkey/options', staff.secondStep.passkeyOptions],
    ['POST', '/admin/second-step/passkey', staff.secondStep.byPasskey],
    ['GET', '/admin/staff', staff.team.page],
    ['POST', '/admin/staff', staff.team.save],
    ['POST', '/admin/staff/remove', staff.team.remove],
    ['GET', '/admin/settings', staff.settings.overview],
    ...settingGroups.flatMap((group): Route[] => [
      ['GET', `/admin/settings/${group}`, staff.settings.pageOf(group)],
      ['POST', `/admin/settings/${group}`, staff.settings.saveOf(group)],
    ]),
    ['GET', '/admin/settings/record', staff.settings.record.page],
    ['POST', '/admin/settings/record', staff.settings.record.save],
    ['GET', '/admin/settings/words', staff.settings.terms.page],
    ['POST', '/admin/settings/words', staff.settings.terms.save],
    ['GET', '/admin/settings/vomo', staff.settings.vomo.page],
    ['POST', '/admin/settings/vomo', staff.settings.vomo.save],
    ['GET', '/admin/settings/export', staff.settings.export.page],
    ['POST', '/admin/settings/export', staff.settings.export.download],
    ['POST', '/admin/settings/logo', staff.settings.logo.save],
    ['POST', '/admin/settings/logo/remove', staff.settings.logo.remove],
    ['GET', '/admin/announcements', staff.announcements.page],
    ['POST', '/admin/announcements', staff.announcements.send],
    ['POST', '/admin/announcements/remove', staff.announcements.remove],
    ['GET', '/admin/audit', staff.audit.page],
    ['GET', '/admin/audit.csv', staff.audit.csv],
    ['GET', '/admin/applications', staff.applications.list],
    ['POST', '/admin/applications', staff.applications.add],
    ['GET', '/admin/applications/:application', staff.applications.page],
    ['POST', '/admin/applications/:application/tokens', staff.applications.makeToken],
    ['POST', '/admin/applications/:application/revoke', staff.applications.revoke],
    ['POST', '/admin/applications/:application/rotate', staff.applications.rotate],
    ['POST', '/admin/applications/:application/places', staff.applications.savePlaces],
    ['GET', '/admin/applications/:application/fields', staff.applications.fields.list],
    ['POST', '/admin/applications/:application/fields', staff.applications.fields.add],
    ['GET', '/admin/applications/:application/fields/:field', staff.applications.fields.page],
    ['POST', '/admin/applications/:application/fields/:field', staff.applications.fields.save],
    ['GET', '/admin/ways-in', staff.waysIn.list],
    ['GET', '/admin/ways-in/new', staff.waysIn.newPage],
    ['POST', '/admin/ways-in/new', staff.waysIn.make],
    ['GET', '/admin/ways-in/providers/:provider', staff.waysIn.page],
    ['POST', '/admin/ways-in/providers/:provider', staff.waysIn.save],
    ['POST', '/admin/ways-in/providers/:provider/turn', staff.waysIn.turn],
    ['POST', '/admin/ways-in/providers/:provider/remove', staff.waysIn.remove],
    ['POST', '/admin/ways-in/providers/:provider/test', staff.waysIn.startTrial],
    ['GET', '/admin/ways-in/providers/:provider/test', staff.waysIn.trialPage],
    ['GET', '/admin/people', staff.people.find],
    ['POST', '/admin/people', staff.people.meet],
    ['GET', '/admin/people/:person', staff.people.page],
    ['GET', '/admin/people/:person/preview', staff.preview.page],
    ['POST', '/admin/people/:person/preview', staff.preview.start],
    ['POST', '/admin/preview/end', staff.preview.end],
    ['POST', '/admin/people/:person/send', staff.people.send],
    ['POST', '/admin/people/:person/code', staff.people.readCode],
    ['POST', '/admin/people/:person/recheck', staff.people.askVomo],
    ['POST', '/admin/people/:person/end-sessions', staff.people.endSessions],
    ['POST', '/admin/people/:person/disable', staff.people.disable],
    ['POST', '/admin/people/:person/enable', staff.people.enable],
    ['GET', '/admin/people/:person/erase', staff.erase.page],
    ['POST', '/admin/people/:person/erase', staff.erase.erase],
    ['GET', '/admin/problems', staff.problems.list],
    ['GET', '/admin/problems.csv', staff.problems.csv],
    ['POST', '/admin/problems/recheck', staff.problems.recheckAll],
    ['GET', '/admin/problems/:problem', staff.problems.one],
    ['POST', '/admin/problems/:problem/recheck', staff.problems.recheckOne],
    ['POST', '/admin/problems/:problem/close', staff.problems.close],
    ['GET', '/admin/links', staff.links.list],
    ['GET', '/admin/links/new', staff.links.newPage],
    ['POST', '/admin/links/new', staff.links.make],
    ['GET', '/admin/links/lists', staff.linkLists.lists],
    ['POST', '/admin/links/lists', staff.linkLists.upload],
    ['GET', '/admin/links/lists/:list', staff.linkLists.page],
    ['POST', '/admin/links/lists/:list/start', staff.linkLists.start],
    ['POST', '/admin/links/lists/:list/stop', staff.linkLists.stop],
    ['POST', '/admin/links/lists/:list/withdraw', staff.linkLists.withdraw],
    ['POST', '/admin/links/lists/:list/drop', staff.linkLists.drop],
    ['GET', '/admin/links/lists/:list/links.csv', staff.linkLists.file],
    ['GET', '/admin/links/:link', staff.links.page],
    ['POST', '/admin/links/:link/withdraw', staff.links.withdraw],
    ['GET', '/admin/volunteers/:person', staff.volunteer],

    ['GET', '/portal/api/sign-in/methods', signIn.listMethods],
    ['POST', '/portal/api/sign-in', signIn.askByApi],
    ['POST', '/portal/api/sign-in/complete', signIn.complete],
    ['DELETE', '/portal/api/session', signIn.signOutByApi],
    ['GET', '/portal/api/me', volunteer.profile.api.me],
    ['PATCH', '/portal/api/me', volunteer.profile.api.change],
    ['GET', '/portal/api/me/participations', volunteer.hours.api.participations],
    ['GET', '/portal/api/me/hours', volunteer.hours.api.hours],
    ['GET', '/portal/api/me/shifts', volunteer.shifts.api.shifts],
    ['GET', '/portal/api/me/certificates', volunteer.hours.api.certificates],
    ['GET', '/portal/api/me/groups', volunteer.profile.api.groups],
    ['GET', '/portal/api/opportunities', volunteer.opportunities.api.opportunities],
    ['GET', '/portal/api/opportunities/:id', volunteer.opportunities.api.opportunity],
    ['GET', '/portal/api/me/sessions', volunteer.account.api.sessions],
    ['DELETE', '/portal/api/me/sessions/:id', volunteer.account.api.endSession],
    ['GET', '/portal/api/me/export', volunteer.account.api.export],
    ['GET', '/portal/api/limits', volunteer.help.api.limits],
    ['POST', '/portal/api/open-in-vomo', volunteer.handOff.openByApi],
    ['POST', '/v1/users/one-time', oneTime.create],

    ['GET', '/hub/app-config', rownd.application.config],
    ['GET', '/hub/auth/.well-known/oauth-authorization-server', rownd.tokens.metadata],
    ['GET', '/.well-known/oauth-authorization-server', rownd.tokens.metadata],
    ['GET', '/.well-known/openid-configuration', rownd.tokens.metadata],
    ['GET', '/hub/auth/keys', rownd.tokens.keys],
    ['POST', '/hub/auth/token', rownd.tokens.renew],
    ['POST', '/hub/auth/magic', magic.create],
    ['GET', '/hub/auth/magic/robots.txt', robots],
    ['GET', '/hub/auth/magic/:id', magic.open],
    ['POST', '/hub/auth/handoff', magic.exchange],
    ['POST', '/me/auth/magic', magic.createOwn],

    ['GET', '/applications/:app/users/data', rownd.profiles.list],
    ['PUT', '/applications/:app/users/data', rownd.profiles.putMany],
    ['POST', '/applications/:app/users/actions', rownd.profiles.act],
    ['GET', '/applications/:app/users/:user/data', rownd.profiles.read],
    ['PUT', '/applications/:app/users/:user/data', rownd.profiles.put],
    ['PATCH', '/applications/:app/users/:user/data', rownd.profiles.patch],
    ['DELETE', '/applications/:app/users/:user/data', rownd.profiles.remove],
    ['GET', '/applications/:app/users/:user/data/fields/:field', rownd.profiles.readField],
    ['PUT', '/applications/:app/users/:user/data/fields/:field', rownd.profiles.putField],
    ['POST', '/applications/:app/users/:user/state', rownd.profiles.setState],
    ['POST', '/applications/:app/users/:user/signout', rownd.profiles.signOut],

    ['GET', '/applications/:app/groups', rownd.circles.list],
    ['POST', '/applications/:app/groups', rownd.circles.create],
    ['GET', '/applications/:app/groups/:group', rownd.circles.read],
    ['PUT', '/applications/:app/groups/:group', rownd.circles.put],
    ['DELETE', '/applications/:app/groups/:group', rownd.circles.remove],
    ['GET', '/applications/:app/groups/:group/members', rownd.circles.listMembers],
    ['POST', '/applications/:app/groups/:group/members', rownd.circles.addMember],
    ['GET', '/applications/:app/groups/:group/members/:member', rownd.circles.readMember],
    ['PUT', '/applications/:app/groups/:group/members/:member', rownd.circles.putMember],
    ['DELETE', '/applications/:app/groups/:group/members/:member', rownd.circles.removeMember],
    ['GET', '/applications/:app/groups/:group/invites', rownd.invites.list],
    ['POST', '/applications/:app/groups/:group/invites', rownd.invites.create],
    ['GET', '/applications/:app/groups/:group/invites/:invite', rownd.invites.read],
    ['PUT', '/applications/:app/groups/:group/invites/:invite', rownd.invites.put],
    ['DELETE', '/applications/:app/groups/:group/invites/:invite', rownd.invites.remove],

    ['GET', '/me', rownd.me.read],
    ['GET', '/me/applications/:app/data', rownd.me.read],
    ['PUT', '/me/applications/:app/data', rownd.me.write],
    ['DELETE', '/me/applications/:app/data', rownd.me.remove],
    ['GET', '/me/applications/:app/data/fields/:field', rownd.me.readField],
    ['PUT', '/me/applications/:app/data/fields/:field', rownd.me.putField],
    ['POST', '/me/applications/:app/signout', rownd.me.signOut],

    ['POST', '/webhooks/vomo/:customer', parts.webhooks.handlers.take],

    ['GET', '/manifest.webmanifest', manifest],
    ['GET', '/robots.txt', robots],
    ['GET', '/openapi.json', description.asJson],
    ['GET', '/docs/api', description.page],

    ...(portal.extraRoutes ?? []),
  ]

  const app = new Hono<Visit>({ router: createRouter() })
  const ownSegments = new Set<string>()
  const enter = openDoor(portal, ownSegments)

  const atAnyHost = (path: string, serve: Handler) =>
    app.get(path, (c) => {
      c.env.outgoing.route = path
      return serve(c)
    })

  atAnyHost('/healthz', (c) => c.text('ok\n'))
  atAnyHost('/readyz', async (c) => {
    if (portal.isStopping()) return c.text('stopping\n', 503)
    try {
      await store.read(store.db.selectFrom('customer').select('id').limit(1).compile())
    } catch {
      return c.text('the database does not answer\n', 503)
    }
    if (!(await store.canWrite())) return c.text('the database cannot be written\n', 503)
    return c.text('ready\n')
  })

  const { scrape } = portal
  if (scrape) atAnyHost('/metrics', (c) => scrape(c.req.header('authorization')))

  // The page for an unknown host uses the stylesheet, too.
  for (const asset of assets) {
    atAnyHost(asset.path, (c) => compress(c, c.body(asset.body, 200, cachedForever(asset.type))))
  }
  app.get(
    '/assets/:theme{theme-[0-9a-f]+\\.css}',
    enter('/assets/:theme', (c) =>
      c.body(themeOf(c.get('customer')), 200, cachedForever('text/css; charset=utf-8')),
    ),
  )
  app.get(
    '/assets/:icon{icon-[0-9a-f]+\\.png}',
    enter('/assets/:icon', (c) => c.body(iconOf(c.get('customer')), 200, cachedForever('image/png'))),
  )
  app.get(
    '/assets/:logo{logo-[0-9a-f]+\\.[a-z]+}',
    enter('/assets/:logo', async (c) => {
      const file = await logoFile(store, c.get('customer'), c.req.path.slice('/assets/'.length))
      if (!file) throw new Refusal('not_found')
      return c.body(new Uint8Array(file.body), 200, { ...cachedForever(file.type), ...logoHeaders })
    }),
  )
  // One handler per path, and no middleware: Hono then calls it without building a chain.
  for (const [method, path, handler] of routes) {
    const route = `${method} ${path}`
    const served = whileOn(parts.signIn.methods, route, handler)
    app.on(method, path, enter(path, staff.preview.guarded(route, served)))
  }

  for (const { path } of app.routes) ownSegments.add(path.split('/')[1] ?? '')
  const methods = [...new Set(routes.map(([method]) => method))]

  // A path without a route may be a campaign. Not a route itself: beside one open segment, Hono would try the other routes one by
  // one.
  app.notFound(
    enter('none', (c) => {
      const methodsAt = (path: string) =>
        methods.filter((method) => app.router.match(method, path)[0].length > 0)
      const taken = methodsAt(c.req.path)
      if (taken.length > 0) {
        c.header('allow', (taken.includes('GET') ? ['HEAD', ...taken] : taken).join(', '))
        throw new Refusal('method_not_allowed')
      }
      const slug = campaignSlugAt(c, c.req.path)
      if (slug !== undefined) {
        c.env.outgoing.route = '/:campaign'
        const show = (visited: Visited) => volunteer.campaign(visited, slug)
        return staff.preview.guarded('GET /:campaign', show)(c)
      }
      const tidied = tidiedPath(c.req.path)
      const isOurs =
        tidied !== undefined && (methodsAt(tidied).length > 0 || campaignSlugAt(c, tidied) !== undefined)
      if (!isOurs) throw new Refusal('not_found')
      // A query too long for an address of ours is dropped.
      return seeOther(c, ownPath(tidied + new URL(c.req.url).search) ?? tidied, 308)
    }),
  )
  app.onError(async (error, c) =>
    compress(c, await errorResponse(c, error, { log, clock, whoIsHere: signIn.whoIsHere })),
  )
  return app
}

function manifest(c: Visited): Response {
  return c.json(manifestOf(c.get('customer')), 200, { 'content-type': 'application/manifest+json' })
}

/** Search engines must not index people's pages or links. */
function robots(c: Visited): Response {
  return c.text('User-agent: *\nDisallow: /\n')
}

function cachedForever(type: string): Record<string, string> {
  return { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }
}
