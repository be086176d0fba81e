import { askedBy, during, recordAudit } from '../../audit.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { contentPolicy } from '../../http/content-policy.ts'
import { ownPath, seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { readCookie, writeCookie } from '../../sign-in/cookies.ts'
import { countMiss } from '../../sign-in/misses.ts'
import { pathWithNext } from '../../sign-in/page-shared.tsx'
import { signingOptions, takeChallenge } from '../../sign-in/passkey/challenge.ts'
import { readSigned } from '../../sign-in/passkey/verify.ts'
import { hasSecondStep, secondStepPath } from '../../sign-in/session/second-step.ts'
import { type Session, sessionLifeMs } from '../../sign-in/session/sessions.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { stepByPasskey } from './by-passkey.ts'
import { hasStepCode, mailStepCode, stepByCode } from './codes.ts'
import { ledHere, SecondStepPage, type StepFault } from './page.tsx'
import { type StepWays, stepWaysOf } from './ways.ts'

type Shown = { next: string | undefined; fault: StepFault | undefined }

/** Where staff prove once more who they are, and from where they go on to what they wanted. */
export function secondStepHandlers(tools: Tools) {
  const { store, clock } = tools
  const forMember = staffForms(tools, { role: 'viewer', fresh: false, page: secondStepPath })

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'viewer')
    const next = ownPath(c.req.query('next'))
    if (hasSecondStep(member.session, member.nowMs)) return seeOther(c, next ?? '/admin')
    const failed = ledHere.find((why) => why === c.req.query('failed'))
    return render(c, member, { next, fault: failed && { of: failed } })
  }

  const mailCode = forMember(async (c, { customer, person, session, form }) => {
    const back = pathWithNext(secondStepPath, ownPath(form.get('next')))
    if ((await stepWaysOf(tools, customer, person)).code)
      await mailStepCode(askedBy(tools, c), { customer, session, language: c.get('language')() })
    return seeOther(c, back)
  })

  const typeCode = forMember(async (c, { form, ...member }) => {
    const { customer, person, session } = member
    const next = ownPath(form.get('next'))
    const ways = await stepWaysOf(tools, customer, person)
    if (!ways.code) return seeOther(c, pathWithNext(secondStepPath, next))
    const typed = form.get('code') ?? ''
    const taken = await stepByCode(askedBy(tools, c), { session, secret: secretOf(c), typed })
    if ('secret' in taken) return goOn(c, taken.secret, next)
    if (taken.error === 'wrong') await countMiss(tools, c)
    return show(c, member, { next, ways, fault: { of: 'code', typed, ...taken } })
  })

  async function passkeyOptions(c: Visited): Promise<Response> {
    const { session } = await requireStaff(tools, c, 'viewer')
    return c.json(signingOptions(tools, c, challengeFor(session)))
  }

  const byPasskey = forMember(async (c, { form, ...member }) => {
    const { customer, session } = member
    const next = ownPath(form.get('next'))
    const signed = readSigned(form.get('credential'))
    const challenge = takeChallenge(tools, c, challengeFor(session))
    const by = signed && challenge && { customer, session, secret: secretOf(c), signed, challenge }
    const taken = by ? await stepByPasskey(askedBy(tools, c), by) : ({ refused: 'passkey' } as const)
    if ('secret' in taken) return goOn(c, taken.secret, next)
    const { refused } = taken
    const event = { customerId: customer.id, atMs: clock(), kind: 'second_step.failed' } as const
    const detail = { by: 'passkey', because: refused }
    await store.write(
      during(c, () => recordAudit(store.db, { ...event, personId: session.person.id, detail })),
    )
    if (refused === 'copied') tools.wakeJobs()
    else await countMiss(tools, c)
    return render(c, member, { next, fault: { of: refused } })
  })

  function goOn(c: Visited, secret: string, next: string | undefined): Response {
    writeCookie(c, 'porchlight_session', secret, sessionLifeMs)
    return seeOther(c, next ?? '/admin')
  }

  async function render(c: Visited, member: Member, shown: Shown): Promise<Response> {
    return show(c, member, { ...shown, ways: await stepWaysOf(tools, member.customer, member.person) })
  }

  async function show(
    c: Visited,
    { person, session, nowMs }: Member,
    { next, fault, ways }: Shown & { ways: StepWays },
  ): Promise<Response> {
    const shown = (
      <SecondStepPage
        {...frameOf(c, pathWithNext(secondStepPath, next))}
        ways={ways}
        isCodeSent={ways.code && (await hasStepCode(store, session, nowMs))}
        address={person.address}
        {...{ next, fault }}
      />
    )
    const headers = { 'content-security-policy': contentPolicy({ asks: ways.passkey }) }
    return c.html(renderPage(shown), fault && c.req.method === 'POST' ? 422 : 200, headers)
  }

  return { page, mailCode, typeCode, passkeyOptions, byPasskey }
}

function secretOf(c: Visited): string {
  return readCookie(c, 'porchlight_session') ?? ''
}

/** Unlike the session's id alone, by which it adds a passkey. */
function challengeFor({ id }: Session): string {
  return `step-${id}`
}
