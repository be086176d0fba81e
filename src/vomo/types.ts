import type { UserFields } from './user-fields.ts'

/**
 * VOMO's resources as the rest of Porchlight sees them: normalized, typed, whitelisted. Ids are strings, times are integer
 * milliseconds since the epoch, and absent values are `null`. Wire forms stay inside this folder.
 */

/**
 * A copy of something VOMO told us, and when we asked. `savedAtMs`: it is the answer to a save, which this moment identifies; it has that
 * change, and of others those from before we asked.
 */
export type Held<T> = { readonly value: T; readonly fetchedAtMs: number; readonly savedAtMs?: number }

export type VomoUser = { readonly id: string } & UserFields

export type VomoUserDetail = VomoUser & {
  readonly participations: readonly VomoParticipation[]
  readonly profileFields: readonly VomoProfileField[]
  /** `null` when VOMO does not say which they hold. */
  readonly certificates: readonly VomoEarnedCertificate[] | null
}

/** A certificate a user holds: a course they took, a license they have. Days are `YYYY-MM-DD`. */
export type VomoEarnedCertificate = {
  readonly name: string
  readonly earnedOn: string | null
  /** The last valid day; `null` when it does not expire, or VOMO does not say. */
  readonly expiresOn: string | null
}

/** A certificate that a customer's users can hold. */
export type VomoCertificate = {
  readonly name: string
  readonly description: string | null
  readonly validForDays: number | null
}

export type VomoGroup = {
  readonly name: string
  /** The name of the group that contains it. */
  readonly within: string | null
}

/** A customer's custom field. Another room decides which may be shown. */
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
  /** Fractional hours, as VOMO has them; may be set before the shift takes place. */
  readonly hours: number | null
  readonly isVerified: boolean
  readonly role: string | null
  readonly guests: number
  /** Undocumented in REST; upper-cased when present (`APPROVED`, `DENIED`, `CANCELLED` …). */
  readonly status: string | null
  /** Something to bring (a VOMO *need* of type `item`), not time given. */
  readonly isItem: boolean
}

export type VomoProject = {
  readonly id: string
  readonly name: string
  readonly url: string | null
  /** IANA name; `UTC` when VOMO has none. */
  readonly timeZone: string
  /** The place to show: venue and address in one line. */
  readonly place: string | null
  /** The town alone. */
  readonly town: string | null
  /** Paragraphs of plain text; empty when VOMO has no description. */
  readonly description: readonly string[]
  /** Whom VOMO's page of the project names to ask. */
  readonly contact: VomoContact | null
  /** Years; `null` when everyone may come. */
  readonly minAge: number | null
  readonly allowsGuests: boolean
  /** A sign-up waits until the organizer accepts it. */
  readonly needsApproval: boolean
  readonly isAnytime: boolean
  /** Published, not a draft, and open to the public. `false` when VOMO does not say how private it is. */
  readonly isPublic: boolean
  /** The name of the organization that owns the project, where several share a VOMO. */
  readonly organization: string | null
  readonly campaigns: readonly { readonly id: string; readonly name: string }[]
  readonly dates: readonly VomoProjectDate[]
}

/** At least one of the three is known. */
export type VomoContact = {
  readonly name: string | null
  readonly phone: string | null
  readonly email: string | null
}

/** What VOMO's pages call an initiative; a project lists the ones it belongs to. */
export type VomoCampaign = {
  readonly id: string
  readonly name: string
  /** The last segment of its page's address, here and in VOMO. `null` when we cannot use it. */
  readonly slug: string | null
  /** Paragraphs of plain text; empty when VOMO has no description. */
  readonly description: readonly string[]
  /** Elsewhere: never for a page. See `Vomo.picture`. */
  readonly pictureUrl: string | null
}

/** What a row joins with: the project, or the reason there is none. */
export type ProjectView = VomoProject | 'gone' | 'loading'

export type VomoProjectDate = {
  readonly id: string
  readonly startsAtMs: number
  readonly endsAtMs: number
  /** For people, over all roles. `null` when VOMO does not say, or a role has no limit. */
  readonly placesLeft: number | null
}
