import type { NodemailerError } from 'nodemailer'

/** What went wrong with one try, in what step, and whom it concerns. */
export type SmtpFault = {
  /** `5.1.1 RCPT`, `421 DATA`, `ECONNREFUSED CONN`: never the words of the answer, which repeat the address. */
  failure: string
  isPermanent: boolean
  /** The server, or the way there, is at fault, and the next mail would meet the same. */
  isOfServer: boolean
}

/** Steps whose answer judges the mail; all others judge the connection. */
const stepsOfMail = ['MAIL', 'RCPT', 'DATA']

/** These are about signing in to the server or about TLS, at whatever step it says so (RFC 4954 §6). */
const codesOfServer = [421, 530, 534, 535, 538]

/**
 * A mail is refused for good only by a 5xx to MAIL, RCPT or DATA. A password that stopped working or a lost connection is no
 * verdict on it. A connection lost after the last byte leaves open whether the mail was taken: it is sent again, with the
 * same Message-ID.
 */
export function judge(error: unknown): SmtpFault {
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

/** The enhanced code (RFC 3463) where there is one, else the plain, else the error's own. */
function statusOf(fault: NodemailerError | undefined): string {
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?!\S)/.exec(fault?.response ?? '')?.[1]
  if (enhanced) return enhanced
  if (fault?.responseCode) return String(fault.responseCode)
  const name = fault?.originalCode ?? fault?.code ?? ''
  return /^[A-Z_0-9]{2,40}$/.test(name) ? name : 'unknown'
}
