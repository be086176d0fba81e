import { mayActAs, type StaffRole } from '../../customers/roles.ts'
import { breakable, Masked } from '../../page/contact.tsx'
import { Button, Field, PostForm } from '../../page/form.tsx'
import { PagesNav } from '../../page/pages-nav.tsx'
import { Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import { formatRecent, type Instant } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { StaffLayout } from '../menu.tsx'
import type { Found, FoundPage } from './found.ts'

/** What VOMO says of an address that is not known here. */
export type InVomo = { address: string } & (
  | { found: keyof Words['staffPeople']['find']['inVomo'] }
  | { found: 'too_many'; retryAt: Instant & { readonly nowMs: number } }
)

type FindProps = Frame & {
  role: StaffRole
  typed: string
  /** `null` where nothing was typed. */
  found: FoundPage | null
  inVomo: InVomo | null
  /** An owner just erased a person. */
  isErased: boolean
}

export function FindPage(props: FindProps) {
  const { words, locale, role, typed, found, inVomo, isErased } = props
  const said = words.staffPeople.find
  // A caller waits, so the answer stands first, unless it has to be narrowed down.
  const isShort = found !== null && found.total > 0 && found.pages === 1
  return (
    <StaffLayout frame={props} title={words.staffPeople.title} role={role} place="people">
      <Lit>
        <div class="flow">
          {isErased && (
            <p class="notice" role="status">
              {words.staffPeople.erase.done}
            </p>
          )}
          <h1>{isShort ? said.count(found.total) : said.heading}</h1>
          {!isShort && <FindForm words={words} role={role} typed={typed} />}
        </div>
      </Lit>
      <div class="wrap flow">
        {found && !isShort && (
          <p role="status">{found.total === 0 ? said.none(typed) : said.count(found.total)}</p>
        )}
        {inVomo && <InVomoNote {...{ words, locale, inVomo }} />}
        {found && found.total > 0 && <FoundPeople words={words} typed={typed} found={found} />}
        {found?.isReading && <p>{said.reading}</p>}
        {inVomo === null && !found?.total && <p class="quiet">{finds(said, role).unknown}</p>}
        {isShort && <FindForm words={words} role={role} typed={typed} />}
      </div>
    </StaffLayout>
  )
}

/** Also on the first page of staff: the phone may ring at any time. */
export function FindForm({ words, role, typed }: { words: Words; role: StaffRole; typed: string }) {
  const said = words.staffPeople.find
  return (
    <form method="get" action="/admin/people" role="search">
      <Field
        name="q"
        label={finds(said, role).label}
        type="text"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={200}
        autofocus={typed === ''}
        value={typed}
      />
      <Button>{said.button}</Button>
    </form>
  )
}

/** Viewers find by less, so the form promises them less. */
function finds(said: Words['staffPeople']['find'], role: StaffRole) {
  return mayActAs(role, 'coordinator') ? said : said.viewer
}

function InVomoNote({ words, locale, inVomo }: { words: Words; locale: string; inVomo: InVomo }) {
  const said = words.staffPeople.find
  if (inVomo.found === 'too_many')
    return <p>{said.tooMany(formatRecent(locale, inVomo.retryAt, inVomo.retryAt.nowMs))}</p>
  const { address, found } = inVomo
  return (
    <div class="flow">
      <p>{said.inVomo[found]}</p>
      {found === 'one' && (
        <PostForm action="/admin/people" sending={words.form.sending}>
          <input type="hidden" name="email" value={address} />
          <Button>{said.open}</Button>
        </PostForm>
      )}
    </div>
  )
}

function FoundPeople({ words, typed, found }: { words: Words; typed: string; found: FoundPage }) {
  const said = words.staffPeople
  const { people, page, pages } = found
  const hrefOf = (to: number) => `/admin/people?${new URLSearchParams({ q: typed, page: String(to) })}`
  return (
    <>
      <table role="table" aria-label={said.find.found}>
        <TableHead
          isHidden
          columns={[
            { name: said.find.name },
            { name: said.find.address },
            { name: words.staff.volunteer.standing },
          ]}
        />
        <tbody role="rowgroup">
          {people.map((each) => (
            <tr role="row" key={each.id ?? each.address}>
              <td role="cell">
                <Name words={words} found={each} />
              </td>
              <td role="cell">{each.name !== null && shownAddress(each)}</td>
              <td role="cell">{{ ...said.stateNames, ...said.find.states }[each.state]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {pages > 1 && <PagesNav said={said.find.pages} page={page} pages={pages} hrefOf={hrefOf} />}
    </>
  )
}

/** Opens the person's page; of a volunteer not met yet, by making them known. */
function Name({ words, found }: { words: Words; found: Found }) {
  const { id, name, opens } = found
  const shown = name ?? shownAddress(found) ?? words.staffPeople.find.nameless
  if (id !== null) return <a href={`/admin/people/${id}`}>{shown}</a>
  if (opens === null) return <>{shown}</>
  return (
    <PostForm action="/admin/people" sending={words.form.sending}>
      <input type="hidden" name="email" value={opens} />
      <Button asLink>{shown}</Button>
    </PostForm>
  )
}

function shownAddress({ address, isMasked }: Found) {
  if (address === null) return null
  return isMasked ? <Masked address={address} /> : breakable(address)
}
