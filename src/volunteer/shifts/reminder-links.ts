import type { Secrets } from '../../secrets.ts'

/** A link in every reminder that ends them. It outlives a session, so no cookie matters. */
export const remindersOffPath = '/reminders/off/'

/** Names the volunteer, sealed: emails stay in mailboxes for years, and their link must still work. It does nothing else. */
export function remindersOffUrl(
  secrets: Secrets,
  { publicOrigin, personId }: { publicOrigin: string; personId: string },
): string {
  return `${publicOrigin}${remindersOffPath}${secrets.seal('reminders off', personId).toString('hex')}`
}

/** @returns the volunteer's id; `undefined` when the token is not ours */
export function personIdIn(secrets: Secrets, token: string): string | undefined {
  if (token.length > maxTokenLength || !/^[0-9a-f]+$/.test(token)) return undefined
  return secrets.tryOpen('reminders off', Buffer.from(token, 'hex'))
}

const maxTokenLength = 300
