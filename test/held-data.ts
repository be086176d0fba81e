import type { Schema } from '../src/store/schema.ts'

/**
 * What the portal stores, column by column, and whether a person's copy of their data contains it. A column of the schema that is
 * not listed here does not compile: decide first.
 */
type Table<Name extends keyof Schema> = {
  /** The owner of the rows, as a condition on `:person`, `:address` and `:customer`. */
  whose: string
  columns: { [Column in keyof Schema[Name] & string]: Held }
}

/** Where in the export it is, or why it is not there. */
type Held = { at: string } | { leftOut: string }

/** Tables with no data about a volunteer, or none of the portal's own to give; and why. */
type Elsewhere = { nothingBecause: string }

const at = (path: string): Held => ({ at: path })
const leftOut = (reason: string): Held => ({ leftOut: reason })

const id = leftOut('an id of ours: it names a row and says nothing')
const hash = leftOut('a keyed hash of a secret')
const ours = leftOut('whose portal it is: the export names the organization')
const itself = leftOut('the person who asks')

const profileOf = {
  nothingBecause: 'an application’s own: the export names the applications that keep a profile',
}
const customers = { nothingBecause: 'about an organization' }

export const heldData: { [Name in keyof Schema]: Table<Name> | Elsewhere } = {
  customer: customers,
  customer_logo: customers,
  announcement: { nothingBecause: 'what an organization tells all its volunteers' },
  field_choice: { nothingBecause: 'what an organization shows; staff stand in it by an id of ours' },
  vomo_access: customers,
  secret_check: { nothingBecause: 'hashes that tell the operator’s secrets apart' },
  store_copy: { nothingBecause: 'says that this database is a copy under way' },
  vomo_call: { nothingBecause: 'counts calls for a minute; VOMO’s id never reaches a browser' },
  problem: {
    nothingBecause:
      'what staff mend about a record: the export says the standing, the address and the emails that failed',
  },
  vomo_wait: {
    nothingBecause: 'who waits for a call, until they are served; VOMO’s id never reaches a browser',
  },
  vomo_budget: { nothingBecause: 'how many calls VOMO lets through' },
  vomo_breaker: { nothingBecause: 'which process leaves a VOMO alone' },
  forwarding_seen: { nothingBecause: 'about proxies in front, never about a visitor' },
  vomo_copy: { nothingBecause: 'sealed lists of an organization: ids of VOMO, without names of people' },
  vomo_directory: { nothingBecause: 'how far the organization’s list of people was read' },
  vomo_directory_entry: {
    nothingBecause: 'the organization’s list of people in VOMO, sealed, whether or not they use the portal',
  },
  vomo_directory_sheet: { nothingBecause: 'the same list, sealed, as a search reads it' },
  vomo_person_read: { nothingBecause: 'which records are being read at this moment' },
  vomo_person_copy: {
    nothingBecause: 'VOMO’s record, sealed, for a day: the export shows the record itself',
  },
  vomo_change: { nothingBecause: 'ids of VOMO, of which it said that they changed, for a day' },
  webhook: customers,
  webhook_count: { nothingBecause: 'counts deliveries of VOMO' },
  process: { nothingBecause: 'processes that serve' },
  lease: { nothingBecause: 'which process does what in the background' },
  sweep: { nothingBecause: 'when expired rows were deleted' },
  setup: { nothingBecause: 'what the operator types before there is an organization, for an hour' },
  vomo_project: { nothingBecause: 'VOMO’s projects, without people; the rows of the volunteer name theirs' },
  application: customers,
  api_token: customers,
  application_credential: customers,
  signing_key: customers,
  profile: profileOf,
  profile_identifier: profileOf,
  circle: profileOf,
  circle_member: profileOf,
  circle_invite: profileOf,
  token_family: profileOf,
  refresh_token: profileOf,
  handoff_code: profileOf,
  rownd_link: { nothingBecause: 'sealed: where a link leads, and a profile to be; an application’s own' },
  link_day: { nothingBecause: 'counts visitors of plain links, without identifying them' },
  link_visitor: { nothingBecause: 'hashes of a day and a network, of plain links' },
  job: { nothingBecause: 'sealed work under way: ids of rows that are exported themselves' },
  person: {
    whose: 'id = :person',
    columns: {
      id,
      customer_id: ours,
      vomo_user_id: leftOut('VOMO’s id never reaches a browser'),
      address: at('account.email'),
      standing: at('account.standing'),
      language: at('account.language'),
      sessions_valid_after_ms: leftOut('an event tells the same: the address changed'),
      record_changed_at_ms: leftOut('an event tells the same: the record was changed'),
      shares_address: leftOut('about other people’s records, too'),
      missing_since_ms: leftOut('how VOMO answered for a while: it says nothing about the person'),
      missing_seen_ms: leftOut('how VOMO answered for a while: it says nothing about the person'),
      created_at_ms: at('account.since'),
    },
  },
  staff: {
    whose: 'customer_id = :customer and address = :address',
    columns: {
      customer_id: ours,
      address: at('account.email'),
      role: at('account.staff.role'),
      created_at_ms: at('account.staff.since'),
    },
  },
  calendar_feed: {
    whose: 'person_id = :person',
    columns: {
      person_id: itself,
      customer_id: ours,
      address: at('account.email'),
      secret_hash: hash,
      made_at_ms: at('account.calendar_feed.made_at'),
      fetched_at_ms: at('account.calendar_feed.fetched_at'),
    },
  },
  reminder: {
    whose: 'person_id = :person',
    columns: {
      person_id: itself,
      customer_id: ours,
      switched_on_at_ms: at('account.reminders_since'),
      look_at_ms: leftOut('when we read the record next'),
    },
  },
  reminded: {
    whose: 'person_id = :person',
    columns: {
      person_id: itself,
      shift_key: hash,
      starts_at_ms: at('account.reminded_of'),
      mail_id: id,
    },
  },
  milestone_seen: {
    whose: 'person_id = :person',
    columns: {
      person_id: itself,
      name: at('account.milestones_seen.name'),
      seen_at_ms: at('account.milestones_seen.seen_at'),
    },
  },
  session: {
    whose: 'person_id = :person',
    columns: {
      id,
      secret_hash: hash,
      customer_id: ours,
      person_id: itself,
      proof_kind: at('sessions.signed_in_by'),
      link_id: id,
      way: at('sessions.way'),
      is_staff: at('sessions.staff'),
      is_shared: at('sessions.shared'),
      browser: at('sessions.device'),
      system: at('sessions.device'),
      started_at_ms: at('sessions.started_at'),
      last_used_at_ms: at('sessions.last_used_at'),
      second_step: at('sessions.second_step'),
      second_step_at_ms: at('sessions.second_step_at'),
      preview_person_id: leftOut('about another person: whose pages staff look at'),
      preview_until_ms: leftOut(
        'for a quarter of an hour: an event tells it to the person whose pages they are',
      ),
      idle_ms: leftOut('exported in minutes'),
      expires_at_ms: at('sessions.expires_at'),
      ended_at_ms: at('sessions.ended_at'),
      ended_because: at('sessions.ended_because'),
    },
  },
  passkey: {
    whose: 'person_id = :person',
    columns: {
      id,
      customer_id: ours,
      person_id: itself,
      address: at('account.passkeys.address'),
      credential_id: leftOut('names a key on a device and says nothing'),
      public_key: leftOut('checks signatures of a key on a device and says nothing'),
      host: at('account.passkeys.works_at'),
      user_handle: leftOut('random: it tells accounts on a device apart'),
      name: at('account.passkeys.name'),
      transports: leftOut('how browsers reach a key, which says nothing'),
      sign_count: at('account.passkeys.uses'),
      is_backup_eligible: leftOut('whether it is backed up is exported'),
      is_backed_up: at('account.passkeys.backed_up'),
      added_at_ms: at('account.passkeys.added_at'),
      last_used_at_ms: at('account.passkeys.last_used_at'),
      copied_at_ms: at('account.passkeys.turned_off_at'),
    },
  },
  spoken_code: {
    nothingBecause: 'a hash of a code that staff read out, gone within the day; its link is exported',
  },
  step_code: { nothingBecause: 'a hash of a code and its tries, gone within the day; the email is exported' },
  spent_challenge: { nothingBecause: 'hashes of random texts; gone within two days' },
  passkey_offer: {
    whose: 'person_id = :person',
    columns: {
      person_id: itself,
      offered_at_ms: at('account.passkey_offered_at'),
      closed_at_ms: at('account.passkey_offer_closed_at'),
    },
  },
  sign_in_request: {
    whose: 'customer_id = :customer and address = :address',
    columns: {
      id,
      customer_id: ours,
      asked_hash: hash,
      address: at('sign_in_requests.address'),
      shown_address: at('sign_in_requests.typed'),
      landing: at('sign_in_requests.leads_to'),
      language: at('sign_in_requests.language'),
      asked_at_ms: at('sign_in_requests.asked_at'),
      expires_at_ms: at('sign_in_requests.expires_at'),
      code_tries: at('sign_in_requests.code_tries'),
      from_known_browser: at('sign_in_requests.known_browser'),
    },
  },
  wrong_code: {
    whose: 'customer_id = :customer and address = :address',
    columns: {
      customer_id: ours,
      address: itself,
      at_ms: at('wrong_codes'),
      from_known_browser: leftOut('each request says the same'),
    },
  },
  known_browser: {
    whose: 'person_id = :person',
    columns: {
      key_hash: hash,
      person_id: itself,
      customer_id: ours,
      address: at('known_browsers.address'),
      proof_id: id,
      signed_in_at_ms: at('known_browsers.signed_in_at'),
      expires_at_ms: at('known_browsers.expires_at'),
    },
  },
  provider: customers,
  provider_flow: { nothingBecause: 'sealed, of a browser that has not signed in yet; gone within minutes' },
  provider_identity: {
    whose: 'person_id = :person',
    columns: {
      customer_id: ours,
      issuer: at('identities.issuer'),
      subject: at('identities.subject'),
      person_id: itself,
      address: at('identities.address'),
      first_at_ms: at('identities.first_at'),
      last_at_ms: at('identities.last_at'),
    },
  },
  provider_proof: {
    whose: 'person_id = :person',
    columns: {
      id,
      provider_id: id,
      person_id: itself,
      issuer: at('provider_sign_ins.issuer'),
      subject: at('identities.subject'),
      sid: at('provider_sign_ins.provider_session'),
      id_token_sealed: leftOut('would sign them out at the provider'),
      authenticated_at_ms: at('provider_sign_ins.signed_in_at'),
      acr: at('provider_sign_ins.acr'),
      amr: leftOut('exported as a list'),
      at_ms: at('provider_sign_ins.at'),
    },
  },
  logout_token: { nothingBecause: 'hashes of ids that a provider gave to its own tokens' },
  password: {
    whose: 'person_id = :person',
    columns: {
      customer_id: ours,
      address: at('account.password.for'),
      person_id: itself,
      hash_sealed: hash,
      set_at_ms: at('account.password.set_at'),
    },
  },
  password_tries: { nothingBecause: 'keyed hashes of addresses, with a count; erased with the person' },
  record_choice: {
    nothingBecause: 'of a browser that has not signed in yet; gone within a quarter of an hour',
  },
  record_try: { nothingBecause: 'keyed hashes and moments; gone within a day' },
  limit_count: { nothingBecause: 'keyed hashes and moments; gone within a day' },
  link: {
    whose: 'person_id = :person',
    columns: {
      id,
      customer_id: ours,
      purpose: at('links.purpose'),
      issuer: at('links.made_by'),
      issuer_id: leftOut('an id of ours; the export names the application'),
      person_id: itself,
      address: at('links.for'),
      landing: at('links.leads_to'),
      secret_hash: hash,
      code_hash: hash,
      request_id: id,
      ip_rule: at('links.address_rule'),
      ip_addresses: leftOut('exported as a list'),
      opens_staff: at('links.staff'),
      is_handed_over: leftOut('who made it is exported, and so is the email about it'),
      issued_at_ms: at('links.issued_at'),
      life_ms: leftOut('from its issue, or acceptance, to its expiry, which are exported'),
      accepted_at_ms: at('links.accepted_at'),
      expires_at_ms: at('links.expires_at'),
      spent_at_ms: at('links.spent_at'),
      revoked_at_ms: at('links.revoked_at'),
      revoked_because: at('links.revoked_because'),
      open_count: at('links.open_count'),
      from_known_browser: leftOut('the request that it answers says the same'),
    },
  },
  link_batch: {
    nothingBecause: 'about a file that staff sent; it names staff by an id of ours, and is gone within days',
  },
  link_batch_row: {
    nothingBecause: 'what staff sent, sealed and gone within days; the link that was made of it is exported',
  },
  link_open: {
    whose: 'link_id in (select id from link where person_id = :person)',
    columns: {
      id,
      link_id: id,
      at_ms: at('links.opens.at'),
      method: leftOut('the reason says what was made of it'),
      class: at('links.opens.by'),
      reason: at('links.opens.because'),
      network: leftOut('may be another person’s'),
      user_agent: leftOut('may be another person’s'),
    },
  },
  outbox: {
    whose: 'customer_id = :customer and recipient = :address',
    columns: {
      id,
      customer_id: ours,
      kind: at('mails.kind'),
      recipient: at('mails.to'),
      message_sealed: leftOut('holds a secret, and is erased once the mail is taken'),
      queued_at_ms: at('mails.queued_at'),
      not_after_ms: at('mails.not_after'),
      sent_at_ms: at('mails.sent_at'),
      failed_at_ms: at('mails.failed_at'),
      bounced_at_ms: at('mails.bounced_at'),
      failure: at('mails.failure'),
      about: id,
    },
  },
  audit_event: {
    whose: 'person_id = :person',
    columns: {
      id,
      customer_id: ours,
      at_ms: at('events.at'),
      kind: at('events.kind'),
      person_id: itself,
      by_person_id: leftOut('who did it: an id of ours'),
      detail: leftOut('ids of ours and codes; each kind is exported in plain words'),
      request_id: leftOut('an id of ours: it names a request, and says nothing'),
    },
  },
}
