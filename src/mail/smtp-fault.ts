import type { NodemailerError } from 'nodemailer'

/** Why one try failed, in which step, and whether the server or the email is at fault. */
type SmtpFault = {
  /** `5.1.1 RCPT`, `421 DATA`, `ECONNREFUSED CONN`: never the server's words, which repeat the address. */
  failure: string
  isPermanent: boolean
  /** The server or the connection is at fault, so the next email would fail too. */
  isOfServer: boolean
}

/** In these steps the answer is about the email; in all others, about the connection. */
const stepsOfMail = ['MAIL', 'RCPT', 'DATA']

/** Codes about signing in to the server or TLS, in any step (RFC 4954 §6). */
const codesOfServer = [421, 530, 534, 535, 538]

/**
 * Only a 5xx to MAIL, RCPT or DATA refuses an email permanently. A rejected password or a lost connection says nothing about it.
 * After a connection lost after the last byte we do not know whether the server accepted the email, so it is sent again with the
 * same Message-ID.
 */
export function classifySmtpError(error: unknown): SmtpFault {
  const fault = error instanceof Error ? (error as NodemailerError) : undefined
  const code = fault?.responseCode
  const step = stepOf(fault)
  const isOfMail = code !== undefined && stepsOfMail.includes(step) && !codesOfServer.includes(code)
  return {
    failure: `${statusOf(fault)} ${step}`,
    isPermanent: (isOfMail && code >= 500 && code !== 503) || (fault?.code === 'EENVELOPE' && step === 'API'),
    isOfServer: !isOfMail && step !== 'API',
  }
}

function stepOf(fault: NodemailerError | undefined): string {
  if (fault?.code === 'ETLS') return 'TLS'
  if (fault?.code === 'EABORT') return 'CONN'
  const [first = 'API'] = fault?.command?.split(' ') ?? []
  return /^[A-Z]{3,8}$/.test(first) ? first : 'API'
}

/** The enhanced code (RFC 3463), else the plain code, else the error's own. */
function statusOf(fault: NodemailerError | undefined): string {
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?!\S)/.exec(fault?.response ?? '')?.[1]
  if (enhanced) return enhanced
  if (fault?.responseCode) return String(fault.responseCode)
  const name = fault?.originalCode ?? fault?.code ?? ''
  return /^[A-Z_0-9]{2,40}$/.test(name) ? name : 'unknown'
}
