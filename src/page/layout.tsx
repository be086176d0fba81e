import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { formatRecent } from '../text/dates.ts'
import { favicon } from './assets.ts'
import { classIf } from './class-if.ts'
import { Footer } from './footer.tsx'
import { ReadOnly } from './form.tsx'
import { Header, type Place } from './header.tsx'
import { PreviewBanner } from './preview-banner.tsx'
import type { AsOf, Frame, Visitor } from './site.ts'
import { grounds } from './theme.ts'

export type PageProps = {
  frame: Frame
  /** What this page is, without the organization's name. */
  title: string
  visitor: Visitor | null
  current?: Place
  asOf?: AsOf | undefined
  /** A returned form has errors: the title says so first, for screen reader users. */
  hasErrors?: boolean
  /** A single narrow column, for pages with one task. */
  isNarrow?: boolean
  /** The page names the contact, so the footer does not repeat it. */
  saysWhomToAsk?: boolean
  /** Paths of scripts that this page needs besides the one of every page. */
  scripts?: readonly string[]
  /** Under the header, before what the page is about. */
  menu?: ComponentChildren
  children: ComponentChildren
}

export function Page(props: PageProps) {
  const { frame, title, visitor, current, asOf, hasErrors, children } = props
  const { site, words, locale } = frame
  const pageTitle = words.pageTitle(title, site.name)
  return (
    <html lang={locale} dir={words.direction}>
      <Head
        title={hasErrors ? words.errorTitle(pageTitle) : pageTitle}
        description={words.pageDescription(site.name)}
        assets={site.assets}
        scripts={props.scripts}
      />
      <body {...classIf(props.isNarrow, 'narrow')}>
        <a class="skip" href="#content">
          {words.skip}
        </a>
        {frame.preview && <PreviewBanner frame={frame} preview={frame.preview} />}
        <ReadOnly.Provider value={frame.preview !== undefined}>
          <Header frame={frame} visitor={visitor} current={current} />
          {props.menu}
          <main id="content" tabIndex={-1}>
            {asOf && isBehind(asOf) && (
              <div class="wrap behind">
                <p class="notice">{words.fresh.behind(formatRecent(locale, asOf, asOf.nowMs))}</p>
              </div>
            )}
            {children}
            {asOf && <Freshness frame={frame} asOf={asOf} />}
          </main>
          <Footer frame={frame} withContact={!props.saysWhomToAsk} />
        </ReadOnly.Provider>
      </body>
    </html>
  )
}

/** The script's additions must be there at first paint, so that nothing shifts. */
const beforeFirstPaint = { blocking: 'render' }

export function Head(props: {
  title: string
  description?: string
  assets: { stylesheet: string; script?: string; theme?: string; icon?: string }
  scripts?: readonly string[] | undefined
}) {
  return (
    <head>
      <meta charSet="utf-8" />
      <title>{props.title}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
      <meta name="color-scheme" content="light dark" />
      <meta name="theme-color" content={grounds.light[0]} media="(prefers-color-scheme: light)" />
      <meta name="theme-color" content={grounds.dark[0]} media="(prefers-color-scheme: dark)" />
      <meta name="robots" content="noindex" />
      {props.description && <meta name="description" content={props.description} />}
      <link rel="icon" type={favicon.type} href={favicon.path} />
      <link rel="stylesheet" href={props.assets.stylesheet} />
      {props.assets.icon && (
        <>
          <link rel="apple-touch-icon" href={props.assets.icon} />
          <link rel="manifest" href="/manifest.webmanifest" />
        </>
      )}
      {props.assets.theme && <link rel="stylesheet" href={props.assets.theme} />}
      {props.assets.script && <script defer {...beforeFirstPaint} src={props.assets.script} />}
      {props.scripts?.map((src) => (
        <script key={src} defer {...beforeFirstPaint} src={src} />
      ))}
    </head>
  )
}

/** While VOMO answers, we check a visitor at least every minute; a copy this old means that it does not answer. */
const defaultBehindAfterMs = 5 * 60 * 1000

function Freshness({ frame: { words, locale }, asOf }: { frame: Frame; asOf: AsOf }) {
  const nowMs = asOf.nowMs ?? asOf.ms
  return <p class="wrap as-of">{words.fresh.asOf(formatRecent(locale, asOf, nowMs))}</p>
}

function isBehind({ ms, nowMs = ms, behindAfterMs = defaultBehindAfterMs }: AsOf): boolean {
  return nowMs - ms > behindAfterMs
}

/** The page as HTML. */
export function renderPage(page: VNode): string {
  return `<!doctype html>\n${renderToString(page)}`
}
