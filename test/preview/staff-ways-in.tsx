import type { VNode } from 'preact'
import type { Customer } from '../../src/customers/customers.ts'
import { defaultProviderRules, type Provider } from '../../src/customers/providers.ts'
import type { Frame } from '../../src/page/site.ts'
import type { Trial } from '../../src/sign-in/provider/trials.ts'
import { emptyForm, exampleOf } from '../../src/staff/ways-in/form.ts'
import { WaysInPage } from '../../src/staff/ways-in/page-list.tsx'
import { NewProviderPage } from '../../src/staff/ways-in/page-new.tsx'
import { ProviderPage } from '../../src/staff/ways-in/page-provider.tsx'
import { LeadingToTrialPage, TrialPage } from '../../src/staff/ways-in/page-trial.tsx'
import { nowMs } from './people.ts'

const publicOrigin = 'https://volunteers.riverbend.example'

const customer = {
  id: 'cus_1',
  slug: 'riverbend',
  name: 'Riverbend Food Bank',
  publicOrigin,
  allowsPasswords: false,
  passkeys: true,
} as Customer

const provider: Provider = {
  ...defaultProviderRules,
  id: 'pro_1',
  customerId: customer.id,
  name: 'work',
  label: 'your Riverbend account',
  preset: 'entra',
  issuer: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0',
  clientId: '6a5b1c2d-1111-2222-3333-444455556666',
  clientSecret: 'x',
  domains: ['riverbend.example'],
  isOff: true,
  metadata: null,
}

const trial: Trial = {
  atMs: nowMs,
  said: {
    subject: 'AAAAAAAA',
    email: 'rosa.whitfield@riverbend.example',
    isVerified: true,
    name: 'Rosa Whitfield',
    methods: ['pwd', 'mfa'],
  },
  outcome: { is: 'signs_in', personId: 'per_1', role: 'owner', hasRecord: true, isDisabled: false },
}

/** How people sign in, an identity system, and what it said at a test. */
export function staffWaysIn(frame: Frame): [string, VNode][] {
  const { words } = frame
  const said = words.staffWaysIn
  const other = { ...provider, name: 'google', label: 'Google', isOff: false, isOnlyWay: true }
  const list = { ...frame, customer, ended: null, providers: [other, { ...provider, domains: [] }] }
  const one = { ...frame, customer, provider, form: emptyForm, done: null, findings: [], isTried: false }
  const unverified = { is: 'refused', because: 'unverified', detail: 'email_verified' } as const
  const refused = { ...trial, said: trial.said && { ...trial.said, isVerified: false }, outcome: unverified }
  return [
    ['staff-ways-in', <WaysInPage {...list} role="owner" />],
    ['staff-ways-in-viewer', <WaysInPage {...list} role="viewer" providers={[]} />],
    ['staff-ways-in-new', <NewProviderPage {...frame} form={emptyForm} publicOrigin={publicOrigin} />],
    [
      'staff-ways-in-new-wrong',
      <NewProviderPage
        {...frame}
        publicOrigin={publicOrigin}
        form={{
          ...emptyForm,
          typed: { preset: 'entra', name: 'work', issuer: 'https://login.microsoftonline.com/common/v2.0' },
          errors: { issuer: said.errors.issuer(exampleOf('entra')), label: said.errors.label },
        }}
      />,
    ],
    [
      'staff-ways-in-one',
      <ProviderPage
        {...one}
        done="made"
        findings={[
          { is: 'says_who_it_is', isWell: true, detail: provider.issuer },
          { is: 'signs_with', isWell: true, detail: 'RS256' },
          { is: 'does_not_know_us', isWell: false, detail: 'invalid_client' },
          { is: 'ends_no_sessions', isWell: true, detail: '' },
        ]}
      />,
    ],
    [
      'staff-ways-in-sure',
      <ProviderPage
        {...one}
        provider={{ ...provider, isOnlyWay: true }}
        form={{
          ...emptyForm,
          typed: { only: 'yes' },
          sure: { value: 'x', warnings: [said.sure.only('riverbend.example'), said.sure.untried] },
        }}
      />,
    ],
    [
      'staff-ways-in-leading',
      <LeadingToTrialPage {...frame} provider={provider} url="https://login.microsoftonline.com/" />,
    ],
    ['staff-ways-in-works', <TrialPage {...frame} provider={provider} trial={trial} />],
    ['staff-ways-in-fails', <TrialPage {...frame} provider={provider} trial={refused} />],
    ['staff-ways-in-not-finished', <TrialPage {...frame} provider={provider} trial={null} />],
  ]
}
