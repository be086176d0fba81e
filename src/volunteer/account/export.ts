import { knownSinceMs, type Person } from '../../accounts/people.ts'
import { staffMember } from '../../accounts/staff.ts'
import { requireRecord } from '../../accounts/standing.ts'
import { eventsAbout } from '../../audit.ts'
import { applicationsOf, applicationsThatKnow } from '../../customers/applications.ts'
import type { Customer } from '../../customers/customers.ts'
import { isRefusal } from '../../errors.ts'
import { linksOf } from '../../links/links.ts'
import { opensOfLinks } from '../../links/opens.ts'
import { keptEmailsTo } from '../../mail/outbox.ts'
import type { Tools } from '../../part.ts'
import { keptRequests } from '../../sign-in/mail/requests.ts'
import { offerTo } from '../../sign-in/passkey/offer.ts'
import { keptPasskeys } from '../../sign-in/passkey/passkeys.ts'
import { keptPassword } from '../../sign-in/password/passwords.ts'
import { keptIdentities } from '../../sign-in/provider/identities.ts'
import { keptBrowsers } from '../../sign-in/session/known-browsers.ts'
import { keptSessions } from '../../sign-in/session/own-sessions.ts'
import type { Store } from '../../store/store.ts'
import type { Language } from '../../text/languages.ts'
import type { Held, VomoUserDetail } from '../../vomo/types.ts'
import { toCertificates } from '../hours/certificates.ts'
import { toHours } from '../hours/hours.ts'
import { toParticipation } from '../hours/participations.ts'
import { milestonesSeen } from '../hub/milestones.ts'
import { fieldChoiceOf } from '../profile/field-choice.ts'
import { toGroups } from '../profile/groups.ts'
import { toRecord } from '../profile/record.ts'
import { loadVolunteer } from '../rows/load.ts'
import { feedOf } from '../shifts/calendar-feeds.ts'
import { remindedOf, remindersOf } from '../shifts/reminders.ts'
import type { ExportAnswer } from './answers.ts'

type Asking = { customer: Customer; person: Person; language: Language }

/**
 * `GET /portal/api/me/export`: everything we store about a person. `test/held-data.ts` names each column left out, with its reason;
 * a new column fails its test until a developer decides about it.
 *
 * @throws {Refusal} 'vomo_unavailable': without the record, a copy would look like that of a person who has none
 */
export async function toExport(tools: Tools, asking: Asking): Promise<ExportAnswer> {
  const { store, clock } = tools
  const { customer, person, language } = asking
  const { words } = language
  const { id: personId, customerId, address } = person
  const [
    record,
    sinceMs,
    staff,
    sessions,
    { requests, wrongCodes },
    browsers,
    { identities, signIns },
    passkeys,
    passkeyOffer,
    mails,
    links,
    password,
    feed,
    reminders,
    reminded,
    milestones,
    applications,
    events,
  ] = await Promise.all([
    ownRecord(tools, asking),
    knownSinceMs(store, personId),
    staffMember(store, { customerId, address }),
    keptSessions(store, personId),
    keptRequests(store, { customerId, address }),
    keptBrowsers(store, personId),
    keptIdentities(store, personId),
    keptPasskeys(store, personId),
    offerTo(store, personId),
    keptEmailsTo(store, { customerId, address }),
    ownLinks(store, person),
    keptPassword(store, personId),
    feedOf(store, person),
    remindersOf(store, personId),
    remindedOf(store, personId),
    milestonesSeen(store, personId),
    applicationsThatKnow(store, { customerId, address }),
    eventsAbout(store, { customerId, personId }),
  ])
  return {
    organization: customer.name,
    exported_at: iso(clock()),
    account: {
      email: address,
      standing: person.standing,
      language: person.language,
      since: iso(sinceMs ?? clock()),
      staff: staff ? { role: staff.role, since: iso(staff.sinceMs) } : null,
      passkeys: passkeys.map((passkey) => ({
        name: passkey.name,
        works_at: passkey.host,
        address: passkey.address,
        uses: passkey.signCount,
        backed_up: passkey.isBackedUp,
        added_at: iso(passkey.addedAtMs),
        last_used_at: isoOrNull(passkey.lastUsedAtMs),
        turned_off_at: isoOrNull(passkey.copiedAtMs),
      })),
      passkey_offered_at: isoOrNull(passkeyOffer?.offeredAtMs ?? null),
      passkey_offer_closed_at: isoOrNull(passkeyOffer?.closedAtMs ?? null),
      reminders_since: reminders ? iso(reminders.sinceMs) : null,
      reminded_of: reminded.map(iso),
      milestones_seen: milestones.map(({ name, seenAtMs }) => ({ name, seen_at: iso(seenAtMs) })),
      password: password ? { for: password.address, set_at: iso(password.setAtMs) } : null,
      calendar_feed: feed ? { made_at: iso(feed.madeAtMs), fetched_at: isoOrNull(feed.fetchedAtMs) } : null,
    },
    ...record,
    sessions: sessions.map((session) => ({
      device: words.account.sessions.device(session.browser, session.system),
      started_at: iso(session.started_at_ms),
      last_used_at: iso(session.last_used_at_ms),
      signed_in_by: session.proof_kind,
      way: session.way,
      staff: session.is_staff === 1,
      shared: session.is_shared === 1,
      second_step: session.second_step,
      second_step_at: isoOrNull(session.second_step_at_ms),
      expires_at: iso(session.expires_at_ms),
      unused_minutes: session.idle_ms / 60_000,
      ended_at: isoOrNull(session.ended_at_ms),
      ended_because: session.ended_because,
    })),
    sign_in_requests: requests.map((request) => ({
      asked_at: iso(request.asked_at_ms),
      address: request.address,
      typed: request.shown_address,
      leads_to: request.landing,
      language: request.language,
      expires_at: iso(request.expires_at_ms),
      code_tries: request.code_tries,
      known_browser: request.from_known_browser === 1,
    })),
    wrong_codes: wrongCodes.map(({ at_ms }) => iso(at_ms)),
    known_browsers: browsers.map((browser) => ({
      address: browser.address,
      signed_in_at: iso(browser.signed_in_at_ms),
      expires_at: iso(browser.expires_at_ms),
    })),
    identities: identities.map((identity) => ({
      issuer: identity.issuer,
      subject: identity.subject,
      address: identity.address,
      first_at: iso(identity.first_at_ms),
      last_at: iso(identity.last_at_ms),
    })),
    provider_sign_ins: signIns.map((said) => ({
      issuer: said.issuer,
      at: iso(said.at_ms),
      signed_in_at: isoOrNull(said.authenticated_at_ms),
      provider_session: said.sid,
      acr: said.acr,
      amr: JSON.parse(said.amr) as string[],
    })),
    mails: mails.map((mail) => ({
      kind: mail.kind,
      to: mail.recipient,
      queued_at: iso(mail.queued_at_ms),
      not_after: iso(mail.not_after_ms),
      sent_at: isoOrNull(mail.sent_at_ms),
      failed_at: isoOrNull(mail.failed_at_ms),
      bounced_at: isoOrNull(mail.bounced_at_ms),
      failure: mail.failure,
    })),
    links,
    applications: applications.map(({ name, sinceMs: atMs, lastSignInAtMs }) => ({
      name,
      since: iso(atMs),
      last_sign_in_at: isoOrNull(lastSignInAtMs),
    })),
    events: events.map(({ atMs, kind }) => ({
      at: iso(atMs),
      kind,
      what: isTold(kind, words.account.events) ? words.account.events[kind] : words.account.events.other,
    })),
    left_out: words.account.leftOut,
  }
}

/** VOMO's data about them, as far as the portal shows it. */
async function ownRecord(
  tools: Tools,
  { customer, person, language }: Asking,
): Promise<Pick<ExportAnswer, 'record' | 'hours' | 'participations' | 'certificates' | 'groups'>> {
  const record = await recordIfAny(tools, person)
  if (!record) return { record: null, hours: null, participations: [], certificates: [], groups: [] }
  const { store, vomo, clock } = tools
  const at = { nowMs: clock(), timeZone: customer.timeZone }
  const choice = await fieldChoiceOf(store, customer.id)
  const { rows, asOfMs } = await loadVolunteer({
    vomo,
    customerId: customer.id,
    record,
    clock,
    timeZone: customer.timeZone,
  })
  return {
    record: { ...toRecord(record.value, choice, language), as_of: iso(record.fetchedAtMs) },
    hours: toHours(rows, { asOfMs, nowMs: clock() }),
    participations: rows.map((row) => toParticipation(row, (state) => language.words.rowStates[state])),
    certificates: toCertificates(record, vomo.certificates(customer.id), at).data,
    groups: toGroups(vomo.groupsOf(customer.id, record.value.id)).data,
  }
}

async function recordIfAny(tools: Tools, person: Person): Promise<Held<VomoUserDetail> | undefined> {
  try {
    return await requireRecord(tools, person)
  } catch (error) {
    const isNone = isRefusal(error, 'account_no_record') || isRefusal(error, 'account_orphaned')
    if (isNone) return undefined
    throw error
  }
}

async function ownLinks(store: Store, person: Person): Promise<ExportAnswer['links']> {
  const { id: personId, customerId, address } = person
  const links = await linksOf(store, { customerId, personId, address })
  const opens = await opensOfLinks(
    store,
    links.map(({ id }) => id),
  )
  const names = new Map((await applicationsOf(store, customerId)).map(({ id, name }) => [id, name]))
  return links.map((link) => ({
    purpose: link.purpose,
    made_by: link.issuer,
    application: link.issuer === 'application' ? (names.get(link.issuer_id ?? '') ?? null) : null,
    for: link.address,
    leads_to: link.landing,
    staff: link.opens_staff === 1,
    address_rule: link.ip_rule,
    addresses: JSON.parse(link.ip_addresses) as string[],
    issued_at: iso(link.issued_at_ms),
    accepted_at: isoOrNull(link.accepted_at_ms),
    expires_at: iso(link.expires_at_ms),
    spent_at: isoOrNull(link.spent_at_ms),
    revoked_at: isoOrNull(link.revoked_at_ms),
    revoked_because: link.revoked_because,
    open_count: link.open_count,
    opens: (opens.get(link.id) ?? []).map((open) => ({
      at: iso(open.atMs),
      by: open.class,
      because: open.reason,
    })),
  }))
}

function isTold<Kinds extends object>(kind: string, told: Kinds): kind is keyof Kinds & string {
  return Object.hasOwn(told, kind)
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms)
}
