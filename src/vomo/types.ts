/**
 * VOMO's things as the rest of Porchlight sees them: tidy, typed, whitelisted. Ids are strings, times are integer
 * milliseconds since the epoch, what VOMO left out is `null`. Wire forms stay inside this folder.
 */

/** A copy of something VOMO told us, and when it told us. */
export type Held<T> = { readonly value: T; readonly fetchedAtMs: number }

export type VomoUser = {
  readonly id: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly phone: string | null
  /** One free-text line. */
  readonly address: string | null
  /** `YYYY-MM-DD` */
  readonly birthday: string | null
  readonly gender: Gender | null
  readonly membershipRole: string | null
  readonly membershipStatus: string | null
  readonly updatedAtMs: number | null
}

export type VomoUserDetail = VomoUser & {
  readonly participations: readonly VomoParticipation[]
  readonly profileFields: readonly VomoProfileField[]
  /** `null` where VOMO does not say which they hold. */
  readonly certificates: readonly VomoEarnedCertificate[] | null
}

/** Something somebody holds: a course they took, a licence they have. Days are `YYYY-MM-DD`. */
export type VomoEarnedCertificate = {
  readonly name: string
  readonly earnedOn: string | null
  /** The last day on which it is good; `null` where it has none, or VOMO does not say. */
  readonly expiresOn: string | null
}

/** Something that can be held at a customer. */
export type VomoCertificate = {
  readonly name: string
  readonly description: string | null
  readonly validForDays: number | null
}

export type VomoGroup = {
  readonly name: string
  /** The name of the group that it is part of. */
  readonly within: string | null
}

/** As VOMO writes it; what `N` stands for it does not say. */
export type Gender = 'M' | 'F' | 'N'

/** A field of the customer's own making. Which of them may be shown is not decided here. */
export type VomoProfileField = {
  readonly name: string
  readonly value: string | boolean | readonly string[]
}

export type VomoParticipation = {
  readonly projectId: string | null
  readonly projectDateId: string | null
  readonly signedUpAtMs: number | null
  readonly checkedInAtMs: number | null
  readonly checkedOutAtMs: number | null
  /** Fractional hours, as VOMO has them; may be set before the shift has happened. */
  readonly hours: number | null
  readonly isVerified: boolean
  readonly role: string | null
  readonly guests: number
  /** Undocumented in REST; upper-cased where present (`APPROVED`, `DENIED`, `CANCELLED` …). */
  readonly status: string | null
  /** Something to bring (a VOMO *need* of type `item`), not time given. */
  readonly isItem: boolean
}

export type VomoProject = {
  readonly id: string
  readonly name: string
  readonly url: string | null
  /** IANA name; `UTC` where VOMO has none. */
  readonly timeZone: string
  /** What to show as the place: venue and address in one line. */
  readonly place: string | null
  readonly isAnytime: boolean
  /** Published, no draft, and open to everybody. `false` where VOMO does not say how private it is. */
  readonly isPublic: boolean
  /** Of those that share a VOMO, the name of the one whose project it is. */
  readonly organization: string | null
  readonly campaigns: readonly { readonly id: string; readonly name: string }[]
  readonly dates: readonly VomoProjectDate[]
}

/** What VOMO's pages call an initiative; a project says which ones it belongs to. */
export type VomoCampaign = {
  readonly id: string
  readonly name: string
  /** Where its page is, here and in VOMO: the end of its address. `null` where that is none we can use. */
  readonly slug: string | null
  /** Paragraphs of plain text; none where VOMO has no words for it. */
  readonly description: readonly string[]
}

/** What a row can be joined with: the project, or why there is none. */
export type ProjectView = VomoProject | 'gone' | 'loading'

export type VomoProjectDate = {
  readonly id: string
  readonly startsAtMs: number
  readonly endsAtMs: number
}
