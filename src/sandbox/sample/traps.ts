import { type CastName, exactOnPageTwo, familyEmail } from './cast.ts'
import type { Actor, Shared } from './places.ts'

export type Traps = ReturnType<typeof nameTraps>

/** Riverbend's traps, by email as VOMO stores it, or by id when the email does not matter. */
export function nameTraps(actor: Actor, shared: Shared) {
  const email = (name: CastName): string => actor(name).email ?? ''
  return {
    customer: 'riverbend',
    /** The first is contained in the second. */
    contained: [email('contained'), email('containing')] as const,
    exactOnPageTwo,
    /** Held by two users. */
    twoExact: email('twoExactFirst'),
    /** Two users, two spellings of one address. */
    twoExactByCase: [email('twoExactLower'), email('twoExactMixed')] as const,
    upperCase: email('upperCase'),
    plus: email('plus'),
    underscore: email('underscore'),
    /** A search for `underscore` finds this one, too. */
    underscoreLookalike: email('underscoreLookalike'),
    /** No phone, address, birthday, gender. */
    nulls: email('nulls'),
    noLastName: email('noLastName'),
    noEmailId: actor('noEmail').id,
    /** 400 participations. */
    many: email('many'),
    /** Hours and `verified` in every form. */
    mixedForms: email('mixedForms'),
    futureHours: email('futureHours'),
    noCheckOut: email('noCheckOut'),
    twoRoles: email('twoRoles'),
    denied: email('denied'),
    giftInKind: email('giftInKind'),
    anytime: email('anytime'),
    goneProject: email('goneProject'),
    missingDate: email('missingDate'),
    /** On every night the clocks change. */
    clockChange: email('clockChange'),
    /** On every New Year's Eve, 23:30 to 01:30. */
    newYear: email('newYear'),
    inactive: email('inactive'),
    invited: email('invited'),
    pending: email('pending'),
    unverified: email('unverified'),
    oddStatus: email('oddStatus'),
    foreignOrg: email('foreignOrg'),
    scrubbedId: actor('scrubbed').id,
    scrubbedEmail: email('scrubbed'),
    removedId: actor('removed').id,
    removedEmail: email('removed'),
    /** Of three people at hillside: two with a birthday, one without. */
    family: familyEmail,
    /** Emails of people whom both customers know, under different ids. */
    sharedEmails: shared.people.map((user) => user.email ?? ''),
    /** Ids that are one person at riverbend and another at hillside. */
    sharedIds: shared.ids,
  }
}
