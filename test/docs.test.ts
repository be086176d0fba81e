import { readdirSync, readFileSync } from 'node:fs'
import { Command } from 'commander'
import { expect, it } from 'vitest'
import { auditKinds } from '../src/audit.ts'
import { settings } from '../src/config.ts'
import { settings as customerSettings } from '../src/customers/settings.ts'
import { operations } from '../src/description/operations.ts'
import { refusals } from '../src/errors.ts'
import { rowndErrors } from '../src/link-api/rownd/envelope.ts'
import { logFields } from '../src/log/log.ts'
import { spanAttributes, spans } from '../src/log/traces.ts'
import { metrics } from '../src/metrics.ts'
import { addCustomerCommands } from '../src/operator/customer.ts'
import { en } from '../src/text/en.ts'
import { rowStates } from '../src/volunteer/rows/rows.ts'
import { checks, criteria, pagesIn, rowsBelow } from './accessibility-report.ts'

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')

/** The paths that programs call. */
const jsonRoutes =
  /\['(GET|POST|PUT|PATCH|DELETE)', '(\/(?:portal\/api|v1|hub|applications|me|\.well-known)\b(?!.*robots)[^']*)'/g
const isRownd = ([, , path = '']: RegExpMatchArray) => !/^\/(?:portal|v1)\//.test(path)

it('docs/api.md lists every refusal with its status', () => {
  const listed = [...read('docs/api.md').matchAll(/^\| `(\w+)` +\| (\d{3}) +\|$/gm)]
  expect(Object.fromEntries(listed.map(([, code, status]) => [code, Number(status)]))).toEqual(refusals)
})

it('docs/api.md lists every state of a row, and each has its words', () => {
  const listed = /^States: ([^.]+)\./m.exec(read('docs/api.md'))?.[1]?.match(/\w+/g)
  expect(listed).toEqual([...rowStates])
  expect(Object.keys(en.rowStates).toSorted()).toEqual(rowStates.toSorted())
})

it('docs/api.md lists every JSON route', () => {
  const routes = [...read('src/app.tsx').matchAll(jsonRoutes)].filter((route) => !isRownd(route))
  const listed = [
    ...read('docs/api.md').matchAll(/^\| `(GET|POST|PATCH|DELETE) (\/(?:portal\/api|v1)\/[^`]*)`/gm),
  ]
  const name = ([, method, path]: RegExpMatchArray) => `${method} ${path}`
  expect(listed.map(name).toSorted()).toEqual(routes.map(name).toSorted())
})

it('docs/rownd.md lists every JSON route of the Rownd form, and every code of its refusals', () => {
  const manual = read('docs/rownd.md')
  const routes = [...read('src/app.tsx').matchAll(jsonRoutes)].filter(isRownd)
  const named = [...manual.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`? ]+)[^`]*`/g)]
  expect(new Set(named.map(([, method, path]) => `${method} ${path}`))).toEqual(
    new Set(routes.map(([, method, path = '']) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)),
  )
  const codes = [...manual.matchAll(/^\| `(E_\w+)` \| (\d{3}) \|/gm)]
  expect(Object.fromEntries(codes.map(([, code, status]) => [code, Number(status)]))).toEqual(
    Object.fromEntries(Object.entries(rowndErrors).map(([code, [status]]) => [code, status])),
  )
})

it('every JSON route is described, and nothing else is', () => {
  const routes = [...read('src/app.tsx').matchAll(jsonRoutes)]
  expect(Object.keys(operations).toSorted()).toEqual(
    routes.map(([, method, path]) => `${method} ${path}`).toSorted(),
  )
})

it('docs/accessibility.md is about the pages its suites go to, and about tests that exist', () => {
  const report = read('docs/accessibility.md')
  const gone = (file: string) => new Set(pagesIn(read(file)))
  expect(new Set(rowsBelow(report, 'Pages and states, by axe'))).toEqual(
    new Set([...gone('test/accessibility.test.ts'), ...gone('test/landings.test.ts')]),
  )
  expect(new Set(rowsBelow(report, 'Pages and states, drawn and walked'))).toEqual(gone('test/looks.test.ts'))
  expect(rowsBelow(report, 'Criteria')).toEqual(criteria.map(([criterion]) => criterion))
  for (const [name, { file, title }] of Object.entries(checks)) {
    expect(rowsBelow(report, 'Checks')).toContain(name)
    expect(read(file), title).toContain(`'${title}'`)
  }
})

it('docs/security.md names tests that exist beside each threat', () => {
  const named = [...read('docs/security.md').matchAll(/`(test\/[\w.-]+)`, "([^"]+)"/g)]
  expect(named.length).toBeGreaterThan(5)
  for (const [, file = '', title = ''] of named) expect(read(file), title).toContain(`'${title}'`)
})

it('docs/asvs.md has a test that exists, or a reason, beside each requirement', () => {
  const listed = [...read('docs/asvs.md').matchAll(/^\| (\d+\.\d+\.\d+) \| .* \| ([^|]+) \|$/gm)]
  // Of levels 1 and 2: V6 has 34, V7 18, V9 7, V10 29.
  expect(new Set(listed.map(([, row]) => row)).size).toBe(88)
  const isShown = (shownBy: string) => {
    const [, file, title] = /^`((?:src|test)\/[\w./-]+)`, "([^"]+)"$/.exec(shownBy) ?? []
    return file === undefined ? /^reason: ./.test(shownBy) : read(file).includes(`'${title}'`)
  }
  expect(listed.filter(([, , shownBy = '']) => !isShown(shownBy)).map(([, row]) => row)).toEqual([])
})

it('each decision has a number of its own', () => {
  const numbers = readdirSync(new URL('../docs/decisions', import.meta.url)).map((file) => file.slice(0, 4))
  expect(new Set(numbers).size).toBe(numbers.length)
})

it('CONTRIBUTING.md names files that exist', () => {
  const all = ['src', 'test', 'docs'].flatMap((folder) =>
    readdirSync(new URL(`../${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' }).map(
      (file) => `/${folder}/${file}`,
    ),
  )
  const manual = read('CONTRIBUTING.md')
  const changes = manual.slice(manual.indexOf('## Where a change goes'))
  // What is new to a change, in its last column, does not exist yet.
  const named = [manual.replace(changes, ''), changes.replaceAll(/; new [^|;]*/g, '')].flatMap((part) => [
    ...part.matchAll(/`((?:[\w-]+\/)*[\w-]+(?:\.\w+)*\.(?:tsx?|md))`/g),
  ])
  const missing = named
    .map(([, name = '']) => name)
    .filter((name) => !all.some((file) => file.endsWith(`/${name}`)))
  expect(missing).toEqual([])
  expect([...changes.matchAll(/^\| (?!change|---)/gm)]).toHaveLength(12)
})

it('docs/operating.md lists every setting with its meaning and default', () => {
  const listed = [...read('docs/operating.md').matchAll(/^\| `([A-Z_]+)` \| (.+?) \|(?: `(.+?)`)? \|$/gm)]
  expect(listed.map(([, name, meaning, byDefault]) => [name, meaning, byDefault])).toEqual(
    Object.entries(settings).map(([name, setting]) => [
      name,
      setting.meaning,
      'byDefault' in setting ? setting.byDefault : undefined,
    ]),
  )
})

it('docs/operating.md lists every metric with its kind, labels and meaning', () => {
  const listed = read('docs/operating.md').match(/^\| `porchlight_.*\|$/gm)
  const rows = Object.entries(metrics).map(([name, { kind, labels, meaning }]) => {
    const named = labels
      .map((label) => `\`${label}\` `)
      .join(', ')
      .replaceAll(' ,', ',')
    return `| \`${name}\` | ${kind} | ${named}| ${meaning} |`
  })
  expect(listed).toEqual(rows)
})

it('docs/operating.md lists every field of the log with its meaning', () => {
  const manual = read('docs/operating.md')
  const [, chapter = ''] = /^## Logs$(.*?)^## /ms.exec(manual) ?? []
  const rows = Object.entries(logFields).map(([field, meaning]) => `| \`${field}\` | ${meaning} |`)
  expect(chapter.match(/^\| `.*\|$/gm)).toEqual(rows)
})

it('docs/operating.md lists every span and every attribute of one with its meaning', () => {
  const manual = read('docs/operating.md')
  const [, chapter = ''] = /^## Traces$(.*?)^## /ms.exec(manual) ?? []
  const code = (name: string) => `\`${name}\``
  const rows = [
    ...Object.entries(spans).map(
      ([name, { meaning, attributes }]) =>
        `| ${code(name)} | ${meaning} | ${attributes.map(code).join(', ')} |`,
    ),
    ...Object.entries(spanAttributes).map(([name, meaning]) => `| ${code(name)} | ${meaning} |`),
  ]
  expect(chapter.match(/^\| `.*\|$/gm)).toEqual(rows)
})

it('docs/operating.md lists what a customer can set, with meaning, default and the role that may change it', () => {
  const rows = Object.entries(customerSettings).map(([name, setting]) => {
    const { form, meaning, meaningOfNo, default: usual, role } = setting
    const said = form
      ? [`--${name} ${form}`, meaning]
      : [`--${name}`, `${meaning}; \`--no-${name}\`: ${meaningOfNo}`]
    return `| \`${said[0]}\` | ${said[1]} |${usual ? ` \`${usual}\`` : ''} | ${role} |`
  })
  const listed = read('docs/operating.md').match(/^\| `--.*\|$/gm)
  expect(listed).toEqual(rows)
})

it('docs/operating.md names every option of customer set, and no other beside that command', () => {
  const manual = read('docs/operating.md')
  const customer = addCustomerCommands(new Command(), { withStore: () => Promise.resolve(), say: () => {} })
  const set = customer.commands.find((command) => command.name() === 'set')
  const options = set?.options.map(({ long }) => long ?? '') ?? []
  expect(options.length).toBeGreaterThan(20)
  const named = new Set(manual.match(/--[a-z][a-z-]*/g))
  expect(options.filter((option) => option !== '--colour' && !named.has(option))).toEqual([])
  const calls = manual.replaceAll('\\\n', ' ').match(/customer (?:set|add) .*/g) ?? []
  const typed = calls.flatMap((call) => call.match(/--[a-z][a-z-]*/g) ?? [])
  expect(typed.filter((option) => !options.includes(option))).toEqual([])
})

it('row 32: docs/operating.md lists every kind of event an operator can ask for, with its meaning', () => {
  const [, chapter = ''] = /^## What happened$(.*?)^## /ms.exec(read('docs/operating.md')) ?? []
  const listed = [...chapter.matchAll(/^\| `([a-z_]+\.[a-z_]+)` \| (.+?) \|$/gm)]
  expect(listed.map(([, kind, meaning]) => [kind, meaning])).toEqual(Object.entries(auditKinds))
})

it('the start script, the unit and the container start the launcher, which alone holds flags for V8', () => {
  const flagsIn = (file: string) =>
    read(file).match(/--(?:max|no|v8|heap)-[a-z-]+(?:=\d+)?(?=['"`\s])/g) ?? []
  expect(flagsIn('bin/porchlight').length).toBeGreaterThan(0)
  for (const file of ['package.json', 'deploy/porchlight@.service', 'Dockerfile']) {
    expect([file, ...flagsIn(file)]).toEqual([file])
    expect(read(file)).toMatch(/[ "/]bin\/porchlight["\s]/)
  }
})
