import type { HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { SandboxOptions } from '../options.ts'
import { isIpAddress } from '../world/ip-address.ts'
import { fullName, isStaff } from '../world/people.ts'
import { type IndexedRecords, rootOrganization } from '../world/world.ts'
import type { OneTimeLinks } from './one-time-links.ts'
import { paintPicture } from './picture.ts'
import { showPage } from './site-page.ts'
import { adminPath, hubPath, loginPath, logoutPath, picturePath, resumePath } from './site-paths.ts'
import { makeSiteSessions, type Visitor } from './site-sessions.ts'

type SiteParts = {
  recordsBySlug: ReadonlyMap<string, IndexedRecords>
  options: SandboxOptions
  links: OneTimeLinks
  clock: () => number
}

type Env = { Bindings: HttpBindings }

/**
 * The pages VOMO would show a person: landings, not a copy of VOMO's design.
 *
 * A project and a campaign are public, as in VOMO; the hub and everything below `/user` and `/admin` require a sign-in.
 */
export function site({ recordsBySlug, options, links, clock }: SiteParts): Hono<Env> {
  const sessions = makeSiteSessions(recordsBySlug, clock)
  const allRecords = [...recordsBySlug.values()]

  function showCampaign(c: Context<Env, '/:slug'>) {
    const slug = c.req.param('slug')
    const visitor = sessions.visitor(c)
    const records = allRecords.find(({ campaigns }) => campaigns.some((each) => each.slug === slug))
    const campaign = records?.campaigns.find((each) => each.slug === slug)
    if (!records || !campaign) return nothingHere(c, visitor)
    const body = html`<p>${rootOrganization(records).name}</p><p>${campaign.description}</p>`
    return showPage(c, { title: campaign.name, visitor, body })
  }

  return new Hono<Env>()
    .get('/', (c) => {
      const visitor = sessions.visitor(c)
      return c.redirect(visitor ? hubPath(rootOrganization(visitor.records)) : loginPath)
    })
    .get('/favicon.ico', (c) => c.body(null, 204))
    .get('/magiclink/:token', (c) => {
      // Hono answers HEAD with GET's route; a HEAD must not spend the link.
      if (c.req.method !== 'GET') return c.body(null, 405, { Allow: 'GET' })
      const grant = links.click(c.req.param('token'), addressOf(c, options), {
        isIpChecked: options.ip_check === 'strict',
        doesWrongIpSpend: options.wrong_ip_spends_link,
      })
      if (grant === 'wrong address') return wrongAddress(c, sessions.visitor(c))
      if (grant === 'not usable' || !sessions.begin(c, grant)) return notUsable(c, sessions.visitor(c))
      c.header('Cache-Control', 'no-store')
      c.header('Referrer-Policy', 'no-referrer')
      return c.redirect(grant.path)
    })
    .get(loginPath, (c) => {
      const body = html`<p id="login">This is the stand-in for VOMO's sign-in page. There are no passwords here: the way in is a one-time link.</p>`
      return showPage(c, { title: 'Sign in to VOMO', visitor: sessions.visitor(c), body })
    })
    .post(logoutPath, (c) => {
      sessions.end(c)
      return c.redirect(loginPath)
    })
    .get('/organization/:slug', (c) => {
      const visitor = sessions.visitor(c)
      if (!visitor) return c.redirect(loginPath)
      const { organizations } = visitor.records
      const organization = organizations.find(({ slug }) => slug === c.req.param('slug'))
      if (!organization) return nothingHere(c, visitor)
      const body = html`<p>The hub of ${organization.name}.</p><p>${organization.description}</p>`
      return showPage(c, { title: organization.name, visitor, body })
    })
    .get(resumePath, (c) => {
      const visitor = sessions.visitor(c)
      if (!visitor) return c.redirect(loginPath)
      const body = html`<p>The volunteer resume of ${fullName(visitor.user)}.</p>`
      return showPage(c, { title: 'My volunteer resume', visitor, body })
    })
    .get(adminPath, (c) => {
      const visitor = sessions.visitor(c)
      if (!visitor) return c.redirect(loginPath)
      if (!isStaff(visitor.user)) return forStaffOnly(c, visitor)
      const body = html`<p>The dashboard of ${rootOrganization(visitor.records).name}.</p>`
      return showPage(c, { title: 'Admin dashboard', visitor, body })
    })
    .get(`${adminPath}/volunteers/:id`, (c) => {
      const visitor = sessions.visitor(c)
      if (!visitor) return c.redirect(loginPath)
      if (!isStaff(visitor.user)) return forStaffOnly(c, visitor)
      const volunteer = visitor.records.users.find(({ id }) => String(id) === c.req.param('id'))
      if (!volunteer || volunteer.is_removed) return nothingHere(c, visitor)
      const body = html`<p id="volunteer">${fullName(volunteer)}, ${volunteer.email}</p>`
      return showPage(c, { title: 'Volunteer resume, as staff see it', visitor, body })
    })
    .get('/project/:slug', (c) => {
      const visitor = sessions.visitor(c)
      for (const { projects, organizationById } of allRecords) {
        const project = projects.find((each) => each.slug === c.req.param('slug') && !each.draft)
        if (!project) continue
        const organization = organizationById.get(project.organization_id)?.name
        const body = html`<p>${organization}</p><p>${project.description}</p>`
        return showPage(c, { title: project.name, visitor, body })
      }
      return nothingHere(c, visitor)
    })
    .get('/pictures/:file', (c) => {
      const campaign = allRecords
        .flatMap(({ campaigns }) => campaigns)
        .find((each) => c.req.path === picturePath(each))
      if (!campaign?.has_picture) return nothingHere(c, sessions.visitor(c))
      return c.body(paintPicture(campaign.id), 200, { 'Content-Type': 'image/png' })
    })
    .get('/campaign/:slug', showCampaign)
    .get('/:slug', showCampaign)
    .all('*', (c) => nothingHere(c, sessions.visitor(c)))
}

function addressOf(c: Context<Env>, options: SandboxOptions): string {
  const forwarded = c.req.header('x-forwarded-for')?.split(',')[0]?.trim() ?? ''
  if (options.trust_forwarded_for && isIpAddress(forwarded)) return forwarded
  return getConnInfo(c).remote.address ?? ''
}

function notUsable(c: Context, visitor: Visitor | undefined) {
  const body = html`<p id="link-dead">It was used before, is too old, or never was one.</p>${otherWay}`
  return showPage(c, { title: 'This link is no longer valid', visitor, body, status: 410 })
}

function wrongAddress(c: Context, visitor: Visitor | undefined) {
  const body = html`<p id="link-elsewhere">It was made for another network address than the one you come from.</p>${otherWay}`
  return showPage(c, { title: 'This link cannot be used from here', visitor, body, status: 403 })
}

const otherWay = html`<p><a href="${loginPath}">Sign in at VOMO</a></p>`

function forStaffOnly(c: Context, visitor: Visitor) {
  const body = html`<p>Only staff of the organization see this page.</p>`
  return showPage(c, { title: 'Not for you', visitor, body, status: 403 })
}

function nothingHere(c: Context, visitor: Visitor | undefined) {
  const body = html`<p>There is no such page.</p>`
  return showPage(c, { title: 'Nothing here', visitor, body, status: 404 })
}
