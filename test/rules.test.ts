import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { languageNames, languages } from '../src/text/languages.ts'

/**
 * Who may import whom. The parts of the house from the top down; each may also import the ground.
 * A folder that stands in no list fails the test: say first what it is for.
 */
const top = [
  'main',
  'cli',
  'app',
  'door',
  'dialects',
  'trouble',
  'config',
  'opened',
  'demo',
  'description',
  'operator',
]
const ground: Record<string, readonly string[]> = {
  vomo: [
    // VOMO that refuses calls as too many is a problem.
    'problems',
    'store',
    'metrics',
    'log',
    'secrets',
    'address',
    'errors',
    'time',
    'resilience',
    'loopback',
    'slug',
    'pictures',
    'processes',
  ],
  // An email that failed or bounced is a change of state, so it is audited.
  mail: [
    'store',
    'jobs',
    'log',
    'text',
    'address',
    'secrets',
    'audit',
    'problems',
    'resilience',
    'loopback',
    'metrics',
    'part',
  ],
  page: ['text'],
  text: ['time'],
  // Reads and writes are counted, timed and traced. A database without a free connection refuses.
  store: ['metrics', 'log', 'errors', 'secrets'],
  // A table, and what counts by it. It knows no part: each brings what it measures.
  metrics: [],
  // Tables of the fields of a line and of spans, and the types of what writes them.
  log: [],
  // What an event tells has words in the log, or does not compile.
  audit: ['store', 'secrets', 'text'],
  // What keeps people from their record until it is mended: rows that any part opens and closes. What is closed by hand is audited.
  problems: ['store', 'secrets', 'audit'],
  errors: [],
  secrets: [],
  address: [],
  phone: [],
  // Customers and VOMO's campaigns are named alike in addresses.
  slug: [],
  // A picture's kind, its size, and what of it draws.
  pictures: [],
  // What proxies in front do is kept for the operator.
  http: ['errors', 'store', 'log', 'metrics'],
  // A limit that is counted in memory is divided by the processes.
  limits: ['store', 'errors', 'secrets', 'processes', 'time'],
  loopback: [],
  // When a moment has come, how long a while is, what a clock shows in a zone. No words.
  time: [],
  // What a call to any other machine needs.
  resilience: ['errors', 'time'],
  jobs: ['store', 'secrets', 'time', 'log', 'metrics'],
  // Which processes live, and what each does of the work they share. It frees the jobs of dead ones.
  processes: ['store', 'secrets', 'jobs', 'log', 'time'],
  // What a part brings, and what it may need.
  part: ['jobs', 'limits', 'log', 'metrics', 'resilience', 'secrets', 'store', 'vomo'],
}
const floors: Record<string, readonly string[]> = {
  // The first customer, made in a browser; its owner goes on by a link.
  'first-run': ['sign-in', 'link-api', 'accounts', 'links', 'customers'],
  // What VOMO tells by itself: of whom something is read again.
  webhooks: ['accounts', 'customers'],
  // Staff make links as the API of the organization's systems does, and read how VOMO's webhooks do beside its token.
  staff: ['webhooks', 'volunteer', 'sign-in', 'link-api', 'accounts', 'links', 'customers'],
  'link-api': ['sign-in', 'accounts', 'links', 'customers'],
  volunteer: ['sign-in', 'accounts', 'links', 'customers'],
  'sign-in': ['accounts', 'links', 'customers'],
  accounts: ['customers'],
  links: [],
  customers: [],
}
/**
 * The topics of a large folder, from the bottom up, and the ones each may import. Files that stand beside the topics (a frame, a
 * page's number, the shapes of answers) are for all of them, and import no topic but the lowest.
 */
const topics: Record<
  string,
  { lowest: string; composes: readonly string[]; arrows: Record<string, readonly string[]> }
> = {
  volunteer: {
    lowest: 'rows',
    composes: ['part.ts'],
    arrows: {
      // A volunteer's sign-ups, joined with their projects: what hours, shifts and the hub are made of.
      rows: [],
      // Most pages have a button that carries their reader on into VOMO.
      'hand-off': [],
      hours: ['rows'],
      profile: ['hand-off'],
      // What is near is said by the visitor's address, where the profile shows it.
      opportunities: ['hand-off', 'profile'],
      // It says what may be changed here, which is the profile's to tell.
      help: ['hand-off', 'profile'],
      // A shift in JSON is a participation.
      shifts: ['rows', 'hand-off', 'hours'],
      // One look at all of it.
      hub: ['rows', 'hand-off', 'hours', 'opportunities', 'shifts'],
      // A copy of everything, and an end to it.
      account: ['rows', 'hours', 'profile', 'shifts', 'hub'],
    },
  },
  'sign-in': {
    lowest: 'session',
    composes: ['part.ts', 'methods.ts'],
    arrows: {
      // Who is signed in, and which browsers signed in before.
      session: [],
      // Asking for an email with a link and a code. Browsers that are known have a reserve of their own.
      mail: ['session'],
      // A customer's identity system says who its visitor is, and ends what it began.
      provider: ['session'],
      // The browser that proved an address that records share proves which one is its visitor's, and is known from then on.
      choice: ['session'],
      // A key on the person's own device. A letter tells its owner what becomes of it.
      passkey: ['session'],
      // A password is chosen after a sign-in by email, which is asked for as any other.
      password: ['session', 'mail'],
      // A link may open in the browser that asked for it or in another; a dead link leads to a new request; one to an address that
      // records share leads to the choice, and one whose organization wants its own accounts used alone to its provider. A sign-in that
      // its owner denies takes along the passkey or password that was set up with it.
      link: ['session', 'mail', 'provider', 'choice', 'passkey', 'password'],
    },
  },
  vomo: {
    lowest: 'wire',
    composes: ['vomo.ts'],
    arrows: {
      // One HTTP exchange: ask, judge the answer, read its values and pages.
      wire: [],
      // Where a customer's VOMO is, and its token.
      access: [],
      // A call waits for its turn and its budget, goes out with the token, and is judged.
      flow: ['wire', 'access'],
      // Lists of the organization that are kept whole.
      copies: ['wire'],
      // A person's record carries the certificates they earned; a copy of it is of one token and address.
      people: ['wire', 'access', 'flow', 'copies'],
      projects: ['wire', 'flow'],
      // What VOMO says has changed is read again, and handed to the other processes.
      news: ['wire', 'flow', 'copies', 'people', 'projects'],
      // Who has which address, from the list of people. Its news rest while VOMO's webhooks tell.
      directory: ['wire', 'access', 'people', 'news'],
      // A one-time link leads to a customer's own site.
      'one-time': ['wire', 'access', 'flow'],
      // It renews every list in turn, and learns what other processes were told.
      warming: ['wire', 'access', 'flow', 'copies', 'projects', 'directory', 'news'],
    },
  },
  'link-api/rownd': {
    lowest: 'application',
    composes: ['part.ts', 'operations.ts'],
    arrows: {
      // Who calls, and what its operator set.
      application: [],
      // Signed for an application, about a profile of which they know the id alone.
      tokens: ['application'],
      // A bearer is known by a token; what becomes of a profile ends its tokens; what identifies one is the application's to set.
      profiles: ['application', 'tokens'],
      // Members are profiles, and shown as such.
      circles: ['application', 'profiles'],
      // Making one resolves a profile; spending one writes it, joins a circle and begins a family of tokens.
      links: ['application', 'tokens', 'profiles', 'circles'],
    },
  },
  sandbox: {
    lowest: 'world',
    composes: ['app.ts', 'server.ts', 'control.ts', 'parts.ts', 'call-log.ts', 'trouble.ts'],
    arrows: {
      // What the stand-in VOMO holds, and how it changes.
      world: [],
      sample: ['world'],
      // What changes is told by VOMO itself.
      webhooks: ['world'],
      // VOMO's own web site, where one-time links lead.
      site: ['world'],
      // A one-time link, and the address of a project, lead to the site.
      api: ['world', 'site'],
    },
  },
}
/** The stand-in VOMO is an independent witness. */
const alone = ['sandbox']
/** What even it need not write again: where a text stops being JSON has one right answer, and nothing to do with VOMO. */
const borrowed = ['http/json-fault.ts']

const source = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !/\.(test|contract|fixture)\./.test(file),
)

function partOf(file: string): string {
  const [first = ''] = file.split('/')
  return first.replace(/\.tsx?$/, '')
}

function topicOf(folder: string, file: string): string | undefined {
  const [topic, ...rest] = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1).split('/') : []
  return rest.length > 0 ? topic : undefined
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8')
  const found = text.matchAll(
    /^(?:import|export)\b[^'"]*?from\s+['"](\.[^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]/gm,
  )
  return [...found].map((match) => relative(source, join(source, dirname(file), match[1] ?? match[2] ?? '')))
}

function allowed(part: string): readonly string[] | 'all' {
  if (top.includes(part)) return 'all'
  if (alone.includes(part)) return []
  const own = floors[part]
  return own ? [...own, ...Object.keys(ground)] : (ground[part] ?? [])
}

describe('the house', () => {
  it('has no room without a name in these tables', () => {
    const known = [...top, ...alone, ...Object.keys(ground), ...Object.keys(floors)]
    const unknown = files.map(partOf).filter((part) => !known.includes(part))
    expect(unknown).toEqual([])
  })

  it('has arrows that point down only', () => {
    const wrong: string[] = []
    for (const file of files) {
      const from = partOf(file)
      const may = allowed(from)
      for (const target of importsOf(file)) {
        const to = partOf(target.replace(/\?raw$/, ''))
        if (from === to || may === 'all') continue
        if (alone.includes(from) && borrowed.includes(target)) continue
        if (!may.includes(to)) wrong.push(`${file} imports ${target}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('has no arrow in its tables that nothing uses', () => {
    const used = (to: (file: string) => string | undefined) =>
      new Set(files.flatMap((file) => importsOf(file).map((target) => `${to(file)} -> ${to(target)}`)))
    const listed = (arrows: Record<string, readonly string[]>) =>
      Object.entries(arrows).flatMap(([from, below]) => below.map((to) => `${from} -> ${to}`))
    const between = used((file) => partOf(file.replace(/\?raw$/, '')))
    const unused = listed({ ...ground, ...floors }).filter((arrow) => !between.has(arrow))
    for (const [folder, { arrows }] of Object.entries(topics)) {
      const inside = used((file) => topicOf(folder, file))
      unused.push(...listed(arrows).filter((arrow) => !inside.has(arrow)))
    }
    expect(unused).toEqual([])
  })

  it.each(Object.entries(topics))('has topics in %s whose arrows point down only', (folder, rules) => {
    const { lowest, composes, arrows } = rules
    const isComposing = (file: string) => composes.some((name) => file === `${folder}/${name}`)
    const own = files.filter((file) => file.startsWith(`${folder}/`) && !isComposing(file))
    const found = own.map((file) => topicOf(folder, file)).filter((topic) => topic !== undefined)
    expect(new Set(found)).toEqual(new Set(Object.keys(arrows)))
    const wrong = own.flatMap((file) => {
      const from = topicOf(folder, file)
      const may = from === undefined ? [lowest] : [from, ...(arrows[from] ?? [])]
      return importsOf(file)
        .filter((target) => {
          const to = topicOf(folder, target)
          return isComposing(target) || (to !== undefined && !may.includes(to))
        })
        .map((target) => `${file} imports ${target}`)
    })
    expect(wrong).toEqual([])
    const order = Object.keys(arrows)
    for (const [topic, below] of Object.entries(arrows))
      expect(below.filter((each) => order.indexOf(each) >= order.indexOf(topic))).toEqual([])
  })

  it('has no folder of more than 25 files', () => {
    const all = readdirSync(source, { recursive: true, encoding: 'utf8' })
    const sizeOf = (folder: string) =>
      all.filter((file) => dirname(file) === folder && file.includes('.')).length
    const crowded = [...new Set(all.map(dirname))].filter((folder) => sizeOf(folder) > 25)
    expect(crowded).toEqual([])
  })

  it('has no circle of imports', () => {
    const imports = new Map(files.map((file) => [file, importsOf(file)]))
    const isDone = new Map<string, boolean>()
    const circleFrom = (file: string, way: readonly string[]): string | undefined => {
      if (isDone.get(file)) return undefined
      if (way.includes(file)) return [...way.slice(way.indexOf(file)), file].join(' -> ')
      const found = (imports.get(file) ?? []).map((next) => circleFrom(next, [...way, file])).find(Boolean)
      isDone.set(file, true)
      return found
    }
    expect(files.map((file) => circleFrom(file, [])).filter(Boolean)).toEqual([])
  })

  it('opens a store through store/engines.ts only, in tests and the bench too', () => {
    // A folder in store/ is an engine, except the one that describes the tables.
    const isEngine = (file: string) => /^store\/(?!tables\/)[^/]+\//.test(file)
    const everywhere = ['', '../test', '../bench'].flatMap((folder) =>
      readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules'))
        .map((file) => join(folder, file)),
    )
    const openers = everywhere.filter((file) => !isEngine(file) && importsOf(file).some(isEngine))
    expect(openers).toEqual(['store/engines.ts'])
  })

  it('opens SQLite’s file itself in tests about that file alone, so that every other runs on either engine', () => {
    const folder = join(source, '../test')
    const openers = readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.sqlite.test.ts'))
      .filter((file) => /^import .* from 'better-sqlite3'$/m.test(readFileSync(join(folder, file), 'utf8')))
    expect(openers).toEqual([])
  })

  it('leaves out on PostgreSQL only journeys that there are', () => {
    const list = readFileSync(join(source, '../.ci/not-on-postgres'), 'utf8')
    const leftOut = list.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(leftOut.length).toBeGreaterThan(0)
    const journeys = readdirSync(join(source, '../test')).map((name) => `test/${name}`)
    expect(leftOut.filter((path) => !journeys.includes(path))).toEqual([])
  })

  it('has every part in main.ts, and every clean-up in a part', () => {
    const textOf = (file: string) => readFileSync(join(source, file), 'utf8')
    const parts = files.filter((file) => /(^|\/)part\.ts$/.test(file) || file === 'limits.ts')
    expect(parts.filter((file) => !importsOf('main.ts').includes(file))).toEqual([])
    expect(textOf('main.ts')).not.toMatch(/\bforget[A-Z]/)
    const listed = parts.flatMap(
      (file) => (/\bforget: \[([^\]]*)\]/.exec(textOf(file))?.[1] ?? '').match(/\w+/g) ?? [],
    )
    const cleanUps = files.flatMap((file) =>
      [...textOf(file).matchAll(/^export function\* (forgetOld\w+)/gm)].map((match) => match[1]),
    )
    expect(new Set(cleanUps)).toEqual(new Set(listed))
    expect(cleanUps.length).toBeGreaterThan(5)
  })

  it('looks at enough files to mean something', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(importsOf('main.ts').length).toBeGreaterThan(5)
  })

  it('reads the environment in cli.ts and main.ts only', () => {
    const readers = files.filter((file) => /process\.env/.test(readFileSync(join(source, file), 'utf8')))
    expect(readers.filter((file) => !['cli.ts', 'main.ts'].includes(file))).toEqual([])
  })

  it('names a language in text/ only, so that another one is its texts and a row there', () => {
    const codes = languageNames.join('|')
    const capitals = languageNames.map((code) => code.charAt(0).toUpperCase() + code.slice(1)).join('|')
    const nameOf = new Intl.DisplayNames('en', { type: 'language' })
    const names = languageNames.flatMap((code) => [nameOf.of(code), languages[code].itself]).join('|')
    const naming = new RegExp(
      `['"](?:${codes})['"]|[_-](?:${codes})\\b|\\.(?:${codes})\\b(?!\\.ts)|\\b(?:${codes}):|[a-z](?:${capitals})\\b|\\b(?:${names})\\b`,
    )
    // Comments may. A released migration is history, and what people of the sample world speak is theirs.
    const codeOf = (file: string) =>
      readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
    const own = files.filter(
      (file) => !['text', 'sandbox'].includes(partOf(file)) && file !== 'store/migrations.ts',
    )
    expect(own.filter((file) => naming.test(codeOf(file)))).toEqual([])
    expect(naming.test(codeOf('text/languages.ts'))).toBe(true)
  })

  it('names the request at every write of a handler, for the audit log', () => {
    const writes = files
      .filter((file) => /handlers\.tsx?$/.test(file))
      .flatMap((file) =>
        [...readFileSync(join(source, file), 'utf8').matchAll(/store\.write\(\s*(.{60})/gs)].map(
          ([, begins = '']) => `${file}: ${begins}`,
        ),
      )
    expect(writes.length).toBeGreaterThan(20)
    expect(
      writes.filter(
        (write) => !/: (during\(|(?:\(\) =>|function\* \(\) \{)\s*(?:yield\* )?limits\.)/.test(write),
      ),
    ).toEqual([])
  })

  it('holds a VOMO token in vomo/ only', () => {
    const holders = files.filter((file) => /\btoken_sealed/.test(readFileSync(join(source, file), 'utf8')))
    expect(holders.map(partOf).filter((part) => !['vomo', 'store'].includes(part))).toEqual([])
  })

  it('lets no page write markup by hand', () => {
    const forbidden = files.filter((file) =>
      /dangerouslySetInnerHTML|(?<!sql\.|statement\.)\braw\(/.test(readFileSync(join(source, file), 'utf8')),
    )
    expect(forbidden).toEqual([])
  })
})
