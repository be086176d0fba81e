import { mayActAs, type StaffRole } from '../customers/roles.ts'
import { Page, type PageProps } from '../page/layout.tsx'
import type { Words } from '../text/en.ts'

/** The staff pages, in the order of the menu, and the least role that opens each. */
const places = [
  { place: 'today', path: '/admin', role: 'viewer' },
  { place: 'people', path: '/admin/people', role: 'viewer' },
  { place: 'problems', path: '/admin/problems', role: 'viewer' },
  { place: 'links', path: '/admin/links', role: 'viewer' },
  { place: 'announcements', path: '/admin/announcements', role: 'coordinator' },
  { place: 'audit', path: '/admin/audit', role: 'viewer' },
  { place: 'team', path: '/admin/staff', role: 'owner' },
  { place: 'settings', path: '/admin/settings', role: 'viewer' },
  { place: 'ways_in', path: '/admin/ways-in', role: 'viewer' },
  { place: 'applications', path: '/admin/applications', role: 'owner' },
] as const satisfies readonly {
  place: keyof Words['staff']['menu']['places']
  path: string
  role: StaffRole
}[]

export type StaffPlace = (typeof places)[number]['place']

export type StaffLayoutProps = Omit<PageProps, 'visitor' | 'current' | 'menu' | 'isNarrow'> & {
  /** Of the member of staff who looks: others are not shown what they cannot open. */
  role: StaffRole
  place: StaffPlace
}

/** A page of staff, with the menu of all of theirs. */
export function StaffLayout({ role, place, children, ...page }: StaffLayoutProps) {
  const menu = <StaffMenu words={page.frame.words} role={role} place={place} />
  return (
    <Page {...page} visitor={{ firstName: null, isStaff: true }} current="staff" menu={menu}>
      {children}
    </Page>
  )
}

function StaffMenu({ words, role, place }: Pick<StaffLayoutProps, 'role' | 'place'> & { words: Words }) {
  const said = words.staff.menu
  return (
    <nav class="nav staff wrap" aria-label={said.label}>
      <ul>
        {places
          .filter((each) => mayActAs(role, each.role))
          .map((each) => (
            <li key={each.path}>
              <a href={each.path} aria-current={each.place === place ? 'page' : undefined}>
                {said.places[each.place]}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  )
}
