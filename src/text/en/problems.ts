/** One line for each code of the portal API, for developers of clients. */
export const problems = {
  session_required: 'Sign in first.',
  credential_required: 'The call has no token that works here.',
  scope_missing: 'The token does not allow this.',
  second_step_required: 'Staff must prove once more who they are.',
  preview_only: 'Staff see the portal as a volunteer does. That shows pages alone and changes nothing.',
  account_stale: 'The email address on the volunteer record has changed. The session has ended.',
  account_orphaned: 'The volunteer record behind this account is gone from VOMO.',
  account_no_record: 'There is no volunteer record for this account.',
  account_disabled: 'This account is turned off.',
  hand_off_refused:
    'Only plain volunteers are signed in to VOMO from here. The url is where to sign in there.',
  vomo_unavailable:
    'VOMO is not responding or cannot be asked yet, or gives no link, and there is no copy to show instead.',
  rate_limited: 'Too many requests. Wait for the time in Retry-After.',
  service_unavailable: 'The portal is too busy, or its database does not answer. Nothing was changed.',
  link_not_usable: 'This link no longer signs anyone in.',
  code_not_usable: 'This code does not sign anyone in.',
  email_not_editable: 'The email address cannot be changed here.',
  field_not_editable: 'This field cannot be changed here.',
  profile_changed:
    'The record changed in VOMO in the meantime, and nothing was written. conflicts holds both values.',
  profile_not_taken: 'VOMO kept something as it was. The url is where it can be changed.',
  invalid_request: 'A field breaks its rule.',
  cross_site_request: 'A request that changes something must come from a page of this site.',
  unknown_host: 'No organization is served at this address.',
  not_found: 'There is nothing at this path.',
  method_not_allowed: 'This path does not accept this method. Allow lists the methods it accepts.',
  body_too_large: 'The body is larger than anything accepted here.',
  bad_request: 'The request could not be read.',
  server_error: 'Something went wrong on our end.',
}

/** The demo's mailbox page. */
export const mailbox = {
  title: 'Demo mailbox',
  lede: 'Every email the demo sent, newest first. Nothing leaves this machine.',
  empty: 'No email yet. Ask for a sign-in link, then come back.',
  to: (address: string) => `To ${address}`,
  asDesigned: 'as designed',
}

/** Shown when VOMO gives a shift no name. */
export const volunteerWords = { someShift: 'A shift', loadingShift: 'A shift' }

/** The page that describes our APIs, for the people who write their clients. */
export const apiDocs = {
  title: 'API reference',
  lede: 'Three ways for programs to work with this portal, in JSON. Each route comes with its fields, what it refuses, and a call to paste into a shell.',
  server: 'The portal that serves this description',
  forPrograms: 'The same as OpenAPI 3.1, for programs',
  signedOut: 'You’re not signed in.',
  signedInAs: (address: string) => `You’re signed in as ${address}.`,
  contents: 'Contents',
  parts: {
    portal: {
      title: 'Portal API',
      lede: 'What a signed-in volunteer sees of their own record. Calls need the session cookie unless they say otherwise, and no route takes a person’s id. Unknown query parameters are ignored, and unknown body fields are refused. A call that changes something needs Sec-Fetch-Site: same-origin, or the portal’s own Origin. Refusals are problems (RFC 9457) with a stable code.',
    },
    vomo: {
      title: 'Link API, VOMO form',
      lede: 'For an organization’s own systems: a link that signs one person in here, once. Calls need an API token. Code written for VOMO’s one-time links works with another host name and token.',
    },
    rownd: {
      title: 'Link API, Rownd form',
      lede: 'For code written for Rownd: magic links, profiles, groups and tokens of one application. Calls need its key and secret unless they say otherwise. Unknown body fields are ignored.',
    },
  },
  first: 'Paste this first.',
  needs: {
    nothing: 'Open to everyone.',
    key: 'Needs the key alone.',
    bearer: 'Needs the access token of a signed-in user.',
  },
  query: 'Query',
  body: 'Body',
  form: 'Body, as a form (application/x-www-form-urlencoded)',
  required: 'required',
  answer: (status: number) => `Answer ${status}`,
  answers: (status: number) => `Answers ${status}`,
  answersAs: (status: number) => `Answers ${status}, as`,
  answersNothing: (status: number) => `Answers ${status} without a body.`,
  as: 'as',
  common: (list: string) => `Most calls may refuse with ${list}.`,
  refusals: (list: string) => `May also refuse with ${list}.`,
  noExample: 'No call to paste: only a browser that was handed over brings the code it needs.',
}
