import type { Person } from '../../accounts/people.ts'
import type { Link, LinkState } from '../../links/links.ts'
import { latestLinksOf } from '../../links/list.ts'
import { latestEmailsTo, type MailFate } from '../../mail/outbox.ts'
import { latestRequests, requestLifeMs } from '../../sign-in/mail/requests.ts'
import type { Device } from '../../sign-in/session/device.ts'
import { latestSignIns } from '../../sign-in/session/own-sessions.ts'
import type { Way } from '../../sign-in/session/ways.ts'
import type { Store } from '../../store/store.ts'

const maxShown = 10

/** A try to get in, or what was done to help with one, and what became of it. */
export type Try = { id: string; atMs: number } & (
  | {
      kind: 'link'
      made: 'email' | 'application' | 'staff' | 'staff_link' | 'operator'
      /** `null` where no email carries the link. */
      mail: MailFate | null
      state: LinkState
      endsAtMs: number
      opens: number
    }
  | { kind: 'told'; which: 'by_provider' | 'not_on_record'; mail: MailFate }
  | { kind: 'no_email' }
  | { kind: 'signed_in'; way: Way | null; device: Device }
)

const kinds = ['sign_in', 'by_provider', 'not_on_record'] as const

/** A person's last tries, newest first. */
export async function latestTries(store: Store, person: Person, nowMs: number): Promise<Try[]> {
  const { customerId, address, id: personId } = person
  const [links, requests, signIns] = await Promise.all([
    latestLinksOf(store, { customerId, personId, address }, maxShown, nowMs),
    latestRequests(store, { customerId, address }, maxShown),
    latestSignIns(store, personId, maxShown),
  ])
  const addresses = [...new Set([address, ...links.flatMap((link) => link.address ?? [])])]
  // A sign-in email is queued with its link, and there are as many of the other kinds at most.
  const emails = await latestEmailsTo(store, { customerId, addresses, kinds, maxRows: 4 * maxShown })

  const told = emails.flatMap(({ id, kind, queuedAtMs: atMs, fate: mail }): Try[] =>
    kind === 'by_provider' || kind === 'not_on_record' ? [{ id, atMs, kind: 'told', which: kind, mail }] : [],
  )
  const isAnswered = ({ id, askedAtMs }: (typeof requests)[number]) =>
    links.some(({ requestId }) => requestId === id) ||
    told.some(({ atMs }) => atMs >= askedAtMs && atMs - askedAtMs < requestLifeMs)
  const tries: Try[] = [
    ...links.map(
      (link): Try => ({
        id: link.id,
        atMs: link.issuedAtMs,
        kind: 'link',
        made: madeBy(link),
        mail: emails.find(({ about }) => about === link.id)?.fate ?? null,
        state: link.state,
        endsAtMs: link.endsAtMs,
        opens: link.openCount,
      }),
    ),
    ...told,
    ...requests
      .filter((request) => !isAnswered(request))
      .map(({ id, askedAtMs: atMs }): Try => ({ id, atMs, kind: 'no_email' })),
    ...signIns.map(
      ({ id, startedAtMs: atMs, way, device }): Try => ({ id, atMs, kind: 'signed_in', way, device }),
    ),
  ]
  return tries.toSorted((one, other) => other.atMs - one.atMs).slice(0, maxShown)
}

function madeBy({ issuer, isHandedOver }: Link): Extract<Try, { kind: 'link' }>['made'] {
  if (issuer.kind === 'portal') return 'email'
  return issuer.kind === 'staff' && isHandedOver ? 'staff_link' : issuer.kind
}
