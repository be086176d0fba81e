import { formatMoment, formatRecent } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { ButtonRow, Code, Foot, MailFrame, type MailSite, Muted, Paragraph, renderMail } from './html.tsx'
import { oneLine, plainText } from './text.ts'

export type WrittenMail = {
  readonly subject: string
  readonly text: string
  readonly html: string
  /** A file for the reader's calendar. */
  readonly calendar?: { readonly fileName: string; readonly text: string }
  /** Where one POST without a body or a cookie ends emails of this kind (RFC 8058). */
  readonly unsubscribeUrl?: string
}

export type Letter = {
  readonly words: Words
  readonly locale: string
  readonly site: MailSite
  /** The only personal data in an email. */
  readonly firstName: string | null
}

type SignIn = Letter & {
  /** Whether it leads to the page where its reader chooses a password. */
  readonly isForPassword: boolean
  /** The whole link. */
  readonly url: string
  /** As people read it: `ABCD-EFGH`; `null` where staff asked for the email, so no browser can type a code of it. */
  readonly code: string | null
  readonly expiresAtMs: number
  readonly askedAtMs: number
  readonly timeZone: string
  readonly notMeUrl: string
}

/** The link and the code. The preview line, which a locked phone shows, contains neither. */
export function signInMail(input: SignIn): WrittenMail {
  const { words, locale, url, code, notMeUrl, timeZone, askedAtMs } = input
  const site = named(input.site)
  const said = words.mail.signIn
  const until = formatRecent(locale, { ms: input.expiresAtMs, timeZone }, askedAtMs)
  const asked = formatMoment(locale, { ms: askedAtMs, timeZone })
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject(site.name))
  const isByStaff = code === null
  const forHowLong = isByStaff ? said.linkUntil(until) : said.until(until)
  const askedFor = isByStaff ? said.sentByStaff(site.name, asked) : said.asked(asked)
  const lede = input.isForPassword ? `${said.lede(site.name)} ${said.forPassword}` : said.lede(site.name)
  return {
    subject,
    text: plainText([
      hello,
      lede,
      said.linkIs,
      { own: url },
      ...(isByStaff ? [] : [said.orCode, { own: `    ${code}` }]),
      forHowLong,
      said.keep,
      `${askedFor} ${said.notYou}`,
      said.switchOffText,
      { own: notMeUrl },
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview(until)}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{lede}</Paragraph>
        <ButtonRow href={url}>{said.button}</ButtonRow>
        {!isByStaff && (
          <>
            <Paragraph>{said.orCode}</Paragraph>
            <Code>{code}</Code>
          </>
        )}
        <Paragraph>
          {forHowLong} {said.keep}
        </Paragraph>
        <Foot words={words} site={site}>
          <Muted>
            {askedFor} {said.notYou} <a href={notMeUrl}>{said.switchOff}</a>
          </Muted>
          <Muted>
            {said.wholeLink}
            <br />
            <span class="break">{url}</span>
          </Muted>
        </Foot>
      </MailFrame>,
    ),
  }
}

type NotOnRecord = Letter & { readonly reason: 'no_record' | 'two_records' }

/** The page that explains why two records share an address. It names no person, so it needs no sign-in. */
const twoRecordsPath = '/sign-in/two-records'

/** To an address that cannot be signed in, so that its owner does not wait in vain. Reveals nothing else. */
export function notOnRecordMail(input: NotOnRecord): WrittenMail {
  const { words, locale, reason } = input
  const site = named(input.site)
  const said = words.mail.notOnRecord
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject(site.name))
  const contact = site.contactEmail ?? words.contact.coordinator(site.name)
  const isShared = reason === 'two_records'
  const helpful = isShared
    ? {
        what: said.explained,
        url: `${site.publicOrigin}${twoRecordsPath}`,
        button: said.explainedButton,
      }
    : { what: said.other, url: `${site.publicOrigin}/sign-in`, button: said.otherButton }
  return {
    subject,
    text: plainText([
      hello,
      said.lede(site.name),
      said.reasons[reason](site.name),
      { own: `${said.next}:` },
      { item: helpful.what },
      { own: `  ${helpful.url}` },
      { item: said.askFor(contact) },
      said.notYou,
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{said.lede(site.name)}</Paragraph>
        <Paragraph>{said.reasons[reason](site.name)}</Paragraph>
        <Paragraph>{helpful.what}</Paragraph>
        <ButtonRow href={helpful.url}>{helpful.button}</ButtonRow>
        <Paragraph>{said.askFor(contact)}</Paragraph>
        <Foot words={words} site={site}>
          <Muted>{said.notYou}</Muted>
        </Foot>
      </MailFrame>,
    ),
  }
}

type AddressChanged = Letter & {
  /** Masked: `m…@e…` */
  readonly newAddress: string
  readonly changedAtMs: number
  readonly timeZone: string
}

/** To the old address, so that its owner notices a change they did not make. */
export function addressChangedMail(input: AddressChanged): WrittenMail {
  const { words, locale, newAddress, timeZone } = input
  const site = named(input.site)
  const said = words.mail.addressChanged
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject(site.name))
  const when = said.when(formatMoment(locale, { ms: input.changedAtMs, timeZone }))
  const notYou =
    site.contactEmail === null ? said.notYouCoordinator(site.name) : said.notYou(site.contactEmail)
  return {
    subject,
    text: plainText([
      hello,
      said.lede(site.name),
      `${said.now(newAddress)} ${when}`,
      `${said.itWasYou} ${notYou}`,
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{said.lede(site.name)}</Paragraph>
        <Paragraph>
          {said.now(newAddress)} {when}
        </Paragraph>
        <Paragraph>
          {said.itWasYou} {notYou}
        </Paragraph>
        {site.contactEmail !== null && (
          <ButtonRow href={`mailto:${site.contactEmail}`}>{said.write}</ButtonRow>
        )}
        <Foot words={words} site={site} />
      </MailFrame>,
    ),
  }
}

type Invite = Letter & {
  /** As an application named it. */
  readonly group: string
  readonly url: string
  readonly expiresAtMs: number
  readonly nowMs: number
  readonly timeZone: string
}

/** Invites to a group in one of the organization's systems. Its link signs no person in, so forwarding it is harmless. */
export function inviteMail(input: Invite): WrittenMail {
  const { words, locale, url, timeZone } = input
  const site = named(input.site)
  const said = words.mail.invite
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject(site.name))
  const group = nameOrNull(input.group)
  const lede = group === null ? said.unnamed(site.name) : said.lede(site.name, group)
  const until = said.until(formatRecent(locale, { ms: input.expiresAtMs, timeZone }, input.nowMs))
  return {
    subject,
    text: plainText([hello, lede, said.linkIs, { own: url }, until, said.notYou, ...signature(words, site)]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{lede}</Paragraph>
        <ButtonRow href={url}>{said.button}</ButtonRow>
        <Paragraph>{until}</Paragraph>
        <Foot words={words} site={site} sentBy={said.foot(site.name)}>
          <Muted>{said.notYou}</Muted>
          <Muted>
            {words.mail.signIn.wholeLink}
            <br />
            <span class="break">{url}</span>
          </Muted>
        </Foot>
      </MailFrame>,
    ),
  }
}

export function signature(words: Words, site: MailSite) {
  const ask =
    site.contactEmail === null ? words.mail.askCoordinator(site.name) : words.mail.ask(site.contactEmail)
  return [{ own: '--\u0020' }, { line: site.name }, { line: ask }]
}

/** Names come from people and other systems: reduced to one line without control characters. */
export function named(site: MailSite): MailSite {
  return { ...site, name: oneLine(site.name) }
}

export function nameOrNull(firstName: string | null): string | null {
  const name = oneLine(firstName ?? '')
  // Mail programs turn what looks like a link into one, and only our own link may appear.
  return name === '' || /[/@]|www\.|\.\w{2,}/i.test(name) ? null : name
}
