import { Resolver } from 'node:dns/promises'
import { domainOf } from '../../address.ts'
import type { Finding } from './doctor.ts'

/** Asks for the TXT records of a name. @throws with the system's or the DNS's `code` */
export type AskTxt = (name: string) => Promise<string[][]>

/** Of one question, with its second try. */
const timeoutMs = 2_000

/** Names that no mailbox of the world is at (RFC 2606, RFC 6761). */
const reserved = /(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$/

/** Where most mail services publish their key. */
const defaultSelectors = [
  'default',
  'dkim',
  'mail',
  'google',
  'selector1',
  'selector2',
  's1',
  's2',
  'k1',
  'k2',
  'fm1',
  'pm',
]

export function openAskTxt(servers?: readonly string[]): AskTxt {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 })
  if (servers) resolver.setServers(servers)
  return (name) => resolver.resolveTxt(name)
}

/**
 * What the DNS says of the domain that emails come from. Without SPF, DKIM and DMARC large mail services refuse them, or show them
 * among the spam.
 *
 * @param selector where the domain's DKIM key is; without it the usual places are looked at
 */
export async function examineMailDomain(
  mailFrom: string,
  ask: AskTxt,
  selector?: string,
): Promise<Finding[]> {
  const domain = domainOf(mailFrom).toLowerCase()
  if (reserved.test(domain))
    return [
      { isWell: true, what: `${domain} is a reserved name: its SPF, DKIM and DMARC are not asked for.` },
    ]
  return Promise.all([spf(domain, ask), dkim(domain, ask, selector), dmarc(domain, ask)])
}

async function spf(domain: string, ask: AskTxt): Promise<Finding> {
  const found = await recordsAt(domain, ask, /^v=spf1(?: |$)/i)
  if ('code' in found) return notAsked(`The SPF of ${domain}`, found)
  const [record, second] = found.records
  if (record === undefined)
    return {
      isWell: false,
      what: `${domain} has no SPF record.`,
      mend: `Have its DNS say which servers send: TXT at ${domain}, "v=spf1 include:<your mail service> -all".`,
    }
  if (second !== undefined)
    return {
      isWell: false,
      what: `${domain} has ${found.records.length} SPF records, so none counts.`,
      mend: 'Make them one.',
    }
  if (/\+?(?<![-~?])\ball\b/i.test(record))
    return {
      isWell: false,
      what: `The SPF of ${domain} lets every server send.`,
      mend: 'End it with -all or ~all.',
    }
  return { isWell: true, what: `${domain} has an SPF record.` }
}

async function dkim(domain: string, ask: AskTxt, selector: string | undefined): Promise<Finding> {
  const selectors = selector === undefined ? defaultSelectors : [selector]
  const all = await Promise.all(
    selectors.map((each) => recordsAt(`${each}._domainkey.${domain}`, ask, /(?:^|;)\s*p=[A-Za-z0-9+/]/i)),
  )
  const place = all.findIndex((found) => 'records' in found && found.records.length > 0)
  if (place >= 0) return { isWell: true, what: `${domain} has a DKIM key at ${selectors[place]}._domainkey.` }
  const failed = all.find((found) => 'code' in found)
  if (failed) return notAsked(`The DKIM key of ${domain}`, failed)
  if (selector === undefined)
    return {
      isWell: true,
      what: `${domain} has a DKIM key at none of the usual places; porchlight doctor --dkim <selector> looks where yours is.`,
    }
  return {
    isWell: false,
    what: `${domain} has no DKIM key at ${selector}._domainkey.`,
    mend: 'Have your mail service sign, and its key in the DNS; it names the selector.',
  }
}

/** A domain without a record goes by that of the organization's domain (RFC 7489 §6.6.3): here the last two labels. */
async function dmarc(domain: string, ask: AskTxt): Promise<Finding> {
  const above = domain.split('.').slice(-2).join('.')
  for (const name of new Set([domain, above])) {
    const found = await recordsAt(`_dmarc.${name}`, ask, /^v=DMARC1\s*(?:;|$)/i)
    if ('code' in found) return notAsked(`The DMARC of ${name}`, found)
    const [record] = found.records
    if (record === undefined) continue
    const [, policy = 'none'] = /;\s*p=(\w+)/i.exec(record) ?? []
    return { isWell: true, what: `${name} has a DMARC record with p=${policy}.` }
  }
  return {
    isWell: false,
    what: `${domain} has no DMARC record.`,
    mend: `Have its DNS say what becomes of forged mail: TXT at _dmarc.${domain}, "v=DMARC1; p=quarantine".`,
  }
}

async function recordsAt(
  name: string,
  ask: AskTxt,
  form: RegExp,
): Promise<{ records: string[] } | { code: string }> {
  try {
    return { records: (await ask(name)).map((parts) => parts.join('')).filter((record) => form.test(record)) }
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    return code === 'ENOTFOUND' || code === 'ENODATA' ? { records: [] } : { code }
  }
}

/** No fault of the house: the machine may have no DNS. */
function notAsked(what: string, { code }: { code: string }): Finding {
  return {
    isWell: true,
    what: `${what} could not be asked for (${code}): run doctor where there is a DNS server.`,
  }
}
