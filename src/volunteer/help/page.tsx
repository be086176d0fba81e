import { Ask } from '../../page/contact.tsx'
import { OpenInVomo, type WayIntoVomo } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Columns, Lit } from '../../page/parts.tsx'
import type { Frame, Visitor } from '../../page/site.ts'

/** Something done elsewhere: what, why not here, and where. */
type LimitView = {
  readonly what: string
  readonly why: string
  readonly where: readonly { readonly label: string; readonly url: string | null }[]
}

type HelpProps = Frame & {
  /** `null` for a visitor who is not signed in. */
  visitor: Visitor | null
  limits: readonly LimitView[]
  /** Whether volunteers may change part of their record here. */
  editsProfile: boolean
  /** For a signed-in visitor. */
  way: WayIntoVomo | null
}

/** What people look for first, in their own words; then what is done here and what in VOMO. */
export function HelpPage(props: HelpProps) {
  const { words, site, visitor, limits, editsProfile, way } = props
  const said = words.help
  const { helpLede, helpHere } = words.profileForm
  return (
    <Page frame={props} visitor={visitor} title={said.title} current="help" saysWhomToAsk>
      <Lit>
        <div class="flow">
          <h1>{said.heading}</h1>
          <p>{editsProfile ? helpLede(site.name) : said.lede(site.name)}</p>
        </div>
      </Lit>
      <div class="wrap">
        <Columns beside={<Beside frame={props} editsHere={editsProfile ? [helpHere] : []} />}>
          <section>
            <h2>{said.signIn.heading}</h2>
            <ul class="plain-list">
              {said.signIn.list.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
            {visitor === null && (
              <p>
                <a href="/sign-in">{said.signIn.go}</a>
              </p>
            )}
          </section>
          <Answer {...said.hours} href="/user" />
          <Answer {...said.shift} href="/shifts" />
          <Answer {...said.record} href="/profile" />
          <section class="no-print">
            <h2>{said.inVomo}</h2>
            {way !== null && (
              <div class="into-vomo">
                <OpenInVomo frame={props} way={way} landing="hub" quiet>
                  {said.open}
                </OpenInVomo>
                {way.kind === 'hand_off' && <p class="quiet">{said.openWhy}</p>}
              </div>
            )}
            <details>
              <summary>{said.all}</summary>
              <ul class="rows limits">
                {limits.map((limit) => (
                  <li key={limit.what}>
                    <p class="strong">{limit.what}</p>
                    <p>{limit.why}</p>
                    <Where {...limit} or={said.or} />
                  </li>
                ))}
              </ul>
            </details>
          </section>
        </Columns>
      </div>
    </Page>
  )
}

function Answer({ heading, what, go, href }: { heading: string; what: string; go: string; href: string }) {
  return (
    <section>
      <h2>{heading}</h2>
      <p>{what}</p>
      <p class="no-print">
        <a href={href}>{go}</a>
      </p>
    </section>
  )
}

function Where({ where, or }: Pick<LimitView, 'where'> & { or: string }) {
  return (
    <p class="where">
      {where.map(({ label, url }, index) => (
        <>
          {index > 0 && ` ${or} `}
          {url === null ? (
            label
          ) : (
            <a href={url} rel="noreferrer">
              {label}
            </a>
          )}
        </>
      ))}
    </p>
  )
}

function Beside({ frame, editsHere }: { frame: Frame; editsHere: readonly string[] }) {
  const said = frame.words.help
  return (
    <>
      <section>
        <h2>{said.ask}</h2>
        <p>
          <Ask frame={frame} text={said.askWhat} />
        </p>
      </section>
      <section>
        <h2>{said.here}</h2>
        <ul class="plain-list">
          {[...said.hereList, ...editsHere].map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      </section>
    </>
  )
}
