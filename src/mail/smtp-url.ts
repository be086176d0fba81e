import { isThisMachine } from '../loopback.ts'

/** The mail server, and how to connect to it. */
export type SmtpPeer = {
  host: string
  port: number
  /** TLS from the first byte, after STARTTLS, or not at all. Never "where offered": a machine in between could withhold the offer. */
  tls: 'at once' | 'starttls' | 'none'
  credentials: { user: string; password: string } | undefined
}

/**
 * Reads `SMTP_URL`: `smtp://user:password@mail.example.org:587` or `smtps://…:465`.
 *
 * `smtp:` requires STARTTLS, except to this same machine, where `?starttls=required` asks for it.
 * `?dangerously_send_in_plain_text=yes` turns TLS off for any machine, and then no password is allowed. No other parameter is
 * accepted: the library's own could turn certificate checks off.
 *
 * @returns the mistake, in words for `config.ts`, when the URL cannot be right
 */
export function readSmtpUrl(text: string): SmtpPeer | { mistake: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // An `@` after the first character that ends a host: that character was meant as part of the password.
  if (/^smtps?:\/\/[^#/?]*[#/?].*@/i.test(text)) return { mistake: encodeIt }
  if (!url || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')) {
    return {
      mistake:
        'must look like smtp://user:password@mail.example.org:587 or smtps://user:password@mail.example.org',
    }
  }
  const host = url.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  if (!/^[a-z0-9.:-]+$/.test(host))
    return { mistake: 'must name a host of letters, digits, dots and hyphens' }
  if ((url.pathname !== '' && url.pathname !== '/') || url.hash !== '')
    return { mistake: 'must end after the port' }

  const credentials = readCredentials(url)
  if (credentials === 'wrong') return { mistake: `must hold a user and password, or neither. ${howToEncode}` }
  const tls = readTls(url, host)
  if (typeof tls === 'object') return tls
  if (tls === 'none' && credentials && !isThisMachine(host)) {
    return { mistake: 'must not send a password in plain text: leave it out, or use TLS' }
  }
  return { host, port: Number(url.port) || (tls === 'at once' ? 465 : 587), tls, credentials }
}

const howToEncode =
  'Write these signs in them percent-encoded: # as %23, / as %2F, ? as %3F, @ as %40, : as %3A, % as %25'

const encodeIt = `has a #, / or ? in its user or password. ${howToEncode}`

function readTls(url: URL, host: string): SmtpPeer['tls'] | { mistake: string } {
  const given = [...url.searchParams].map(([name, value]) => `${name}=${value}`)
  const allowed = url.protocol === 'smtps:' ? [] : ['starttls=required', 'dangerously_send_in_plain_text=yes']
  if (given.length > 1 || !given.every((each) => allowed.includes(each))) {
    return {
      mistake: `must have ${allowed.length > 0 ? `no parameter but one of ${allowed.join(', ')}` : 'no parameters'}`,
    }
  }
  if (url.protocol === 'smtps:') return 'at once'
  if (given[0] === 'dangerously_send_in_plain_text=yes') return 'none'
  return given.length === 0 && isThisMachine(host) ? 'none' : 'starttls'
}

function readCredentials(url: URL): SmtpPeer['credentials'] | 'wrong' {
  if (url.username === '' && url.password === '') return undefined
  if (url.username === '' || url.password === '') return 'wrong'
  try {
    const user = decodeURIComponent(url.username)
    const password = decodeURIComponent(url.password)
    return /\p{Cc}/u.test(user + password) ? 'wrong' : { user, password }
  } catch {
    return 'wrong'
  }
}
