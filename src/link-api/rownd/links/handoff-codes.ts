import type { CoreTools } from '../../../part.ts'
import { randomToken, type Secrets } from '../../../secrets.ts'
import { preparedInsert } from '../../../store/prepared-query.ts'
import { type Queries, rows, type Write } from '../../../store/store.ts'
import type { RowndApplication } from '../application/applications.ts'
import { RowndError } from '../envelope.ts'
import type { VerificationType } from '../profiles/identifiers.ts'
import { type Profile, profileById, tokenSubject } from '../profiles/profiles.ts'
import { issueRefreshToken, signTokens, type TokenPair } from '../tokens/tokens.ts'
import type { LinkData } from './order.ts'
import { withFragmentPart, withParameter } from './redirects.ts'

/** How long a code may be exchanged: enough for the browser to reach the other site, and for that site to reach us. */
const codeLifeMs = 60_000
/** Letters and digits: 190 bits. */
const codeLength = 32

/** The query parameter that carries a code to the other site. */
const codeParameter = 'porchlight_code'

/** A spent link's answer to a program: reference §6.3. */
export type SignedIn = TokenPair & {
  app_user_id: string
  app_id: string
  /** How the user signed in just now. */
  last_sign_in: VerificationType
  redirect_url: string
  link_data: LinkData
  /** The same, under the name in Rownd's prose. */
  link_meta: LinkData
}

/** The data stored with a code until its exchange. */
type Kept = { method: VerificationType; redirectUrl: string; linkData: LinkData }

type SpentCode = { applicationId: string; profileId: string; familyId: string; answer: Uint8Array }

type Customer = { id: string; publicOrigin: string }

/** Makes a code for the site a link leads to, in the transaction that spends the link. @returns the code, stored only as a keyed hash */
export function* issueHandoffCode(
  db: Queries,
  secrets: Secrets,
  of: Kept & { profile: Profile; familyId: string },
  nowMs: number,
): Write<string> {
  const code = randomToken(codeLength)
  const { profile, familyId, ...kept } = of
  yield* rows(
    newCode(db, {
      code_hash: secrets.hash('hand-off code', code),
      application_id: profile.applicationId,
      profile_id: profile.id,
      family_id: familyId,
      answer_sealed: secrets.seal('hand-off', JSON.stringify(kept)),
      issued_at_ms: nowMs,
      expires_at_ms: nowMs + codeLifeMs,
    }),
  )
  return code
}

const newCode = preparedInsert('handoff_code')

/**
 * Exchanges a code for its user's tokens, once and within a minute, for the application it was made for.
 *
 * @throws {RowndError} 'E_INVALID_CODE', the same for every code that is not, or no longer, one of the application's
 */
export async function exchangeHandoffCode(
  tools: CoreTools,
  by: { customer: Customer; application: RowndApplication; code: string },
): Promise<SignedIn> {
  const { store, secrets, clock } = tools
  const { customer, application } = by
  const exchanged = await store.write(function* () {
    const spent = yield* spendCode(store.db, secrets, by, clock())
    if (!spent) return undefined
    const profile = yield* profileById(store.db, spent)
    if (profile?.state !== 'enabled') return undefined
    const family = yield* issueRefreshToken(store.db, secrets, spent.familyId, clock())
    return { profile, family, answer: spent.answer }
  })
  if (!exchanged) throw new RowndError('E_INVALID_CODE')
  const { profile, family } = exchanged
  const kept = JSON.parse(secrets.open('hand-off', exchanged.answer)) as Kept
  const subject = tokenSubject(profile, application)
  return describeSignIn(await signTokens(tools, { customer, application, subject, family }), profile, kept)
}

/** Of any number of tries on one code, exactly one changes the row. A sign-in that has ended since has no tokens any more. */
function* spendCode(
  db: Queries,
  secrets: Secrets,
  by: { application: RowndApplication; code: string },
  nowMs: number,
): Write<SpentCode | undefined> {
  if (by.code.length !== codeLength) return undefined
  const [row] = yield* rows(
    db
      .updateTable('handoff_code')
      .set({ used_at_ms: nowMs })
      .where('code_hash', 'in', secrets.hashes('hand-off code', by.code))
      .where('application_id', '=', by.application.id)
      .where('used_at_ms', 'is', null)
      .where('expires_at_ms', '>', nowMs)
      .where((where) =>
        where.exists(
          where
            .selectFrom('token_family')
            .select('token_family.id')
            .whereRef('token_family.id', '=', 'handoff_code.family_id')
            .where('token_family.ended_at_ms', 'is', null),
        ),
      )
      .returning(['profile_id', 'family_id', 'answer_sealed'])
      .compile(),
  )
  return (
    row && {
      applicationId: by.application.id,
      profileId: row.profile_id,
      familyId: row.family_id,
      answer: row.answer_sealed,
    }
  )
}

export function describeSignIn(
  tokens: TokenPair,
  profile: Profile,
  by: { method: VerificationType; redirectUrl: string; linkData: LinkData },
): SignedIn {
  return {
    ...tokens,
    app_user_id: profile.id,
    app_id: profile.applicationId,
    last_sign_in: by.method,
    redirect_url: by.redirectUrl,
    link_data: by.linkData,
    link_meta: by.linkData,
  }
}

/** The address of the other site, with the code. */
export function withCode(url: string, code: string): string {
  return withParameter(url, codeParameter, code)
}

/**
 * The address of the other site, with the tokens in its fragment, as Rownd's front ends read them: base64 of JSON.
 *
 * @see reference §6.4
 */
export function withTokens(url: string, tokens: TokenPair, profile: Profile): string {
  const value = { ...tokens, app_id: profile.applicationId, app_user_id: profile.id }
  return withFragmentPart(url, `rph_init=${Buffer.from(JSON.stringify(value)).toString('base64')}`)
}

/** Deletes expired codes. */
export function* forgetOldCodes(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('handoff_code').where('expires_at_ms', '<', nowMs).compile())
}
