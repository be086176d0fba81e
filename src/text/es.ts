import type { Words } from './en.ts'
import { account } from './es/account.ts'
import { calendar } from './es/calendar.ts'
import { certificates } from './es/certificates.ts'
import { common } from './es/common.ts'
import { firstRun } from './es/first-run.ts'
import { groups } from './es/groups.ts'
import { handOff } from './es/hand-off.ts'
import { help } from './es/help.ts'
import { hours } from './es/hours.ts'
import { limits } from './es/limits.ts'
import { mail } from './es/mail.ts'
import { opportunityList } from './es/opportunities.ts'
import { passkeys } from './es/passkeys.ts'
import { password } from './es/password.ts'
import { profileFields } from './es/profile-fields.ts'
import { profileForm } from './es/profile-form.ts'
import { provider } from './es/provider.ts'
import { reminders } from './es/reminders.ts'
import { rowndLink } from './es/rownd.ts'
import { signIn } from './es/sign-in.ts'
import { announcements } from './es/staff/announcements.ts'
import { staffApplications } from './es/staff/applications.ts'
import { staffAudit } from './es/staff/audit.ts'
import { staffFields } from './es/staff/fields.ts'
import { staffLinkLists } from './es/staff/link-lists.ts'
import { staffLinks } from './es/staff/links.ts'
import { staffPeople } from './es/staff/people.ts'
import { staffPreview } from './es/staff/preview.ts'
import { staffProblems } from './es/staff/problems.ts'
import { secondStep } from './es/staff/second-step.ts'
import { staffSettings } from './es/staff/settings.ts'
import { staffExport, staffRecord, staffTerms, staffVomo } from './es/staff/settings-record.ts'
import { staff } from './es/staff/staff.ts'
import { staffTeam } from './es/staff/team.ts'
import { staffToday } from './es/staff/today.ts'
import { staffWaysIn } from './es/staff/ways-in.ts'
import { trouble, unknownHost } from './es/trouble.ts'
import { notCounted, rowStates, shiftStates, volunteer } from './es/volunteer.ts'
import type { Terms } from './terms.ts'

export const spanishTerms: Terms = {
  opportunity: { one: 'oportunidad', other: 'oportunidades' },
  initiative: { one: 'iniciativa', other: 'iniciativas' },
  group: { one: 'grupo', other: 'grupos' },
}

/** Every visible word, in the Spanish of the United States. A customer's own nouns may have any gender, so no sentence depends on it. */
export function spanishWith(terms: Terms): Words {
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
    volunteerWords: { someShift: 'Un turno', loadingShift: 'Un turno' },
    trouble,
    unknownHost,
    firstRun,
    mail,
  }
}
