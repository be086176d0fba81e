import type { ComponentChildren } from 'preact'
import { Posting } from './form.tsx'
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

/**
 * The organization, then the visitor's pages. On a phone the four places a volunteer goes to stand at the thumb, and the rest opens
 * from a menu; a popover needs no script, and where a browser knows none the menu is simply open.
 */
export function Header(props: { frame: Frame; visitor: Visitor | null; current: Place | undefined }) {
  const { frame, visitor, current } = props
  const { site, words } = frame
  return (
    <header class="top">
      <div class="wrap top-row">
        <OrganizationName site={site} />
        {visitor === null ? (
          <Links class="nav short" label={words.nav.label} current={current} places={doors(frame, current)} />
        ) : (
          <>
            <button class="plain menu-button" type="button" {...opensMenu}>
              {words.nav.menu}
            </button>
            <Links class="nav tabs" label={words.nav.label} current={current} places={places(frame)} />
            <Links
              class="nav own"
              id="menu"
              label={words.nav.more}
              current={current}
              places={others(frame, visitor)}
            >
              <li>
                <Posting action="/sign-out">
                  <button class="plain" type="submit">
                    {words.nav.signOut}
                  </button>
                </Posting>
              </li>
            </Links>
          </>
        )}
      </div>
    </header>
  )
}

const opensMenu = { popovertarget: 'menu' }

type Link = { place: Place; href: string; label: string }

type LinksProps = {
  class: string
  label: string
  places: readonly Link[]
  current: Place | undefined
  /** Of a menu, which its button opens. */
  id?: string
  children?: ComponentChildren
}

function Links(props: LinksProps) {
  const { id, current } = props
  return (
    <nav class={props.class} aria-label={props.label} {...(id && { id, popover: 'auto' })}>
      <ul>
        {props.places.map(({ place, href, label }) => (
          <li key={href}>
            <a href={href} aria-current={place === current ? 'page' : undefined}>
              {label}
            </a>
          </li>
        ))}
        {props.children}
      </ul>
    </nav>
  )
}

/** The sign-in page needs no second way to sign in. */
function doors({ words }: Frame, current: Place | undefined): Link[] {
  const help: Link = { place: 'help', href: '/help', label: words.nav.help }
  const signIn: Link = { place: 'sign-in', href: '/sign-in', label: words.nav.signIn }
  return current === 'sign-in' ? [help] : [signIn, help]
}

function places({ site, words }: Frame): Link[] {
  return [
    { place: 'home', href: hubPath(site.slug), label: words.nav.home },
    { place: 'hours', href: '/user', label: words.nav.hours },
    { place: 'shifts', href: '/shifts', label: words.nav.shifts },
    { place: 'opportunities', href: opportunitiesPath, label: words.nav.helpOut },
  ]
}

function others({ words }: Frame, { isStaff }: Visitor): Link[] {
  const staff: Link = { place: 'staff', href: '/admin', label: words.nav.staff }
  return [
    { place: 'profile', href: '/profile', label: words.nav.profile },
    { place: 'account', href: '/account', label: words.nav.account },
    ...(isStaff ? [staff] : []),
    { place: 'help', href: '/help', label: words.nav.help },
  ]
}

export const opportunitiesPath = '/opportunities'

/** Where a signed-in person chooses a password. Emails that are asked for to do so land there. */
export const passwordPath = '/account/password'

export function hubPath(slug: string): string {
  return `/organization/${encodeURIComponent(slug)}`
}
