import type { SettingTexts } from '../../customers/change-settings.ts'
import type { Role } from '../../customers/roles.ts'
import { type Setting, type SettingGroup, settingGroups, settings } from '../../customers/settings.ts'
import type { Language } from '../../text/languages.ts'
import { zoneLabel } from '../../text/zones.ts'

/** A setting as pages show it. */
export type ShownSetting = {
  name: string
  label: string
  hint: string | undefined
  /** The least role that may change it. */
  role: Role
  /** What there is to choose from; of a value that is typed, nothing. */
  options: readonly { readonly value: string; readonly label: string }[]
  /** As it is typed. */
  text: string
  /** In words. */
  said: string
  takes: 'address' | 'number' | 'text'
}

export const groupsOfSettings = settingGroups.map((group) => ({
  group,
  names: Object.keys(settings).filter((name) => settings[name]?.group === group),
}))

/** The settings of a page, in the order of their table, with what a customer has set. */
export function shownOf(group: SettingGroup, texts: SettingTexts, language: Language): ShownSetting[] {
  return Object.entries(settings)
    .filter(([, setting]) => setting.group === group)
    .map(([name, setting]) => {
      const words = language.words.staffSettings.fields[name]
      const text = texts[name] ?? ''
      return {
        name,
        label: words?.label ?? name,
        hint: words?.hint,
        role: setting.role,
        options: optionsOf(name, { setting, text, language }),
        text,
        said: saidOf(name, text, language),
        takes: takesOf(setting),
      }
    })
}

/** A value as a reader knows it. */
export function saidOf(name: string, text: string, { words, locale }: Language): string {
  const own = words.staffSettings.fields[name]
  if (text === '') return own?.empty ?? words.staffSettings.notSet
  const value = own?.values?.[text]
  if (value !== undefined) return value
  if (name === 'country') return new Intl.DisplayNames(locale, { type: 'region' }).of(text) ?? text
  if (name === 'time-zone') return zoneLabel(locale, text)
  const unit = unitOf(settings[name])
  const shape = { style: 'unit', unit, unitDisplay: 'long' } as const
  return unit ? new Intl.NumberFormat(locale, shape).format(Number(text)) : text
}

/** What its number counts. */
function unitOf(setting: Setting | undefined) {
  const form = setting?.form
  return (['day', 'hour', 'minute'] as const).find((unit) => form === `<${unit}s>`)
}

type OptionsAt = { setting: Setting; text: string; language: Language }

function optionsOf(name: string, { setting, text, language }: OptionsAt): ShownSetting['options'] {
  const listed = setting.form === undefined ? ['yes', 'no'] : (setting.options?.() ?? [])
  if (listed.length === 0) return []
  // An older name of a time zone is still a time zone.
  const all = listed.includes(text) || text === '' ? listed : [text, ...listed]
  const options = all.map((value) => ({ value, label: saidOf(name, value, language) }))
  return name === 'country'
    ? options.toSorted((one, other) => one.label.localeCompare(other.label, language.locale))
    : options
}

function takesOf(setting: Setting): ShownSetting['takes'] {
  if (setting.form === '<address>') return 'address'
  return unitOf(setting) ? 'number' : 'text'
}
