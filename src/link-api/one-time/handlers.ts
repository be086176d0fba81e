import { askedBy } from '../../audit.ts'
import { type ApiToken, findApiToken } from '../../customers/applications.ts'
import { campaignPath } from '../../customers/campaign-path.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import type { Tools } from '../../part.ts'
import type { LandingPage } from '../landings.ts'
import {
  candidateAt,
  chooseLanding,
  defaultLifeMs,
  type LandingFaults,
  type Maker,
  makeLink,
} from '../made-link.ts'
import { brokenRules, cannotCreate } from './answers.ts'
import { readBody, readOneTimeFields } from './fields.ts'

/**
 * `POST /v1/users/one-time`: VOMO's own call for a link that signs one person in, once; here it leads into the portal. Where VOMO's
 * help center is silent, it behaves like the sandbox, and a contract test holds both to it.
 *
 * @see https://support.vomo.org/hc/en-us/articles/5463959935373-What-is-a-VOMO-Login-Magic-Link
 */
export function oneTimeHandlers(tools: Tools) {
  const { limits } = tools

  async function create(c: Visited): Promise<Response> {
    const customer = c.get('customer')
    const token = await requireToken(tools, c)
    limits.requireOwn('apiCallsPerToken', token.id)
    if (!token.scopes.includes('links')) throw new Refusal('scope_missing')
    const body = readBody(await c.req.text())
    if (typeof body === 'string') return c.json(brokenRules({ body: [body] }), 400)

    const { address, ipAddress, landing, resource, faults } = readOneTimeFields(body)
    const maker: Maker = {
      customer,
      issuer: { kind: 'application', id: token.applicationId },
      tokenId: token.id,
      mayOpenStaff: token.scopes.includes('staff_links'),
    }
    const candidate = address === undefined ? undefined : await candidateAt(tools, customer, address)
    const choice =
      landing &&
      (await chooseLanding(tools, maker, {
        landing,
        candidate,
        resource,
        campaignPath: (slug) => campaignPath(c, slug),
      }))
    if (choice && 'faults' in choice) Object.assign(faults, inLaravelsWords(choice.faults, choice.landing))
    if (
      !candidate ||
      ipAddress === undefined ||
      !choice ||
      'faults' in choice ||
      Object.keys(faults).length > 0
    )
      return c.json(brokenRules(faults), 422)

    const ip = { rule: customer.linkIpRule, addresses: [ipAddress] }
    const made = await makeLink(askedBy(tools, c), maker, { candidate, choice, ip, lifeMs: defaultLifeMs })
    if ('refused' in made) return c.json(cannotCreate, 500)
    return c.json({ code: 201, message: 'Link Created', data: { auth_link: made.url } }, 201)
  }

  return { create }
}

/** @throws {Refusal} 'credential_required', also for a token of another customer */
async function requireToken(tools: Tools, c: Visited): Promise<ApiToken> {
  const secret = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const token = secret && (await findApiToken(tools, { customerId: c.get('customer').id, secret }))
  if (!token) throw new Refusal('credential_required')
  return token
}

function inLaravelsWords(faults: LandingFaults, landing: LandingPage): Record<string, string[]> {
  const missing = `The resource field is required when landing page is ${landing}.`
  return {
    ...(faults.landing && { landing_page: ['The selected landing page is invalid.'] }),
    ...(faults.resource && {
      resource: [faults.resource === 'missing' ? missing : 'The selected resource is invalid.'],
    }),
  }
}
