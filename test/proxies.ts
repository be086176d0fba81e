import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as requestPlainly } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { freePort } from '../src/store/postgres-server.fixture.ts'

/** nginx and Caddy, started with the configurations that operators are given, with real TLS. */

export const publicHost = 'volunteers.example.org'
const manual = readFileSync(new URL('../docs/operating.md', import.meta.url), 'utf8')
const ofContainers = readFileSync(new URL('../deploy/Caddyfile', import.meta.url), 'utf8')

/** Each with the program that it needs. */
export const proxies = {
  'nginx as in the manual': { program: '/usr/sbin/nginx', start: startNginx },
  'Caddy as in the manual': { program: '/usr/bin/caddy', start: startCaddyOfManual },
  'Caddy as in the containers': { program: '/usr/bin/caddy', start: startCaddyOfContainers },
} as const

export type ProxyKind = keyof typeof proxies

/** In CI none is left out. */
export function isInstalled(kind: ProxyKind): boolean {
  return existsSync(proxies[kind].program) || Boolean(process.env['CI'])
}

export type Proxy = {
  /** Its ports. */
  tls: number
  plain: number
  /** What its certificate is checked with. */
  authority: string
  /** Has it send all requests there from now on, as the manual's upgrade does. */
  lead(ports: readonly number[]): Promise<void>
  stop(): Promise<void>
}

async function startNginx(ports: readonly number[]): Promise<Proxy> {
  const { folder, tls, plain } = await place()
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  makeCertificate(certificate, key)
  const upstream = (to: readonly number[]) =>
    fileOfManual('/etc/nginx/conf.d/porchlight-upstream.conf').replace(
      /server 127\.0\.0\.1:3000;/,
      to.map((port) => `server 127.0.0.1:${port};`).join('\n    '),
    )
  const portal = fileOfManual('/etc/nginx/conf.d/porchlight.conf')
    .replaceAll(/^ *listen \[::\].*\n/gm, '')
    .replace('listen 443', `listen 127.0.0.1:${tls}`)
    .replace('listen 80', `listen 127.0.0.1:${plain}`)
    .replace(/\/etc\/letsencrypt\/\S*fullchain\.pem/, certificate)
    .replace(/\/etc\/letsencrypt\/\S*privkey\.pem/, key)
  const write = (to: readonly number[]) => writeFileSync(join(folder, 'upstream.conf'), upstream(to))
  write(ports)
  writeFileSync(join(folder, 'portal.conf'), portal)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  )
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
     worker_processes 2; events { worker_connections 512; }
     http { access_log off; ${temporary.join(' ')} include ${folder}/upstream.conf; include ${folder}/portal.conf; }`,
  )
  const child = spawn(proxies['nginx as in the manual'].program, ['-p', folder, '-c', `${folder}/nginx.conf`])
  return untilUp(child, {
    tls,
    plain,
    authority: readFileSync(certificate, 'utf8'),
    async lead(to) {
      write(to)
      child.kill('SIGHUP')
    },
    stop: () => end(child, 'SIGQUIT', folder),
  })
}

function startCaddyOfManual(ports: readonly number[]): Promise<Proxy> {
  const upstreams = (to: readonly number[]) => to.map((port) => `127.0.0.1:${port}`).join(' ')
  return startCaddy(ports, (to) =>
    fileOfManual('/etc/caddy/Caddyfile').replace('127.0.0.1:3000', upstreams(to)),
  )
}

function startCaddyOfContainers(ports: readonly number[]): Promise<Proxy> {
  return startCaddy(ports, () => ofContainers)
}

/** @param site the Caddyfile that leads to those ports */
async function startCaddy(ports: readonly number[], site: (to: readonly number[]) => string): Promise<Proxy> {
  const { program } = proxies['Caddy as in the manual']
  const { folder, tls, plain } = await place()
  const admin = `127.0.0.1:${await freePort()}`
  const config = join(folder, 'Caddyfile')
  // Its own authority in place of the world's.
  const global = `{
	local_certs
	skip_install_trust
	http_port ${plain}
	https_port ${tls}
	default_bind 127.0.0.1
	admin ${admin}
}
`
  const write = (to: readonly number[]) => writeFileSync(config, global + site(to))
  write(ports)
  const env = {
    HOME: folder,
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
    PORTAL_HOST: publicHost,
    PORTAL_UPSTREAMS: ports.map((port) => `127.0.0.1:${port}`).join(' '),
  }
  const adapted = ['--config', config, '--adapter', 'caddyfile']
  const child = spawn(program, ['run', ...adapted], { env, stdio: 'ignore' })
  const root = join(folder, 'caddy/pki/authorities/local/root.crt')
  await expect.poll(() => existsSync(root), { timeout: 60_000 }).toBe(true)
  return untilUp(child, {
    tls,
    plain,
    authority: readFileSync(root, 'utf8'),
    async lead(to) {
      write(to)
      execFileSync(program, ['reload', ...adapted, '--address', admin, '--force'], { env, stdio: 'ignore' })
    },
    stop: () => end(child, 'SIGTERM', folder),
  })
}

/** The file that the manual has its reader write there. */
function fileOfManual(file: string): string {
  const start = `cat > ${file} <<'END'\n`
  const from = manual.indexOf(start) + start.length
  expect(from, file).toBeGreaterThan(start.length)
  return manual.slice(from, manual.indexOf('\nEND\n', from) + 1)
}

async function place() {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-proxy-'))
  // The workers of nginx run as another user, and keep long bodies there.
  chmodSync(folder, 0o755)
  return { folder, tls: await freePort(), plain: await freePort() }
}

function makeCertificate(certificate: string, key: string): void {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const names = ['-subj', `/CN=${publicHost}`, '-addext', `subjectAltName=DNS:${publicHost}`]
  execFileSync('openssl', ['req', '-x509', ...curve, ...names, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  })
}

const running = new Set<ChildProcess>()

/** Ends what a test that failed has left. */
export function endProxies(): void {
  for (const child of running) child.kill('SIGTERM')
}

async function untilUp(child: ChildProcess, proxy: Proxy): Promise<Proxy> {
  running.add(child)
  child.once('exit', () => running.delete(child))
  const status = () =>
    ask(proxy, '/readyz').then(
      (answer) => answer.status,
      () => 0,
    )
  await expect.poll(status, { timeout: 60_000 }).toBe(200)
  return proxy
}

async function end(child: ChildProcess, signal: NodeJS.Signals, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
  rmSync(folder, { recursive: true })
}

export type Answer = {
  status: number
  /** With its attributes. */
  cookie: string
  location: string
  requestId: string
}

export type Asked = {
  method?: string
  cookie?: string
  body?: string
  type?: string
  headers?: Record<string, string>
  isPlain?: boolean
}

/** One request on a connection of its own, whose certificate is checked. */
export function ask(
  proxy: Pick<Proxy, 'tls' | 'plain' | 'authority'>,
  path: string,
  more: Asked = {},
): Promise<Answer> {
  const headers = {
    host: publicHost,
    origin: `https://${publicHost}`,
    ...(more.cookie !== undefined && { cookie: more.cookie }),
    ...(more.type !== undefined && { 'content-type': more.type }),
    ...(more.body !== undefined && { 'content-length': String(Buffer.byteLength(more.body)) }),
    ...more.headers,
  }
  const options = {
    host: '127.0.0.1',
    path,
    headers,
    agent: false,
    method: more.method ?? 'GET',
    timeout: 60_000,
    ...(more.isPlain
      ? { port: proxy.plain }
      : { port: proxy.tls, servername: publicHost, ca: proxy.authority }),
  }
  return new Promise((resolve, reject) => {
    const asked = (more.isPlain ? requestPlainly : request)(options, (answer) => {
      answer.resume()
      answer.once('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          cookie: answer.headers['set-cookie']?.[0] ?? '',
          location: answer.headers.location ?? '',
          requestId: String(answer.headers['x-request-id']),
        }),
      )
      answer.once('error', reject)
    })
    asked.once('timeout', () => asked.destroy(new Error('no answer')))
    asked.once('error', reject)
    asked.end(more.body)
  })
}
