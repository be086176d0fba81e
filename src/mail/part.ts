import type { Part, Tools } from '../part.ts'
import { forgetOldMail, mailSender, sendMailJob } from './outbox.ts'

/** The outbox: what is queued leaves, and goes. */
export function mailPart(
  { store, secrets, clock }: Tools,
  by: Pick<Parameters<typeof mailSender>[0], 'transport' | 'accepted'>,
) {
  return {
    workers: { [sendMailJob]: mailSender({ store, secrets, clock, ...by }) },
    forget: [forgetOldMail],
  } satisfies Part
}
