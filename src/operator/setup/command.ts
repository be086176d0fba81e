import type { Command } from 'commander'
import { isServableOrigin } from '../../customers/settings.ts'
import { invalid } from '../../errors.ts'
import { makeSetupLink, setupPath } from '../../first-run/setups.ts'
import type { CoreTools } from '../../part.ts'
import type { OperatorTools } from '../customer.ts'

/** `porchlight setup` @param port that `serve` listens on */
export function addSetupCommand(
  program: Command,
  { withStore, say, port }: OperatorTools & { port: () => number },
): void {
  program
    .command('setup')
    .description('a link, for an hour and one browser, that sets up the first organization; serve must run')
    .option('--url <origin>', 'where serve is reached for now (default: this machine, at PORT)')
    .action((options: { url?: string }) =>
      withStore(async (opened) => {
        const origin = options.url ?? localOrigin(port())
        if (!isServableOrigin(origin))
          throw invalid(
            'url',
            'must be an origin like https://volunteers.example.org (http on this machine only)',
          )
        const link = await describeSetupLink(opened, origin)
        if (link === undefined)
          throw invalid('setup', 'is for a start without any customer; see customer add')
        say(link)
      }),
    )
}

export function localOrigin(port: number): string {
  return `http://localhost:${port}`
}

/** A new link with what to do about it; `undefined` when there is a customer. For the terminal alone: it holds the secret. */
export async function describeSetupLink(tools: CoreTools, origin: string): Promise<string | undefined> {
  const link = await makeSetupLink(tools)
  if (!link) return undefined
  const path = `${setupPath}/${link.secret}`
  const until = new Date(link.expiresAtMs).toISOString().slice(0, 16).replace('T', ' ')
  const elsewhere = origin.startsWith('https:') ? '' : `Behind a proxy, open ${setupPath}/… at its address. `
  return `
  No organization is served here yet. Set up the first one in a browser:

    ${origin}${path}

  ${elsewhere}The link works once, until ${until} UTC.
`
}
