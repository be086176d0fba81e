import type { Part, Tools } from '../part.ts'
import { forgetOldMail, mailGauges, mailSender, sendMailJob } from './outbox.ts'

/** The outbox: what is queued leaves, and goes. */
export function mailPart(
  { store, secrets, clock, meter }: Tools,
  by: Pick<Parameters<typeof mailSender>[0], 'transport' | 'accepted'>,
) {
  return {
    workers: { [sendMailJob]: mailSender({ store, secrets, clock, meter, ...by }) },
    forget: [forgetOldMail],
    gauges: mailGauges({ store, clock }),
  } satisfies Part
}
