import { OrganizationName } from './logo.tsx'
import type { Frame, Visitor } from './site.ts'

export type Place =
  | 'home'
  | 'hours'
  | 'shifts'
  | 'opportunities'
  | 'profile'
  | 'help'
  | 'account'
  | 'sign-in'
  | 'staff'

/** The organization first, then the visitor's pages. Help comes last on every page, signed in or out. */
export function Header(props: { frame: Frame; visitor: Visitor | null; current: Place | undefined }) {
  const { site, words } = props.frame
  const isSignedIn = props.visitor !== null
  return (
    <header class="top">
      <div class="wrap top-row">
        <OrganizationName site={site} />
        <nav class={isSignedIn ? 'nav' : 'nav short'} aria-label={words.nav.label}>
          <ul>
            {places(props.frame, props.visitor, props.current).map(({ place, href, label }) => (
              <li key={href}>
                <a href={href} aria-current={place === props.current ? 'page' : undefined}>
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {isSignedIn && (
          <div class="own">
            <a class="plain" href="/account" aria-current={props.current === 'account' ? 'page' : undefined}>
              {words.nav.account}
            </a>
            <form method="post" action="/sign-out">
              <button class="plain" type="submit">
                {words.nav.signOut}
              </button>
            </form>
          </div>
        )}
      </div>
    </header>
  )
}

function places({ site, words }: Frame, visitor: Visitor | null, current: Place | undefined) {
  const help = { place: 'help', href: '/help', label: words.nav.help }
  if (visitor === null) {
    // The sign-in page needs no second way to sign in.
    return current === 'sign-in'
      ? [help]
      : [{ place: 'sign-in', href: '/sign-in', label: words.nav.signIn }, help]
  }
  return [
    { place: 'home', href: hubPath(site.slug), label: words.nav.home },
    { place: 'hours', href: '/user', label: words.nav.hours },
    { place: 'shifts', href: '/shifts', label: words.nav.shifts },
    { place: 'opportunities', href: opportunitiesPath, label: words.opportunityList.title },
    { place: 'profile', href: '/profile', label: words.nav.profile },
    ...(visitor.isStaff ? [{ place: 'staff', href: '/admin', label: words.nav.staff }] : []),
    help,
  ]
}

export const opportunitiesPath = '/opportunities'

export function hubPath(slug: string): string {
  return `/organization/${encodeURIComponent(slug)}`
}
