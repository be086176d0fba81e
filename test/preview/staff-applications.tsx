import type { VNode } from 'preact'
import type { ApiToken } from '../../src/customers/applications.ts'
import { defaultProfileSchema } from '../../src/link-api/rownd/application/profile-schema.ts'
import type { Frame } from '../../src/page/site.ts'
import { fieldsOf } from '../../src/staff/applications/fields.ts'
import {
  ApplicationPage,
  ApplicationsPage,
  emptyForm,
  SecretPage,
} from '../../src/staff/applications/page.tsx'
import { FieldPage, FieldsPage } from '../../src/staff/applications/page-fields.tsx'
import { nowMs, timeZone } from './people.ts'

const dayMs = 86_400_000
const application = { id: 'app_x3k9m2q7w1e5r8t4y6u0i2o4', customerId: 'cus_1', name: 'Website' }

const token: ApiToken = {
  id: 'tok_1',
  customerId: 'cus_1',
  applicationId: application.id,
  name: 'Sign-up form',
  scopes: ['links'],
  createdAtMs: nowMs - 40 * dayMs,
  expiresAtMs: nowMs + 50 * dayMs,
  lastUsedAtMs: nowMs - 600_000,
  revokedAtMs: null,
}

/** The systems that make links, and their tokens. */
export function staffApplications(frame: Frame): [string, VNode][] {
  const at = { ...frame, form: emptyForm, done: null, timeZone, nowMs }
  const said = frame.words.staffApplications.errors
  const one = {
    ...at,
    application,
    tokens: [
      token,
      {
        ...token,
        id: 'tok_2',
        name: 'Staff newsletter',
        scopes: ['links', 'staff_links'] as const,
        expiresAtMs: null,
      },
      { ...token, id: 'tok_3', name: 'Last year’s form', lastUsedAtMs: null, revokedAtMs: nowMs - 9 * dayMs },
    ],
    page: 1,
    pages: 2,
    places: { redirect: 'https://www.example.org/', origins: 'https://shop.example.org', seen: '' },
  }
  const fields = { ...at, application, fields: fieldsOf(defaultProfileSchema) }
  const field = {
    ...at,
    application,
    field: { name: 'zip_code', label: 'ZIP code', type: 'string' as const },
    seen: '',
  }
  return [
    [
      'staff-applications',
      <ApplicationsPage
        {...at}
        applications={[
          { ...application, tokens: 2, lastUsedAtMs: nowMs - 600_000 },
          { ...application, id: 'app_2', name: 'Newsletter', tokens: 0, lastUsedAtMs: null },
        ]}
      />,
    ],
    ['staff-applications-one', <ApplicationPage {...one} done="revoked" />],
    [
      'staff-applications-wrong',
      <ApplicationPage
        {...one}
        form={{ typed: { 'token-name': 'x' }, errors: { scope: said.scope, life: said.life } }}
      />,
    ],
    ['staff-applications-fields', <FieldsPage {...fields} done="removed" />],
    [
      'staff-applications-fields-wrong',
      <FieldsPage
        {...fields}
        form={{
          typed: { label: 'Shirt size', name: 'shirt size' },
          errors: { name: frame.words.staffFields.errors.name },
        }}
      />,
    ],
    ['staff-applications-field', <FieldPage {...field} identifies={false} />],
    [
      'staff-applications-field-told',
      <FieldPage
        {...field}
        identifies
        field={{ name: 'email', label: 'Email', type: 'string' }}
        form={{
          typed: { label: 'Email address' },
          errors: {
            label: frame.words.staffFields.errors.overtaken('Mail', frame.words.staffFields.types.string),
          },
        }}
      />,
    ],
    [
      'staff-applications-secret',
      <SecretPage
        {...frame}
        application={application}
        secrets={[
          { is: 'key', text: 'key_x3k9m2q7w1e5r8t4y6u0i2o4' },
          { is: 'secret', text: `ras_0123abcd.1.${'0123456789abcdef'.repeat(3)}` },
        ]}
      />,
    ],
  ]
}
