import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Words } from '../../text/en.ts'

export type MailSite = {
  readonly name: string
  readonly publicOrigin: string
  readonly contactEmail: string | null
  /** `#rrggbb`, for the line at the top. */
  readonly color?: string | null
}

/** Mail programs support neither our stylesheet nor variables: each element carries its style, and classes switch to dark mode. */
const sans = 'system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
const serif = 'Georgia,Times New Roman,serif'
const mono = 'ui-monospace,SF Mono,Menlo,Consolas,monospace'
const ink = '#1f2328'
const muted = '#5a606b'

/** No quotes or angle brackets here: inside a style element they would arrive escaped. */
const darkStyle = `
a { color: #0b5a5f; }
.break { word-break: break-all; }
@media (prefers-color-scheme: dark) {
  .paper { background: #12161c !important; }
  .ink { color: #ece7df !important; }
  .muted { color: #a9b0ba !important; }
  .lit { background: #211b10 !important; color: #ece7df !important; }
  .rule { border-color: #2a313b !important; }
  .button { background: #7cc7c3 !important; color: #0e1518 !important; }
  a { color: #7cc7c3; }
}
@media (max-width: 480px) {
  .side { padding-left: 20px !important; padding-right: 20px !important; }
}
`

type FrameProps = {
  words: Words
  locale: string
  site: MailSite
  subject: string
  /** What a mail program's list shows after the subject. */
  preview: string
  children: ComponentChildren
}

export function MailFrame({ words, locale, site, subject, preview, children }: FrameProps) {
  return (
    <html lang={locale} dir={words.direction}>
      <head>
        <meta charSet="utf-8" />
        <title>{subject}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{darkStyle}</style>
      </head>
      <body class="paper" style="margin:0;padding:0;background:#fbf8f3">
        <div role="main">
          <div style="display:none;max-height:0;overflow:hidden">{preview}</div>
          <table class="paper" {...layout} width="100%" style="background:#fbf8f3">
            <tr>
              <td {...centered} style={`border-top:4px solid ${lineColor(site)}`}>
                <table {...layout} width="100%" style="max-width:560px">
                  <tr>
                    <td
                      class="side ink"
                      style={`padding:36px 32px 40px;font-family:${sans};font-size:17px;line-height:1.5;text-align:start;color:${ink}`}
                    >
                      <h1
                        class="ink"
                        style={`margin:0 0 28px;font-family:${serif};font-size:24px;line-height:1.25;color:${ink}`}
                      >
                        {site.name}
                      </h1>
                      {children}
                    </td>
                  </tr>
                </table>
              </td>
            </tr>
          </table>
        </div>
      </body>
    </html>
  )
}

export function Paragraph({ children }: { children: ComponentChildren }) {
  return <p style="margin:0 0 20px">{children}</p>
}

export function Muted({ children }: { children: ComponentChildren }) {
  return (
    <p class="muted" style={`margin:0 0 16px;color:${muted};font-size:16px`}>
      {children}
    </p>
  )
}

export function ButtonRow({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <table {...layout} style="margin:0 0 28px">
      <tr>
        <td class="button" style="background:#0b5a5f;border-radius:6px">
          <a
            class="button"
            href={href}
            style={`display:inline-block;padding:13px 28px;border-radius:6px;background:#0b5a5f;color:#ffffff;font-family:${sans};font-size:17px;font-weight:600;text-decoration:none`}
          >
            {children}
          </a>
        </td>
      </tr>
    </table>
  )
}

/** Large enough to read at a distance; a selection takes exactly the code. */
export function Code({ children }: { children: string }) {
  return (
    <table {...layout} width="100%" style="margin:0 0 20px">
      <tr>
        <td
          class="lit"
          {...centered}
          style={`padding:18px 12px;background:#fdf2d9;color:${ink};font-family:${mono};font-size:30px;line-height:1.2;font-weight:600;letter-spacing:3px;white-space:nowrap`}
        >
          {children}
        </td>
      </tr>
    </table>
  )
}

export function Foot({
  words,
  site,
  sentBy = words.mail.foot(site.name),
  children,
}: {
  words: Words
  site: MailSite
  /** Says who sent it and why; default: a sign-in. */
  sentBy?: string
  children?: ComponentChildren
}) {
  const ask =
    site.contactEmail === null ? words.mail.askCoordinator(site.name) : words.mail.ask(site.contactEmail)
  return (
    <div class="rule" style="margin:32px 0 0;padding:20px 0 0;border-top:1px solid #e4ded3">
      {children}
      <Muted>
        {sentBy} {ask}
      </Muted>
    </div>
  )
}

export function renderMail(mail: VNode): string {
  return `<!doctype html>\n${renderToString(mail)}`
}

/** Layout tables tell screen readers that they are not data. */
const layout = { role: 'presentation', cellpadding: '0', cellspacing: '0', border: 0 } as const

/** Outlook aligns by attribute. */
const centered = { align: 'center' } as const

function lineColor({ color }: MailSite): string {
  return color && /^#[0-9a-f]{6}$/i.test(color) ? color : '#f2b134'
}
