import { isLandingPage, landingPages } from '../site/landing-pages.ts'
import { magicLinkPath } from '../site/site-paths.ts'
import { isIpAddress } from '../world/ip-address.ts'
import { findByEmail, isStaff } from '../world/people.ts'
import type { IndexedRecords, User } from '../world/world.ts'
import type { Answer } from './answers.ts'
import type { Endpoint } from './call.ts'
import { type Faults, type Fields, makeFaults, parseObject, present, readEmail } from './posted.ts'

/**
 * `POST /users/one-time`: a link that signs one person in at VOMO's site, once.
 *
 * Where VOMO's help center is silent, the sandbox assumes:
 * - Texts are trimmed, and an empty text or null counts as absent, as in a stock Laravel. Unknown fields are ignored.
 * - Each field has at most one error. All errors come at once, including a landing or resource that is not allowed.
 * - A JSON body that is not an object counts as empty. A body that is not JSON is a 400, with the place in `errors.body`.
 * - `resource` is ignored when the landing needs none. A user id may be a number or digits.
 * - `admin` and `admin_resume` are for active staff; for other users the landing page is invalid.
 * - Field errors come first; then a person who is unknown, removed, deleted, or one of two with that address is a 500.
 */
export const createOneTimeLink: Endpoint = (call) => {
  const body = parseObject(call.body)
  if (typeof body === 'string') return refuse(400, { body: [body] })

  const faults = makeFaults()
  const email = readEmail(body, faults)
  const ipAddress = readIpAddress(body, faults)
  const user = email === undefined ? undefined : findByEmail(call.records.users, email)
  const path = readLanding(body, { user, records: call.records, faults })
  if (faults.areFound()) return refuse(422, faults.errors)

  if (!user || ipAddress === undefined || path === undefined) return cannotCreate
  const grant = { customerSlug: call.customer.slug, userId: user.id, ipAddress, path }
  const token = call.links.issue(grant, call.options.link_life_ms)
  const auth_link = call.siteOrigin + magicLinkPath(token)
  return { status: 201, body: { code: 201, message: 'Link Created', data: { auth_link } } }
}

const cannotCreate: Answer = { status: 500, body: { message: 'Error', errors: 'Unable to create link.' } }

function refuse(status: 400 | 422, errors: Record<string, string[]>): Answer {
  return { status, body: { status: 'error', message: 'Error', errors } }
}

function readIpAddress(body: Fields, faults: Faults): string | undefined {
  const address = present(body.ip_address)
  if (typeof address === 'string' && isIpAddress(address)) return address
  faults.add(
    'ip_address',
    address === undefined
      ? 'The ip address field is required.'
      : 'The ip address must be a valid IP address.',
  )
  return undefined
}

type Landing = { user: User | undefined; records: IndexedRecords; faults: Faults }

/** @returns the path on VOMO's site, or undefined after it adds an error */
function readLanding(body: Fields, { user, records, faults }: Landing): string | undefined {
  const name = present(body.landing_page) ?? 'hub'
  if (!isLandingPage(name)) {
    faults.add('landing_page', 'The selected landing page is invalid.')
    return undefined
  }
  const landing = landingPages[name]
  if (landing.isForStaff && user && !isStaff(user)) {
    faults.add('landing_page', 'The selected landing page is invalid.')
  }
  const resource = present(body.resource)
  if (landing.needsResource && resource === undefined) {
    faults.add('resource', `The resource field is required when landing page is ${name}.`)
    return undefined
  }
  const path = landing.pathTo(records, isNumberOrText(resource) ? String(resource) : '')
  if (path === undefined) faults.add('resource', 'The selected resource is invalid.')
  return path
}

function isNumberOrText(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string'
}
