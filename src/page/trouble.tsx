import type { ComponentChildren } from 'preact'
import { formatRecent, type Instant } from '../text/dates.ts'
import type { Words } from '../text/en.ts'
import { Ask, MailLink } from './contact.tsx'
import { Button, ButtonLink, PostForm } from './form.tsx'
import { Head, Page } from './layout.tsx'
import { Lit } from './parts.tsx'
import type { Frame, Visitor } from './site.ts'

export type TroubleKind =
  | 'not_found'
  | 'server_error'
  | 'rate_limited'
  | 'vomo_unavailable'
  | 'record_in_turn'
  | 'service_unavailable'
  | 'cross_site'
  | 'bad_request'
  | 'preview_only'
  | 'account_orphaned'
  | 'account_stale'
  | 'account_no_record'
  | 'account_disabled'
  | 'two_records'
  | 'shared_records'

type TroubleProps = Frame & {
  kind: TroubleKind
  visitor?: Visitor | null
  /** Where "Try again" leads; default: the visitor's own page. */
  nextHref?: string
  /** The time of the next try that may succeed. */
  retryAt?: Instant & { readonly nowMs?: number }
}

/** A dead end: what happened, why, the next step as a button, whom to ask. Never an error code. */
export function TroublePage({ kind, visitor = null, nextHref = '/', retryAt, ...frame }: TroubleProps) {
  const { words, locale, site } = frame
  const said = words.trouble[kind]
  const ask = words.trouble.askFor[asks[kind]]
  const saidOfRetry = kind === 'record_in_turn' ? words.trouble.readyAt : words.trouble.tryAgainAt
  return (
    <Page frame={frame} title={said.title} visitor={visitor} isNarrow={visitor === null} saysWhomToAsk>
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p>{said.what(site.name)}</p>
          {retryAt && <p>{saidOfRetry(formatRecent(locale, retryAt, retryAt.nowMs))}</p>}
          <NextStep frame={frame} kind={kind} nextHref={nextHref}>
            {said.next}
          </NextStep>
          {visitor?.isStaff && kind !== 'preview_only' && (
            <p>
              <a href="/admin">{words.trouble.staffPages}</a>
            </p>
          )}
        </div>
      </Lit>
      <div class="wrap">
        <div class="door flow">
          <p>
            <Ask frame={frame} text={ask} />
          </p>
        </div>
      </div>
    </Page>
  )
}

/** For a host that belongs to no organization, so the page has no contact and no customer's color. */
export function UnknownHostPage(props: { words: Words; locale: string; stylesheet: string }) {
  const said = props.words.unknownHost
  return (
    <html lang={props.locale} dir={props.words.direction}>
      <Head title={said.title} assets={{ stylesheet: props.stylesheet }} />
      <body class="narrow">
        <main id="content">
          <Lit>
            <div class="door flow">
              <h1>{said.heading}</h1>
              <p>{said.what}</p>
              <p>{said.next}</p>
            </div>
          </Lit>
        </main>
      </body>
    </html>
  )
}

const asks = {
  not_found: 'anything',
  server_error: 'anything',
  rate_limited: 'anything',
  vomo_unavailable: 'anything',
  record_in_turn: 'anything',
  service_unavailable: 'anything',
  cross_site: 'anything',
  bad_request: 'anything',
  preview_only: 'anything',
  account_orphaned: 'orphaned',
  account_stale: 'stale',
  account_no_record: 'record',
  account_disabled: 'disabled',
  two_records: 'twoRecords',
  shared_records: 'sharedRecords',
} as const satisfies Record<TroubleKind, string>

type NextProps = { frame: Frame; kind: TroubleKind; nextHref: string; children: ComponentChildren }

function NextStep({ frame: { site, words }, kind, nextHref, children }: NextProps) {
  if (kind === 'account_stale' || kind === 'two_records' || kind === 'shared_records')
    return <ButtonLink href="/sign-in">{children}</ButtonLink>
  if (kind === 'preview_only')
    return (
      <PostForm action="/admin/preview/end" sending={words.form.sending}>
        <Button>{children}</Button>
      </PostForm>
    )
  const needsCoordinator = kind === 'account_orphaned' || kind === 'account_disabled'
  if (!needsCoordinator && kind !== 'account_no_record')
    return <ButtonLink href={nextHref}>{children}</ButtonLink>
  const canWrite = needsCoordinator && site.contactEmail !== null
  return (
    <div class="actions">
      {canWrite && (
        <MailLink class="button" address={site.contactEmail ?? ''}>
          {words.contact.write(site.contactName)}
        </MailLink>
      )}
      <PostForm action="/sign-out" sending={words.form.sending}>
        <Button quiet={canWrite}>{children}</Button>
      </PostForm>
    </div>
  )
}
