import { type Queries, rows, type Write } from '../../../store/store.ts'
import type { RowndApplication } from '../application/applications.ts'
import type { Paging } from '../paging.ts'
import { identifierSought } from './identifiers.ts'
import { type Profile, toProfile } from './profiles.ts'

type ProfileFilter = {
  /** Identifying values, in any spelling; `undefined` means all. */
  lookups: readonly string[] | undefined
  ids: readonly string[] | undefined
}

/** Profiles in the order of their ids. @returns one page of them, and the total count */
export function* listProfiles(
  db: Queries,
  application: RowndApplication,
  filter: ProfileFilter,
  { pageSize, after, sort }: Paging,
): Write<{ total: number; page: Profile[] }> {
  let wanted = db.selectFrom('profile').where('application_id', '=', application.id)
  if (filter.ids) wanted = wanted.where('id', 'in', filter.ids)
  if (filter.lookups) wanted = wanted.where('id', 'in', holders(db, application, filter.lookups))
  const [count] = yield* rows(wanted.select((select) => select.fn.countAll<number>().as('total')).compile())
  const rest = after === undefined ? wanted : wanted.where('id', sort === 'asc' ? '>' : '<', after)
  const page = yield* rows(rest.selectAll().orderBy('id', sort).limit(pageSize).compile())
  return { total: count?.total ?? 0, page: page.map(toProfile) }
}

/** Profiles with one of these values, as an email address, a phone number, or another identifying field. */
function holders(db: Queries, application: RowndApplication, lookups: readonly string[]) {
  const meant = application.verificationFields.flatMap((field) =>
    lookups.flatMap((text) => {
      const value = identifierSought(field, text, application.country)
      return value === undefined ? [] : [{ field, value }]
    }),
  )
  return db
    .selectFrom('profile_identifier')
    .select('profile_id')
    .where('application_id', '=', application.id)
    .where((where) =>
      where.or(
        meant.map(({ field, value }) => where.and([where('field', '=', field), where('value', '=', value)])),
      ),
    )
}
