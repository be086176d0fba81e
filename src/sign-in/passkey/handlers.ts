import { askedBy } from '../../audit.ts'
import type { Visited } from '../../customers/visit.ts'
import { readForm } from '../../http/body.ts'
import { ownPath, seeOther } from '../../http/redirect.ts'
import type { Tools } from '../../part.ts'
import { writeCookie } from '../cookies.ts'
import { browserOf } from '../enter.ts'
import { countMiss } from '../misses.ts'
import type { pageHandlers } from '../page-handlers.tsx'
import { sessionLifeMs } from '../session/sessions.ts'
import { signingOptions, takeChallenge } from './challenge.ts'
import { passkeyFault } from './method.tsx'
import { signInByPasskey } from './sign-in.ts'
import { readSigned } from './verify.ts'

/** Signing in with a passkey. The browser finds the person's own: it is told of none, so strangers learn nothing. */
export function passkeyHandlers(
  tools: Tools,
  { refuseForm }: Pick<ReturnType<typeof pageHandlers>, 'refuseForm'>,
) {
  /** For the script of the sign-in page. */
  async function options(c: Visited): Promise<Response> {
    return c.json(signingOptions(tools, c))
  }

  async function signIn(c: Visited): Promise<Response> {
    const form = await readForm(c)
    const next = ownPath(form.get('next'))
    const signed = readSigned(form.get('credential'))
    const challenge = takeChallenge(tools, c)
    const count = (outcome: 'opened' | 'refused') =>
      tools.meter.count('porchlight_sign_ins_total', { way: 'passkey', outcome })
    const outcome =
      signed && challenge
        ? await signInByPasskey(askedBy(tools, c), {
            customer: c.get('customer'),
            signed,
            challenge,
            browser: browserOf(c),
          })
        : { kind: 'refused' as const }
    if (outcome.kind === 'signed_in') {
      count('opened')
      writeCookie(c, 'porchlight_session', outcome.sessionSecret, sessionLifeMs)
      return seeOther(c, next ?? '/')
    }
    if (outcome.kind === 'refused') await countMiss(tools, c)
    else {
      count('refused')
      tools.wakeJobs()
    }
    return refuseForm(c, passkeyFault(c.get('language')().words, outcome.kind), next)
  }

  return { options, signIn }
}
