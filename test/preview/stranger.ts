import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPeer } from '../../src/mail/smtp.fixture.ts'
import { makeSampleWorld } from '../../src/sandbox/sample/sample-world.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { launchChromium } from '../chromium.ts'
import { makeDebian, runApart } from './bare-debian.ts'
import { setUpInBrowser } from './set-up.ts'

/**
 * Follows the manual, word for word, from a bare Debian to the first volunteer who is signed in, once by commands alone and once in a
 * browser. The commands are those of docs/operating.md, "Install": they run in a bare Debian of their own (debootstrap, or a copy of
 * the folder that `STRANGER_BASE` names). Systemd, the certificate authority, VOMO and the mail server are played here.
 */

const repository = fileURLToPath(new URL('../..', import.meta.url))
const manual = readFileSync(join(repository, 'docs/operating.md'), 'utf8')
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }

/** What differs here from what the manual says: its examples of hosts, and what needs the rest of the world. */
const played: readonly [said: string, here: string][] = [
  ['--country US', '--country US --vomo-url http://127.0.0.1:3001/v1'],
  ['smtps://user:password@mail.example.org', 'smtp://127.0.0.1:2525'],
  // Looks at DNS and at the world, neither of which is here.
  ['\nporchlight doctor\n', '\nporchlight doctor || true\n'],
]

const systemctl = `#!/bin/sh
# Plays systemd: starts a unit by what its file says, and nginx.
for unit; do :; done
case "$1" in
  enable)
    file=/etc/systemd/system/porchlight@.service
    command=$(sed -n 's/^ExecStart=//p' $file)
    user=$(sed -n 's/^User=//p' $file)
    set -a
    . "$(sed -n 's/^EnvironmentFile=//p' $file)"
    PORT=\${unit#porchlight@}
    setpriv --reuid="$user" --regid="$user" --clear-groups sh -c "exec $command" > /var/log/porchlight 2>&1 &
    ;;
  reload) if test -s /run/nginx.pid; then nginx -s reload; else nginx; fi ;;
esac
`

const certbot = `#!/bin/sh
# Plays the certificate authority.
domain=$(echo "$*" | sed 's/.*--domain \\([^ ]*\\).*/\\1/')
mkdir -p /etc/letsencrypt/live/$domain
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$domain" \\
  -addext "subjectAltName=DNS:$domain" -keyout /etc/letsencrypt/live/$domain/privkey.pem \\
  -out /etc/letsencrypt/live/$domain/fullchain.pem 2> /dev/null
`

/** Plays the mail server: writes what it is given to a file. */
const mailServer = (file: string) => `
import { appendFileSync } from 'node:fs'
import { createRequire } from 'node:module'
const { SMTPServer } = createRequire('${join(repository, 'package.json')}')('smtp-server')
new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], onData(stream, session, done) {
  stream.on('data', (chunk) => appendFileSync('${file}', chunk)); stream.on('end', done)
} }).listen(2525, '127.0.0.1')
`

function installBlocks(): string[] {
  const section = manual.slice(manual.indexOf('\n## Install\n'), manual.indexOf('\nWith Caddy, which'))
  const blocks = [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, commands = '']) => commands)
  return played.reduce((all, [said, here]) => {
    expect(all.join(''), said).toContain(said)
    return all.map((block) => block.replaceAll(said, here))
  }, blocks)
}

/** Runs a script as root of that system, until all its processes have ended or this one ends them. */
function run(
  script: string,
  options: { netless: boolean; root: string },
): Promise<{ code: number | null; text: string }> {
  const { root, netless } = options
  const around = `
    set -e
    mount -t proc proc '${root}/proc'
    mount --rbind /dev '${root}/dev'
    ${netless ? `ip link set lo up\nnode '${root}/root/mail-server.mjs' &` : ''}
    chroot '${root}' /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \\
      DEBIAN_FRONTEND=noninteractive NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt sh -ex /root/script.sh`
  writeFileSync(join(root, 'root/script.sh'), script)
  return runApart(around, { netless })
}

let folder: string
let base: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-stranger-'))
  base = join(folder, 'base')
  makeDebian(base, { release: 'trixie', copied: process.env['STRANGER_BASE'] })
  execFileSync(process.execPath, ['deploy/release.js', join(base, 'root')], { cwd: repository })
  expect(existsSync(join(base, `root/porchlight-${version}.tgz`))).toBe(true)
}, 3_600_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** @returns puts a file into it */
function openRoot(root: string) {
  makeDebian(root, { release: 'trixie', copied: base })
  return (file: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text, { mode })
  }
}

it('a stranger with a bare Debian and the manual signs the first volunteer in', async () => {
  const root = join(folder, 'commands')
  const put = openRoot(root)
  const [installing = '', ...rest] = installBlocks()
  const asking = rest.pop() ?? ''
  expect(rest.length).toBeGreaterThan(3)
  const installed = await run(`cd /root\nupdate-ca-certificates\n${installing}`, { root, netless: false })
  expect(installed.code).toBe(0)

  const world = makeSampleWorld({ nowMs: Date.now() })
  const email = world.customers[0]?.volunteers[0] ?? ''
  put('usr/local/sbin/systemctl', systemctl, 0o755)
  put('usr/local/sbin/certbot', certbot, 0o755)
  put('root/mail-server.mjs', mailServer(join(root, 'root/mail')))
  put('etc/hosts', '127.0.0.1 localhost volunteers.example.org\n')
  const script = `
    cd /root
    /opt/porchlight/bin/porchlight sandbox > sandbox 2>&1 &
    until grep Bearer sandbox; do sleep 1; done
    sed -n 's/.*Bearer \\([^'"'"']*\\).*/\\1/p' sandbox | head -n 1 > riverbend-vomo
    ${rest.join('\n')}
    export CURL_CA_BUNDLE=/etc/letsencrypt/live/volunteers.example.org/fullchain.pem
    ${asking.replace('ana@example.org', email)}
    until grep --quiet --no-messages /auth/ mail; do sleep 1; done
    link=$(tr -d '\\r' < mail | sed -e ':a' -e '/=$/{N;s/=\\n//;ba' -e '}' | sed -n 's/.*\\(https:[^ ]*\\/auth\\/[^ <>"]*\\).*/\\1/p' | head -n 1)
    curl --fail --silent --cookie-jar cookies --header 'Origin: https://volunteers.example.org' --data '' "$link"
    curl --fail --silent --cookie cookies https://volunteers.example.org/portal/api/me > me
    echo; echo "SIGNED IN: $(cat me)"`
  const { code, text } = await run(unindented(script), { root, netless: true })
  expect([code, text.slice(-1_000)]).toEqual([0, expect.stringContaining('SIGNED IN: {')])
  expect(readFileSync(join(root, 'root/me'), 'utf8')).toContain(email)
})

it('or sets the first organization up in a browser, by the manual alone, within five minutes of `npm install`', async () => {
  const root = join(folder, 'browser')
  const put = openRoot(root)
  const [installing = '', user = '', command = '', , service = ''] = installBlocks()
  const world = makeSampleWorld({ nowMs: Date.now() })
  const [riverbend] = world.customers
  const sandbox = await startSandbox({ world })
  const peer = await startPeer({ port: 2525 })
  const chromium = await launchChromium()
  try {
    const timed = installing.replace(/^npm install/m, 'touch /root/npm-began\n$&')
    const installed = await run(`cd /root\nupdate-ca-certificates\n${timed}`, { root, netless: false })
    expect(installed.code).toBe(0)
    put('usr/local/sbin/systemctl', systemctl, 0o755)
    const script = `
    cd /root
    ${user}${command}${service}
    porchlight setup --url http://localhost:3000 > telling
    mv telling told
    until test -e done; do sleep 0.2; done`
    const serving = run(unindented(script), { root, netless: false })
    const failed = serving.then(({ code }) => Promise.reject(new Error(`the commands ended with ${code}`)))
    const told = join(root, 'root/told')
    await Promise.race([appears(told), failed])
    const toldAtMs = Date.now()
    const page = await chromium.newPage({ locale: 'en-US' })
    const presses = await setUpInBrowser(page, {
      printed: readFileSync(told, 'utf8'),
      vomo: { url: `${sandbox.url}/v1`, token: riverbend?.vomoToken ?? '' },
      owner: riverbend?.volunteers[0] ?? '',
      mailServer: peer,
    })
    expect(new URL(page.url()).pathname).toBe('/organization/riverbend-food-bank')
    const beganAtMs = statSync(join(root, 'root/npm-began')).mtimeMs
    const seconds = (fromMs: number) => ((Date.now() - fromMs) / 1000).toFixed(1)
    process.stdout.write(
      `from npm install to the hub ${seconds(beganAtMs)} s, of it in the browser ${seconds(toldAtMs)} s with ${presses} presses\n`,
    )
    expect(Date.now() - beganAtMs).toBeLessThan(300_000)
    put('root/done', '')
    await serving
  } finally {
    await chromium.close()
    await peer.close()
    await sandbox.close()
  }
})

async function appears(file: string): Promise<void> {
  while (!existsSync(file)) await pause(100)
}

/** Here-documents of the manual end at the beginning of a line. */
function unindented(script: string): string {
  return script.replaceAll(/^ {4}/gm, '')
}
