import { account } from './en/account.ts'
import { calendar } from './en/calendar.ts'
import { certificates } from './en/certificates.ts'
import { common } from './en/common.ts'
import { firstRun } from './en/first-run.ts'
import { groups } from './en/groups.ts'
import { handOff } from './en/hand-off.ts'
import { help } from './en/help.ts'
import { hours } from './en/hours.ts'
import { limits } from './en/limits.ts'
import { mail } from './en/mail.ts'
import { opportunityList } from './en/opportunities.ts'
import { passkeys } from './en/passkeys.ts'
import { password } from './en/password.ts'
import { apiDocs, mailbox, problems, volunteerWords } from './en/problems.ts'
import { profileFields } from './en/profile-fields.ts'
import { profileForm } from './en/profile-form.ts'
import { provider } from './en/provider.ts'
import { reminders } from './en/reminders.ts'
import { rowndLink } from './en/rownd.ts'
import { signIn } from './en/sign-in.ts'
import { announcements } from './en/staff/announcements.ts'
import { staffApplications } from './en/staff/applications.ts'
import { staffAudit } from './en/staff/audit.ts'
import { staffFields } from './en/staff/fields.ts'
import { staffLinkLists } from './en/staff/link-lists.ts'
import { staffLinks } from './en/staff/links.ts'
import { staffPeople } from './en/staff/people.ts'
import { staffPreview } from './en/staff/preview.ts'
import { staffProblems } from './en/staff/problems.ts'
import { secondStep } from './en/staff/second-step.ts'
import { staffSettings } from './en/staff/settings.ts'
import { staffExport, staffRecord, staffTerms, staffVomo } from './en/staff/settings-record.ts'
import { staff } from './en/staff/staff.ts'
import { staffTeam } from './en/staff/team.ts'
import { staffToday } from './en/staff/today.ts'
import { staffWaysIn } from './en/staff/ways-in.ts'
import { trouble, unknownHost } from './en/trouble.ts'
import { notCounted, rowStates, shiftStates, volunteer } from './en/volunteer.ts'
import type { Terms } from './terms.ts'

export const englishTerms: Terms = {
  opportunity: { one: 'opportunity', other: 'opportunities' },
  initiative: { one: 'initiative', other: 'initiatives' },
  group: { one: 'group', other: 'groups' },
}

/**
 * Every visible word, in English. Contains no markup: when a page wraps part of a sentence in an element, the sentence takes that
 * part as a parameter.
 */
export function englishWith(terms: Terms) {
  return {
    terms,
    ...common,
    ...volunteer(terms),
    hours: hours(terms),
    calendar,
    reminders,
    certificates,
    groups: groups(terms),
    opportunityList: opportunityList(terms),
    signIn,
    password,
    provider,
    account,
    passkeys,
    profileFields,
    profileForm,
    rowndLink,
    secondStep,
    announcements,
    staffAudit,
    staffApplications,
    staffFields,
    staffPeople,
    staffPreview,
    staffProblems,
    staffExport,
    staffRecord,
    staffSettings,
    staffTerms,
    staffVomo,
    staffTeam,
    staffWaysIn,
    staffLinks,
    staffLinkLists,
    staffToday,
    staff,
    rowStates,
    notCounted,
    shiftStates,
    handOff,
    help,
    limits,
    volunteerWords,
    trouble,
    unknownHost,
    firstRun,
    mail,
  }
}

/** English with VOMO's nouns. The pages for programmers exist only in English. */
export const en = { ...englishWith(englishTerms), mailbox, apiDocs, problems }

/** The words a language must have. */
export type Words = ReturnType<typeof englishWith>

/** Why a row of the history counts or does not. */
export type RowState = keyof Words['rowStates']

/** What a page says about an upcoming shift. */
export type ShiftState = keyof Words['shiftStates']
