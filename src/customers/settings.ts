import { addressRules, maskAddress, readTypedAddress } from '../address.ts'
import { isThisMachineToBrowsers } from '../loopback.ts'
import { countries, defaultCountry, isCountry } from '../phone.ts'
import type { CustomerTable } from '../store/tables/customers.ts'
import type { IpRule } from '../store/tables/links.ts'
import {
  defaultLanguage,
  type LanguageName,
  languageNames,
  languages,
  languageWith,
} from '../text/languages.ts'
import { otherZones, zonesOfUnitedStates } from '../time/zones.ts'
import type { Role } from './roles.ts'
import { maxLives } from './session-lives.ts'

/** As its column holds it; 0 and 1 are no and yes. */
export type Value = string | number | null

/** The pages of settings in the console, in their order. */
export const settingGroups = ['organization', 'looks', 'hours', 'sign-in', 'sessions', 'links'] as const

export type SettingGroup = (typeof settingGroups)[number]

export type Setting = {
  /** The page of the console where it is changed. */
  readonly group: SettingGroup
  /** To follow its name, in help and in the manual. */
  readonly meaning: string
  /** What is typed, as help shows it. A setting without it is yes or no. */
  readonly form?: string
  /** Of yes or no. */
  readonly meaningOfNo?: string
  /** As it is typed; empty where nothing is set, left out where it must be given. */
  readonly default?: string
  /** Another value that it may have, as it is typed. */
  readonly example: string
  /** The least role that may change it. */
  readonly role: Role
  readonly column: keyof CustomerTable
  /** The part of a column that holds JSON by language. */
  readonly language?: LanguageName
  /** All that it may be, where that is a list to choose from. */
  readonly options?: () => readonly string[]
  /** Whether this value keeps people out, or lets in more than before: the console asks twice. */
  readonly asksTwice?: (text: string) => boolean
  /** How the audit log shows a value that identifies a person: people are erased, and events stay. */
  readonly mask?: (text: string) => string
  /** @returns what to store, or the rule that the text breaks, to follow the setting's name */
  readonly read: (text: string) => { value: Value } | { rule: string }
}

export const ipRules = ['off', 'warn', 'confirm', 'strict'] as const satisfies readonly IpRule[]

const maxWordsLength = 60
/** Staff who are signed out sooner than this may not come to the end of a form. */
const minUnaskedMinutes = 5

/**
 * What a customer can set, by the names that operators type: one row for each. The command line, the console, the manual and
 * `doctor` are made from it or compared with it.
 *
 * Not here, because each is more than a column and has a write of its own: the logo (a file: `setLogo`), the VOMO access (sealed,
 * and tried before it is saved: `grantVomoAccess`), the nouns (`setOwnTerms`), what shows of a record and may be changed in it
 * (`changeFieldChoice` keeps every version).
 */
export const settings: Readonly<Record<string, Setting>> = {
  name: {
    group: 'organization',
    column: 'name',
    form: '<name>',
    meaning: 'its name, as volunteers know it',
    example: 'Riverbend Food Bank',
    role: 'owner',
    read: (text) => keep(text, text !== '' && isOneLine(text), 'must be a name without control characters'),
  },
  url: {
    group: 'organization',
    column: 'public_origin',
    form: '<origin>',
    meaning: 'where its volunteers come: https://volunteers.example.org',
    example: 'https://volunteers.example.org',
    role: 'operator',
    read: (text) =>
      keep(
        text,
        isServableOrigin(text),
        'must be an origin like https://volunteers.example.org (http on this machine only), without a path',
      ),
  },
  'contact-name': {
    group: 'organization',
    column: 'contact_name',
    form: '<name>',
    meaning: 'the person volunteers can ask',
    default: '',
    example: 'Rosa Whitfield',
    role: 'coordinator',
    mask: ([initial = '']) => `${initial}…`,
    read: (text) => keep(text, isOneLine(text), 'must be without control characters'),
  },
  'contact-email': {
    group: 'organization',
    column: 'contact_email',
    form: '<address>',
    meaning: 'and their address, where replies to emails go',
    default: '',
    example: 'volunteers@example.org',
    role: 'coordinator',
    mask: maskAddress,
    read(text) {
      if (text === '') return { value: null }
      const read = readTypedAddress(text)
      return typeof read === 'string' ? { rule: addressRules[read] } : { value: read.shown }
    },
  },
  color: {
    group: 'looks',
    column: 'colour',
    form: '<#rrggbb>',
    meaning: 'its color',
    default: '',
    example: '#0b5a5f',
    role: 'owner',
    read: (text) => keep(text.toLowerCase(), /^(?:#[0-9a-f]{6})?$/i.test(text), 'must look like #0b5a5f'),
  },
  'time-zone': {
    group: 'organization',
    column: 'time_zone',
    form: '<zone>',
    meaning: 'IANA name; for times that belong to no project',
    default: 'UTC',
    example: 'America/Chicago',
    options: () => [...zonesOfUnitedStates, 'UTC', ...otherZones()],
    role: 'owner',
    read: (text) => keep(text, isTimeZone(text), 'must be an IANA name like America/Chicago'),
  },
  country: {
    group: 'organization',
    column: 'country',
    form: '<code>',
    meaning: 'where a phone number without + is dialed: two letters, as in US or MX',
    default: defaultCountry,
    example: 'MX',
    options: countries,
    role: 'owner',
    read: (text) =>
      keep(
        text.toUpperCase(),
        isCountry(text.toUpperCase()),
        'must be the two letters of a country, as in US or MX',
      ),
  },
  'stranger-mails': {
    group: 'sign-in',
    column: 'mails_strangers',
    meaning: 'tell an address that is not on record so, by email',
    meaningOfNo: 'send no email to addresses that are not on record',
    default: 'yes',
    example: 'no',
    role: 'owner',
    read: readYesNo,
  },
  'problem-emails': {
    group: 'organization',
    column: 'problem_emails',
    meaning: 'tell staff by email, once a day, how many problems are open',
    meaningOfNo: 'send staff no such email',
    default: 'no',
    example: 'yes',
    role: 'owner',
    read: readYesNo,
  },
  passwords: {
    group: 'sign-in',
    column: 'passwords',
    meaning: 'let people choose a password to sign in with, besides the emailed link',
    meaningOfNo: 'have no passwords; those chosen before open nothing meanwhile',
    default: 'no',
    example: 'yes',
    asksTwice: (text) => text === 'no',
    role: 'owner',
    read: readYesNo,
  },
  'shared-addresses': {
    group: 'sign-in',
    column: 'lets_choose_record',
    meaning: 'let people who share an address sign in, each by their record’s last name and birthday',
    meaningOfNo: 'sign no one in whose address stands on more than one record',
    default: 'no',
    example: 'yes',
    role: 'owner',
    read: readYesNo,
  },
  ...Object.fromEntries(languageNames.map(verifiedWords)),
  'hours-verified': {
    group: 'hours',
    column: 'hours_shows_verified',
    meaning: 'show which hours are confirmed',
    meaningOfNo: 'show nothing of it, for an organization that confirms no hours',
    default: 'yes',
    example: 'no',
    role: 'coordinator',
    read: readYesNo,
  },
  'confirm-days': {
    group: 'hours',
    column: 'hours_confirm_days',
    form: '<days>',
    meaning: 'it usually confirms hours within so many days; 0 to say nothing',
    default: '',
    example: '14',
    role: 'coordinator',
    read: (text) =>
      /^\d{0,3}$/.test(text)
        ? { value: Number(text) || null }
        : { rule: 'must be a number of days from 0 to 999' },
  },
  'link-ip-rule': {
    group: 'links',
    column: 'link_ip_rule',
    form: '<rule>',
    meaning: `how strictly its systems’ links check the visitor’s address: ${ipRules.join(', ')}`,
    default: 'strict',
    example: 'confirm',
    options: () => ipRules,
    asksTwice: (text) => text === 'off',
    role: 'owner',
    read: (text) =>
      keep(
        text,
        ipRules.some((rule) => rule === text),
        `must be one of ${ipRules.join(', ')}`,
      ),
  },
  'link-button': {
    group: 'links',
    column: 'link_needs_button',
    meaning: 'have such links ask for the press of a button, even from the right address',
    meaningOfNo: 'let such links sign people in when opened from the right address',
    default: 'no',
    example: 'yes',
    role: 'owner',
    read: readYesNo,
  },
  passkeys: {
    group: 'sign-in',
    column: 'passkeys',
    meaning: 'let people sign in with a passkey, too; a passkey works at its --url alone',
    meaningOfNo: 'have them sign in without passkeys; those they have stay, and open nothing',
    default: 'yes',
    example: 'no',
    asksTwice: (text) => text === 'no',
    role: 'owner',
    read: readYesNo,
  },
  'session-days': sessionLife('session_days', 'days', 'how long a volunteer stays signed in at most'),
  'session-unused-days': sessionLife(
    'session_unused_days',
    'days',
    'how long a volunteer stays signed in without coming back',
  ),
  'staff-session-hours': sessionLife(
    'staff_session_hours',
    'hours',
    'how long a member of staff stays signed in at most',
  ),
  'staff-session-unused-minutes': sessionLife(
    'staff_session_unused_minutes',
    'minutes',
    'how long a member of staff stays signed in without doing anything',
  ),
}

function verifiedWords(language: LanguageName): [string, Setting] {
  const { example } = languageWith(language).words.hours.verified
  const isDefault = language === defaultLanguage
  const nameOf = new Intl.DisplayNames(languages[defaultLanguage].locale, { type: 'language' })
  const setting: Setting = {
    group: 'hours',
    column: 'hours_verified',
    language,
    form: '<words>',
    meaning: isDefault
      ? `its words for confirmed hours, to end a sentence: ${example}; nothing ("") for the usual word`
      : `the same in ${nameOf.of(language)}: ${example}`,
    default: '',
    example,
    role: 'coordinator',
    read: (text) =>
      keep(
        text,
        text.length <= maxWordsLength && isOneLine(text),
        `must have at most ${maxWordsLength} characters, and no control characters`,
      ),
  }
  return [`hours-verified-word${isDefault ? '' : `-${language}`}`, setting]
}

/** Shorter than ours, or ours where nothing is set. It holds for sign-ins from then on. */
function sessionLife(column: keyof typeof maxLives, unit: string, meaning: string): Setting {
  const { count } = maxLives[column]
  return {
    group: 'sessions',
    column,
    form: `<${unit}>`,
    meaning: `${meaning}: 1 to ${count} ${unit}; nothing ("") for ${count}`,
    default: '',
    example: `${Math.floor(count / 2)}`,
    role: 'owner',
    ...(unit === 'minutes' && { asksTwice: (text) => text !== '' && Number(text) < minUnaskedMinutes }),
    read: (text) =>
      text === '' || (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= count)
        ? { value: Number(text) || null }
        : { rule: `must be a number of ${unit} from 1 to ${count}` },
  }
}

/** Nothing typed is nothing set. */
function keep(value: string, isRight: boolean, rule: string) {
  return isRight ? { value: value === '' ? null : value } : { rule }
}

function readYesNo(text: string) {
  if (text === 'yes') return { value: 1 }
  return text === 'no' ? { value: 0 } : { rule: 'must be yes or no' }
}

function isOneLine(text: string): boolean {
  return !/\p{C}/u.test(text)
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Whether a public origin may be served: https, or http on this machine. */
export function isServableOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false
  const url = new URL(origin)
  if (url.origin !== origin) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachineToBrowsers(url.hostname))
}
