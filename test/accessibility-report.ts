import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node'

/** `npm run accessibility` runs the suites that look at pages, and writes their findings into `docs/accessibility.md`. */

type Check = { file: string; title: string }

const looks = 'test/looks.test.ts'
const forms = 'src/sign-in/pages.test.tsx'
const layout = 'src/page/layout.test.tsx'

/** The evidence for a criterion: a test by its title, with `%s` for a page's name. */
export const checks = {
  axe: { file: 'test/accessibility.test.ts', title: '%s is accessible to every visitor, on every screen' },
  'axe, more pages': {
    file: 'test/landings.test.ts',
    title: '%s is accessible to every visitor, on every screen',
  },
  'axe, VOMO down': {
    file: 'test/hand-off.test.ts',
    title: 'the page that stands in for VOMO is accessible to every visitor, at any width',
  },
  'axe, form': {
    file: 'test/profile.test.ts',
    title:
      'the form is as accessible when it came back as when it was empty, and so is the choice, on a small screen',
  },
  'own colors': {
    file: 'test/accessibility.test.ts',
    title: 'is accessible to every visitor in its own color',
  },
  theme: {
    file: 'src/page/theme.test.ts',
    title: 'a color is judged by the worst of what it would stand on',
  },
  'forced colors': {
    file: looks,
    title: 'hides nothing where colors are forced, by day or by night',
  },
  drawing: {
    file: looks,
    title: 'is drawn clearly by day and by night, and moves nothing for those who wish no motion',
  },
  paper: {
    file: looks,
    title: 'prints black on white what is to be read, and nothing to be pressed, whole on either paper',
  },
  room: {
    file: looks,
    title: 'needs no scrolling sideways at 400 %, nor with wider spacing of text, and loses no word',
  },
  focus: { file: looks, title: 'is walked by keyboard in the order it is read, and where one is, is seen' },
  targets: { file: looks, title: 'has nothing to press that is smaller than 24 pixels' },
  'no mouse': {
    file: looks,
    title: 'asks, signs in by the code, reads their hours as a table and signs out',
  },
  skip: { file: looks, title: 'skips the head of a page, and goes on from where its content begins' },
  keyboard: {
    file: 'test/journeys.test.ts',
    title: 'comes to every page with the keyboard alone, and always sees where they are',
  },
  mirrored: { file: 'test/right-to-left.test.ts', title: 'is whole from right to left' },
  purpose: { file: forms, title: 'the sign-in form carries the way on, and keeps what was typed' },
  errors: { file: forms, title: 'what was wrong is said in the title, first on the page, and at the field' },
  'errors kept': {
    file: 'test/profile.test.ts',
    title: 'what breaks a rule is named by its field, and what was typed is kept',
  },
  paste: { file: forms, title: 'the code can be pasted and filled in by the browser, in one field' },
  typing: { file: 'test/sign-in.test.ts', title: 'signs in the browser that asked, however it is typed' },
  status: { file: forms, title: 'a mail sent again is announced' },
  renewal: {
    file: 'test/sign-in.test.ts',
    title: 'ends with the fifteenth minute, says so, and offers a mail to the same address without retyping',
  },
  timing: {
    file: 'test/sign-in.test.ts',
    title: 'a session ends after two weeks unused, and after thirty days in any case',
  },
  help: { file: layout, title: 'help is the last of the pages, signed in or out' },
  language: { file: layout, title: 'a page says its name, its organization and its language' },
  parts: { file: layout, title: 'another language is offered by its own name, marked as that language' },
  bars: {
    file: 'src/volunteer/pages.test.tsx',
    title: 'the bars have a text, stand in attributes alone, and begin where reading does',
  },
  tick: {
    file: 'test/account.test.ts',
    title: 'what the portal keeps is erased after a tick, and signing in again begins anew',
  },
} as const satisfies Record<string, Check>

export type CheckName = keyof typeof checks

/** Every criterion of levels A and AA that a page of ours could fail, and one of AAA. */
export const criteria: readonly (readonly [criterion: string, here: string, ...checks: CheckName[]])[] = [
  ['1.1.1 Non-text Content', 'the bars of hours say their months; the logo has its name', 'axe', 'bars'],
  ['1.3.1 Info and Relationships', 'landmarks, headings, tables, labels', 'axe'],
  ['1.3.2 Meaningful Sequence', 'the keyboard goes as the text is read, both ways', 'focus', 'mirrored'],
  ['1.3.4 Orientation', 'no page asks for one: each is whole upright and across', 'room'],
  ['1.3.5 Identify Input Purpose', 'email, code, names, phone and birthday', 'axe', 'purpose', 'paste'],
  ['1.4.1 Use of Color', 'all is told in words; links in text are underlined', 'axe', 'forced colors'],
  [
    '1.4.3 Contrast',
    '4.5 : 1, by day and by night, in a customer’s colors, too',
    'axe',
    'own colors',
    'theme',
  ],
  ['1.4.4 Resize Text', 'at 400 %, twice what is asked', 'room'],
  ['1.4.5 Images of Text', 'none but a customer’s logo, which has its name'],
  ['1.4.10 Reflow', '320 px wide, and 320 × 256', 'axe', 'axe, more pages', 'room'],
  [
    '1.4.11 Non-text Contrast',
    'controls and their focus, measured in pictures at 3 : 1',
    'drawing',
    'forced colors',
    'focus',
  ],
  ['1.4.12 Text Spacing', 'nothing cut off or overlaid at the spacing that is named there', 'room'],
  [
    '1.4.13 Content on Hover or Focus',
    'nothing appears but the link past the head, in room of its own',
    'focus',
    'skip',
  ],
  [
    '2.1.1 Keyboard',
    'every control is met and pressed by keys, with JavaScript and without',
    'focus',
    'no mouse',
    'keyboard',
  ],
  ['2.1.2 No Keyboard Trap', 'Tab walks through every page to its end', 'focus'],
  ['2.1.4 Character Key Shortcuts', 'there are none'],
  [
    '2.2.1 Timing Adjustable',
    'a volunteer’s session lasts 14 days; a mailed link, 15 minutes, is renewed by one press',
    'timing',
    'renewal',
  ],
  ['2.3.3 Animation from Interactions (AAA)', 'nothing moves for visitors who ask for no motion', 'drawing'],
  ['2.4.1 Bypass Blocks', 'a link past the head, and landmarks', 'skip', 'axe'],
  [
    '2.4.2 Page Titled',
    'the page, then the organization; “Error:” first where a form came back',
    'language',
    'errors',
  ],
  ['2.4.3 Focus Order', 'as it is read, in one column and in two', 'focus'],
  ['2.4.4 Link Purpose', 'buttons that look alike name what they are about', 'axe'],
  ['2.4.5 Multiple Ways', 'the row of pages, and links from the hub', 'keyboard'],
  ['2.4.6 Headings and Labels', 'one first heading to a page, in order from there', 'axe'],
  [
    '2.4.7 Focus Visible',
    'an outline of two pixels and more, by day, by night and in forced colors',
    'focus',
  ],
  [
    '2.4.11 Focus Not Obscured',
    'what is focused is on the screen and nothing lies over it, at 320 × 256, too',
    'focus',
  ],
  ['2.5.3 Label in Name', 'what is read aloud begins with what is seen'],
  ['2.5.8 Target Size', '24 px everywhere; 44 px what is pressed or typed into', 'targets', 'axe'],
  ['3.1.1 Language of Page', 'English or Spanish, as it is spoken', 'axe', 'language'],
  ['3.1.2 Language of Parts', 'the other language’s name', 'parts'],
  ['3.2.6 Consistent Help', 'last in the row of pages, on every page', 'help'],
  [
    '3.3.1 Error Identification',
    'in words: in the title, first on the page, and at the field',
    'errors',
    'errors kept',
  ],
  [
    '3.3.2 Labels or Instructions',
    'every field has a label; a hint stands before the field',
    'axe',
    'axe, form',
  ],
  ['3.3.3 Error Suggestion', 'each error says what would be right', 'errors', 'errors kept'],
  ['3.3.4 Error Prevention', 'erasing takes a tick, and a fresh sign-in', 'tick'],
  [
    '3.3.7 Redundant Entry',
    'a new mail goes to the address that was typed; a form that came back keeps all',
    'renewal',
    'errors kept',
  ],
  [
    '3.3.8 Accessible Authentication',
    'a mailed link, or one field for a code that is pasted or filled in; no password, no puzzle',
    'paste',
    'typing',
    'no mouse',
  ],
  ['4.1.2 Name, Role, Value', 'elements of HTML, no widgets of our own', 'axe', 'axe, form'],
  ['4.1.3 Status Messages', 'notices are a `status`, errors an `alert`', 'status', 'errors'],
]

const walked = {
  'forced colors': 'forced colors',
  drawing: 'day, night, motion',
  paper: 'paper',
  room: '400 %, spacing',
  focus: 'keyboard, focus',
  targets: '24 px',
} as const satisfies Partial<Record<CheckName, string>>

/** The pages of a suite: the keys of its tables of arrivals. */
export function pagesIn(source: string): string[] {
  const tables = source.matchAll(/^( *)const \w+: Record<string, [^\n]+> = \{\n(.*?)\n\1\}/gms)
  return [...tables].flatMap(([, indent = '', arrivals = '']) =>
    [...arrivals.matchAll(new RegExp(`^${indent}  (?:'([\\w-]+)'|(\\w+)):`, 'gm'))].map(
      ([, quoted, bare]) => quoted ?? bare ?? '',
    ),
  )
}

/** The first cells of the table below a heading. */
export function rowsBelow(document: string, heading: string): string[] {
  const [, after = ''] = document.split(`## ${heading}\n`)
  const [section = ''] = after.split('\n## ')
  return [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, first = '']) => first).slice(2)
}

export default class AccessibilityReport implements Reporter {
  #root = ''

  onInit({ config }: Vitest): void {
    this.#root = config.root
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = `${this.#root}/docs/accessibility.md`
    writeFileSync(file, reportOf(testsOf(modules, this.#root), browserAndAxe(this.#root)))
    process.stdout.write(`\nWritten: ${file}\n`)
  }
}

type Ran = { check: CheckName; page: string; passed: boolean; obstacles: string }

/** @throws when a check did not run: a report without it would claim too much */
function testsOf(modules: readonly TestModule[], root: string): Ran[] {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  return (Object.entries(checks) as [CheckName, Check][]).flatMap(([check, { file, title }]) => {
    const [before = '', after] = title.split('%s')
    const found = tests.filter(
      ({ name, module }) =>
        module.moduleId === `${root}/${file}` &&
        (after === undefined ? name === title : name.startsWith(before) && name.endsWith(after)),
    )
    if (found.length === 0) throw new Error(`${file} did not run "${title}"`)
    return found.map((test) => ({
      check,
      page: after === undefined ? pageOf(test) : test.name.slice(before.length, -after.length),
      passed: test.result().state === 'passed',
      obstacles: (test.result().errors ?? []).map(({ actual }) => String(actual)).join('\n'),
    }))
  })
}

function pageOf({ parent }: TestCase): string {
  return parent.type === 'suite' ? parent.name.replace(/^the page /, '') : ''
}

function browserAndAxe(root: string): string {
  const env = JSON.parse(process.env['CHROMIUM_ENV'] ?? '{}') as Record<string, string>
  const browser = execFileSync(process.env['CHROMIUM_PATH'] ?? 'chromium', ['--version', '--no-sandbox'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  const axe = JSON.parse(readFileSync(`${root}/node_modules/axe-core/package.json`, 'utf8')) as {
    version: string
  }
  return `${browser.trim()} and axe ${axe.version}`
}

function reportOf(ran: Ran[], tools: string): string {
  const date = new Date().toLocaleDateString('en-GB', { dateStyle: 'long' })
  const failed = ran.filter(({ passed }) => !passed)
  const axeRan = ran.filter(({ check }) => check === 'axe' || check === 'axe, more pages')
  const pages = [...new Set(ran.filter(({ check }) => check in walked).map(({ page }) => page))]
  const mirrored = ran.filter(({ check }) => check === 'mirrored')
  return `# Accessibility

Made by \`npm run accessibility\` on ${date}, with ${tools}. Change \`test/accessibility-report.ts\`, not this page.

We promise the Web Content Accessibility Guidelines 2.2 at level AA: on every page, for volunteers and for staff, with JavaScript
and without, in English and in Spanish, on a phone and on a desktop, by day, by night and in colors that a reader forces, on
screen and on paper. What is not there yet stands under [Known gaps](#known-gaps). A visitor who meets an obstacle tells the
organization, whose address stands at the foot of every page and under Help.

Results: ${ran.length} tests, ${failed.length === 0 ? 'all passed' : `**${failed.length} failed**`}. ${axeRan.length} pages and states were looked at by axe in
${axeRan.length * 4} views; ${pages.length} were drawn, printed, enlarged and walked by keyboard; ${mirrored.length} were mirrored, emails among them.

## Criteria

The checks are named as in the next table.

${table(
  ['criterion', 'here', 'checked by'],
  criteria.map(([criterion, here, ...names]) => [criterion, here, names.join('; ') || 'read by eye']),
)}

Read by eye, with no check of their own: 1.3.3 Sensory Characteristics, 1.4.2 Audio Control, 2.2.2 Pause, Stop, Hide, 2.3.1 Three
Flashes, 2.5.1 Pointer Gestures, 2.5.2 Pointer Cancellation, 2.5.4 Motion Actuation, 2.5.7 Dragging Movements, 3.2.1 On Focus,
3.2.2 On Input, 3.2.3 Consistent Navigation, 3.2.4 Consistent Identification. There is no sound, no film, no flashing, no gesture,
no dragging, and nothing happens before a link or a button is pressed. 1.2.1 to 1.2.5 are about sound and film alone.

## Checks

${table(
  ['check', 'test', 'passed'],
  (Object.entries(checks) as [CheckName, Check][]).map(([check, { file, title }]) => {
    const own = ran.filter((each) => each.check === check)
    return [
      check,
      `\`${file}\`, "${title.replace('%s', '…')}"`,
      `${own.filter(({ passed }) => passed).length} of ${own.length}`,
    ]
  }),
)}

## Pages and states, by axe

Each on a phone and a desktop: violations of axe's rules for WCAG 2.0 to 2.2, A and AA, and of its best practices, by night of those
of color; what is pressed and smaller than 44 pixels; and whether the page is wider than a screen of 320 × 800 or 320 × 256.

${table(
  ['page or state', 'violations', 'too small', 'too wide'],
  axeRan.map(({ page, passed, obstacles }) => [page, ...countsOf(passed, obstacles)]),
)}

## Pages and states, drawn and walked

✓ where nothing was found. *Forced colors*: every text, control, box and current place is seen. *Day, night, motion*: contrast of
text and controls as drawn. *Paper*: Letter and A4. *400 %, spacing*: 320, 360, 720 and 1280 pixels, each with wider spacing of text.
*Keyboard, focus*: every control is met by Tab, in order, outlined, on the screen and under nothing.

${table(
  ['page or state', ...Object.values(walked)],
  pages.map((page) => [
    page,
    ...Object.keys(walked).map((check) =>
      ran.some((each) => each.check === check && each.page === page && each.passed) ? '✓' : '✗',
    ),
  ]),
)}

## Known gaps

- No person has tested these pages with a screen reader, a magnifier, a switch or voice control, and no one who depends on one was
  asked. Tests find perhaps half of what is in the way of people.
- Everything ran in Chromium. Firefox and Safari were not tried.
- The form for one's own details has the browser's own date field and radio buttons. It is looked at by axe and measured, but not
  drawn in pictures and walked as the other pages are.
- Where axe cannot decide and asks for a person ("incomplete"), no person was asked.
- Pages in Spanish are tested for their words and their journeys, not by axe; their markup is that of the English ones.
- Tables that become lists on a phone say their roles themselves, since Safari forgets what is drawn as a block; that it then reads
  them as tables was not tried.
- On a phone signing out stands above the row of pages but comes after it in the markup. \`reading-flow\` lets the keyboard go as the
  eye does; only Chromium knows it. Elsewhere these two come in the other order.
- An error summary takes the focus by \`autofocus\`, and by the script where a browser does not keep that. Without either it is still the
  first thing on the page, and the title begins with "Error:".
- Axe checks emails as pages (\`npm run gallery\`, not part of this report), not in a mail program.
- What VOMO shows after a hand-off is VOMO's.
- A customer's logo, name and own words are theirs; colors that would be too faint are left out.
`
}

function countsOf(passed: boolean, obstacles: string): string[] {
  if (passed) return ['0', '0', '0']
  const lines = obstacles.split('\n').filter((line) => line.includes(': '))
  const isSmall = (line: string) => line.includes(': small: ')
  const isWide = (line: string) => line.includes(': wider than a screen')
  const rest = lines.filter((line) => !isSmall(line) && !isWide(line))
  return [rest, lines.filter(isSmall), lines.filter(isWide)].map(({ length }) => `**${length}**`)
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
