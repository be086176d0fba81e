import type { VNode } from 'preact'
import { settings } from '../../src/customers/settings.ts'
import type { Frame } from '../../src/page/site.ts'
import { emptyForm, SettingsGroupPage, SettingsPage } from '../../src/staff/settings/page.tsx'
import { ExportPage } from '../../src/staff/settings/page-export.tsx'
import { RecordPage } from '../../src/staff/settings/page-record.tsx'
import { TermsPage } from '../../src/staff/settings/page-terms.tsx'
import { VomoPage } from '../../src/staff/settings/page-vomo.tsx'
import { formOf } from '../../src/staff/settings/record-form.ts'
import { groupsOfSettings, shownOf } from '../../src/staff/settings/shown.ts'
import { entriesOf } from '../../src/staff/settings/terms-form.ts'
import { languageNamed, languageWith } from '../../src/text/languages.ts'
import { firstChoice } from '../../src/volunteer/profile/fields.ts'
import { nowMs, timeZone } from './people.ts'

/** How an organization is set up. */
export function staffSettings(frame: Frame): [string, VNode][] {
  const language = languageWith(languageNamed(frame.locale.slice(0, 2)) ?? 'en')
  const texts = {
    ...Object.fromEntries(Object.entries(settings).map(([name, { default: text }]) => [name, text ?? ''])),
    name: frame.site.name,
    url: 'https://volunteers.riverbend.example',
    'contact-name': 'Dana Whitfield',
    'contact-email': 'dana@riverbend.example',
    color: '#0b5a5f',
    'time-zone': 'America/Chicago',
  }
  const at = { ...frame, role: 'owner', form: emptyForm, done: null } as const
  const page = (group: (typeof groupsOfSettings)[number]['group']) => ({
    ...at,
    group,
    settings: shownOf(group, texts, language),
  })
  const said = frame.words.staffSettings
  const conflict = said.conflict(said.fields['contact-name']?.label ?? '', 'Ana Ruiz', 'Ben Cole')
  const choice = {
    ...firstChoice,
    custom: [{ name: 'shirt_size', label: 'T-shirt size', type: 'choice' as const }],
  }
  const carried = [
    { name: 'shirt_size', shapes: ['text'] },
    { name: 'background_check_date', shapes: ['day', 'nothing'] },
  ]
  const record = { ...at, seen: '', errors: {} }
  const vomo = {
    ...at,
    status: {
      access: { baseUrl: 'https://api.vomo.org/v1', used: 12, perMinute: 50 },
      webhook: { isLost: false, lastAtMs: nowMs - 600_000, ofDay: 41, forged: 0 },
    },
    fault: null,
    tried: null,
    timeZone,
    nowMs,
  }
  return [
    [
      'staff-settings',
      <SettingsPage
        {...at}
        groups={groupsOfSettings.map(({ group }) => ({ group, settings: shownOf(group, texts, language) }))}
      />,
    ],
    ...groupsOfSettings.map(({ group }): [string, VNode] => [
      `staff-settings-${group}`,
      <SettingsGroupPage key={group} {...page(group)} done={group === 'links' ? 'saved' : null} />,
    ]),
    [
      'staff-settings-overtaken',
      <SettingsGroupPage
        {...page('organization')}
        form={{ ...emptyForm, typed: { 'contact-name': 'Ben Cole' }, errors: { 'contact-name': conflict } }}
      />,
    ],
    [
      'staff-settings-sure',
      <SettingsGroupPage
        {...page('sign-in')}
        form={{
          ...emptyForm,
          typed: { passkeys: 'no' },
          sure: { warnings: [said.fields['passkeys']?.warning ?? ''], value: 'passkeys=no' },
        }}
      />,
    ],
    ['staff-settings-export', <ExportPage {...frame} />],
    ['staff-settings-coordinator', <SettingsGroupPage {...page('organization')} role="coordinator" />],
    ['staff-record', <RecordPage {...record} form={formOf(choice, carried)} carried={carried} />],
    [
      'staff-record-viewer',
      <RecordPage {...record} role="viewer" form={formOf(choice, [])} carried={null} />,
    ],
    ['staff-words', <TermsPage {...frame} entries={entriesOf({})} errors={{}} done="saved" />],
    ['staff-vomo', <VomoPage {...vomo} />],
    [
      'staff-vomo-another',
      <VomoPage {...vomo} tried={{ organization: 'Hillside', people: 312, sure: 'another Hillside' }} />,
    ],
    ['staff-vomo-refused', <VomoPage {...vomo} fault="token_refused" />],
    [
      'staff-settings-pale',
      <SettingsGroupPage {...page('looks')} form={{ ...emptyForm, typed: { color: '#ffd400' } }} />,
    ],
  ]
}
