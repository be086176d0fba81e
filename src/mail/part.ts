import type { Part, Tools } from '../part.ts'
import { forgetOldMail, mailGauges, sendMailJob } from './outbox.ts'
import { mailSender } from './sender.ts'

/** The outbox: what is queued leaves, and goes. */
export function mailPart(
  { store, secrets, clock, meter }: Tools,
  by: Pick<Parameters<typeof mailSender>[0], 'transport' | 'accepted' | 'inSpan'>,
) {
  return {
    workers: { [sendMailJob]: mailSender({ store, secrets, clock, meter, ...by }) },
    forget: [forgetOldMail],
    gauges: mailGauges({ store, clock }),
  } satisfies Part
}
