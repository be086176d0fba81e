import { domainOf } from '../../address.ts'

/** Where the large providers show a mailbox, and within it what a sender sent. Yahoo's folders include those of AOL's and others. */
const mailboxes: readonly {
  name: string
  domains: RegExp
  url: (sender: string) => string
}[] = [
  {
    name: 'Gmail',
    domains: /^(gmail|googlemail)\.com$/,
    url: (sender) =>
      `https://mail.google.com/mail/u/0/#search/${encodeURIComponent(`from:${sender} newer_than:1d in:anywhere`)}`,
  },
  {
    name: 'Outlook',
    domains: /^(outlook|hotmail|live|msn)\.([a-z]{2,3}|co\.[a-z]{2}|com\.[a-z]{2})$/,
    url: () => 'https://outlook.live.com/mail/0/',
  },
  {
    name: 'Yahoo Mail',
    domains: /^(yahoo|ymail|rocketmail)\.([a-z]{2,3}|co\.[a-z]{2}|com\.[a-z]{2})$/,
    url: (sender) => `https://mail.yahoo.com/d/search/keyword=${encodeURIComponent(`from:${sender}`)}`,
  },
  { name: 'iCloud Mail', domains: /^(icloud|me|mac)\.com$/, url: () => 'https://www.icloud.com/mail' },
]

/** The web mailbox of an address, by its domain alone; `undefined` where it is none that many people have. */
export function mailboxOf(address: string, sender: string): { name: string; url: string } | undefined {
  const domain = domainOf(address).toLowerCase()
  const found = mailboxes.find(({ domains }) => domains.test(domain))
  return found && { name: found.name, url: found.url(sender) }
}
