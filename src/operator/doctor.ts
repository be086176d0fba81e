import { isServableOrigin } from '../config.ts'
import { customers } from '../customers/customers.ts'
import type { Store } from '../store/store.ts'

export type Finding = { isWell: boolean; what: string; mend?: string }

/**
 * What an operator would check by hand before letting volunteers in. Each finding says what to do about it.
 *
 * @param tools.askVomo asks the customer's VOMO the cheapest question there is
 * @param tools.verifyMail logs in at the mail server and sends nothing
 */
export async function examine(tools: {
  store: Store
  askVomo: (customerId: string) => Promise<string | undefined>
  verifyMail: () => Promise<void>
  fetch: typeof fetch
}): Promise<Finding[]> {
  const all = await customers(tools.store)
  const findings: Finding[] = []
  findings.push(
    all.length > 0
      ? { isWell: true, what: `${all.length} customers are served.` }
      : { isWell: false, what: 'No customer is served.', mend: 'porchlight customer add --help' },
  )
  findings.push(
    await attempt(
      'The mail server takes our name and password.',
      tools.verifyMail,
      'Check SMTP_URL; the log has its answer.',
    ),
  )
  for (const customer of all) {
    const { slug, publicOrigin } = customer
    if (!isServableOrigin(publicOrigin)) {
      findings.push({
        isWell: false,
        what: `${slug}: ${publicOrigin} may not be served.`,
        mend: `porchlight customer set ${slug} --url https://…`,
      })
    }
    findings.push(
      await attempt(
        `${slug}: VOMO takes the token.`,
        () => takesToken(tools.askVomo, customer.id),
        `porchlight customer set ${slug} --vomo-token-file FILE`,
      ),
      await attempt(
        `${slug}: ${publicOrigin} leads here.`,
        () => leadsHere(tools.fetch, publicOrigin),
        'Start porchlight serve, and let the proxy pass the Host header on unchanged.',
      ),
    )
  }
  return findings
}

async function takesToken(
  ask: (customerId: string) => Promise<string | undefined>,
  customerId: string,
): Promise<void> {
  const failure = await ask(customerId)
  if (failure !== undefined) throw new Error(failure)
}

async function leadsHere(ask: typeof fetch, publicOrigin: string): Promise<void> {
  const answer = await ask(`${publicOrigin}/sign-in`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(5000),
  })
  if (answer.status !== 200) throw new Error(`it answers ${answer.status}`)
  const isSecure = publicOrigin.startsWith('https:')
  if (isSecure && !answer.headers.has('strict-transport-security')) throw new Error('another server answers')
}

async function attempt(what: string, check: () => Promise<void>, mend: string): Promise<Finding> {
  try {
    await check()
    return { isWell: true, what }
  } catch (error) {
    return { isWell: false, what: `${what} — no: ${error instanceof Error ? error.message : 'failed'}`, mend }
  }
}
