import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'

const authorities = '/usr/local/share/ca-certificates'

/**
 * A bare Debian in a folder of its own.
 *
 * @param given.copied the folder of one, which is copied in place of a new one
 */
export function makeDebian(root: string, given: { release: string; copied: string | undefined }): void {
  if (given.copied) execFileSync('cp', ['-a', given.copied, root])
  else
    execFileSync('debootstrap', ['--variant=minbase', '--include=ca-certificates', given.release, root], {
      stdio: 'inherit',
    })
  // The registry may stand behind an authority of this machine's own.
  if (existsSync(authorities)) cpSync(authorities, join(root, authorities), { recursive: true })
}

/**
 * Runs a script in namespaces of its own, until all its processes have ended or this one ends them.
 *
 * @param given.netless whether it has no network
 */
export function runApart(
  script: string,
  { netless }: { netless: boolean },
): Promise<{ code: number | null; text: string }> {
  const spaces = ['--mount', '--pid', '--fork', '--kill-child', ...(netless ? ['--net'] : [])]
  const child = spawn('unshare', [...spaces, 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += String(chunk)
      process.stdout.write(chunk)
    })
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, text })))
}
