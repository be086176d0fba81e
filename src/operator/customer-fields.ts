import { type Command, InvalidArgumentError } from 'commander'
import { invalid, Refusal } from '../errors.ts'
import { type CustomFieldType, customFieldTypes } from '../volunteer/profile/custom-fields.ts'
import { changeFieldChoice, choicesOf, fieldChoiceOf } from '../volunteer/profile/field-choice.ts'
import {
  type BuiltInField,
  builtInFields,
  builtInNames,
  type FieldChoice,
  shows,
} from '../volunteer/profile/fields.ts'
import type { CarriedField } from '../vomo/people/carried-fields.ts'
import { createVomo } from '../vomo/vomo.ts'
import { type OpenedStore, type OperatorTools, requireCustomer } from './customer.ts'

type ShowOptions = { label?: string; type?: CustomFieldType; check?: boolean }

/** `porchlight customer fields list|show|hide|order|history` */
export function addFieldCommands(customer: Command, { withStore, say }: OperatorTools): void {
  const fields = customer
    .command('fields')
    .description('what volunteers see of their own record; everything not listed is hidden')

  fields
    .command('list <slug>')
    .description('what shows, in order')
    .option('--in-vomo', 'and what else VOMO sends of its first 10 users: names and shapes, never values')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, options: { inVomo?: boolean; json?: boolean }) =>
      withStore(async (tools) => {
        const { id } = await requireCustomer(tools.store, slug)
        const { editsProfile, custom, ...choice } = await fieldChoiceOf(tools.store, id)
        const builtIn = builtInNames.filter((name) => shows({ editsProfile, custom, ...choice }, name))
        const inVomo = options.inVomo ? await carriedFields(tools, id) : undefined
        if (options.json) return say(JSON.stringify({ editsProfile, builtIn, custom, inVomo }, null, 2))
        for (const name of builtIn) say(name)
        for (const { name, label, type } of custom) say(`${name.padEnd(30)} ${type.padEnd(8)} “${label}”`)
        say(`\nVolunteers ${editsProfile ? 'may' : 'may not'} change their details here.`)
        if (!inVomo) return
        say('\nVOMO sends:')
        for (const { name, shapes } of inVomo) {
          const isShown = custom.some((field) => field.name === name)
          say(`${name.padEnd(30)} ${isShown ? 'shown ' : 'hidden'}   ${shapes.join('; ')}`)
        }
      }),
    )

  fields
    .command('show <slug> <field>')
    .description(`show a field: ${hideable().join(', ')}, or one of VOMO’s own fields by its name there`)
    .option('--label <label>', 'what volunteers read (default: its name)')
    .option('--type <type>', `as what: ${customFieldTypes.join(', ')} (default: text)`, readType)
    .option('--no-check', 'do not look whether VOMO sends such a field (11 calls)')
    .action((slug: string, field: string, options: ShowOptions) =>
      withStore(async (opened) => {
        const { id } = await requireCustomer(opened.store, slug)
        const { custom } = await fieldChoiceOf(opened.store, id)
        await change(opened, id, (choice) => withShown(choice, field, options))
        const isKnown = isBuiltIn(field) || custom.some(({ name }) => name === field.trim())
        if (!isKnown && options.check !== false)
          for (const line of await warningOf(opened, id, field.trim())) say(line)
      }),
    )

  fields
    .command('hide <slug> <field>')
    .description('stop showing a field')
    .action((slug: string, field: string) => changeOf(slug, (choice) => withHidden(choice, field)))

  fields
    .command('order <slug> <fields...>')
    .description('these of VOMO’s own fields first, in this order; the others after them as they are')
    .action((slug: string, names: string[]) => changeOf(slug, (choice) => inOrder(choice, names)))

  fields
    .command('history <slug>')
    .description('every choice made, latest first: when, by whom, and what it shows')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, options: { json?: boolean }) =>
      withStore(async ({ store }) => {
        const all = await choicesOf(store, (await requireCustomer(store, slug)).id)
        if (options.json) return say(JSON.stringify(all, null, 2))
        for (const { version, chosenBy, chosenAtMs, choice } of all) {
          const names = [...choice.builtIn, ...choice.custom.map(({ name }) => name)].join(', ')
          const edits = choice.editsProfile ? '; may be changed here' : ''
          say(
            `${String(version).padStart(3)}  ${new Date(chosenAtMs).toISOString()}  ${chosenBy}  ${names}${edits}`,
          )
        }
        if (all.length === 0) say('None yet: the standard fields show, and nothing else.')
      }),
    )

  function changeOf(slug: string, to: (choice: FieldChoice) => FieldChoice): Promise<void> {
    return withStore(async (opened) => {
      await change(opened, (await requireCustomer(opened.store, slug)).id, to)
    })
  }

  async function change(
    { store, clock }: OpenedStore,
    customerId: string,
    to: (choice: FieldChoice) => FieldChoice,
  ): Promise<void> {
    const before = await fieldChoiceOf(store, customerId)
    const at = { customerId, chosenBy: 'operator', change: to }
    const after = await store.write(() => changeFieldChoice(store.db, at, clock()))
    const { builtIn, custom } = after
    const isSame = JSON.stringify(before) === JSON.stringify(after)
    say(
      `${isSame ? 'Nothing changed. ' : ''}Shown: ${[...builtIn, ...custom.map(({ name }) => name)].join(', ')}`,
    )
  }
}

/** Warns about a field VOMO does not send: it stays empty for all volunteers, and a misspelled name looks the same. */
async function warningOf(opened: OpenedStore, customerId: string, field: string): Promise<string[]> {
  let carried: CarriedField[]
  try {
    carried = await carriedFields(opened, customerId)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return ['Warning: VOMO could not be asked whether it sends this field.']
  }
  const names = carried.map(({ name }) => name)
  if (names.includes(field)) return []
  return [
    `Warning: VOMO sends no field named “${field}” for its first 10 users, so nothing shows until it does.`,
    names.length === 0 ? 'It sends no fields of your own making.' : `It sends: ${names.join(', ')}.`,
  ]
}

function withShown(choice: FieldChoice, field: string, { label, type }: ShowOptions): FieldChoice {
  if (isBuiltIn(field)) {
    if (label !== undefined || type !== undefined)
      throw invalid(field, 'is called and shown the same everywhere; leave out --label and --type')
    return {
      ...choice,
      builtIn: builtInNames.filter((name) => name === field || choice.builtIn.includes(name)),
    }
  }
  const name = oneLine(field, 'field')
  const known = choice.custom.find((each) => each.name === name)
  const shown = {
    name,
    label: label === undefined ? (known?.label ?? name) : oneLine(label, 'label'),
    type: type ?? known?.type ?? 'text',
  }
  return {
    ...choice,
    custom: known ? choice.custom.map((each) => (each === known ? shown : each)) : [...choice.custom, shown],
  }
}

function withHidden(choice: FieldChoice, field: string): FieldChoice {
  if (!isBuiltIn(field)) {
    if (!choice.custom.some(({ name }) => name === field))
      throw invalid(field, 'is not shown; see fields list')
    return { ...choice, custom: choice.custom.filter(({ name }) => name !== field) }
  }
  if (!builtInFields[field].canHide) throw invalid(field, 'says whose record it is, so it always shows')
  return { ...choice, builtIn: choice.builtIn.filter((name) => name !== field) }
}

function inOrder(choice: FieldChoice, names: readonly string[]): FieldChoice {
  const first = names.map((wanted) => {
    const found = choice.custom.find(({ name }) => name === wanted)
    if (!found) throw invalid(wanted, 'is not shown; see fields list')
    return found
  })
  return { ...choice, custom: [...new Set([...first, ...choice.custom])] }
}

async function carriedFields({ store, secrets, clock, log }: OpenedStore, customerId: string) {
  const vomo = createVomo({ store, secrets, clock, log })
  try {
    return await vomo.carriedFields(customerId)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw invalid('VOMO', 'gives no answer, or this minute’s calls are used up; try again in a minute')
  } finally {
    await vomo.close()
  }
}

function readType(text: string): CustomFieldType {
  const type = customFieldTypes.find((each) => each === text)
  if (!type) throw new InvalidArgumentError(`It must be one of ${customFieldTypes.join(', ')}.`)
  return type
}

function oneLine(text: string, what: 'field' | 'label'): string {
  const line = text.trim()
  if (line === '' || line.length > 200 || /\p{C}/u.test(line))
    throw invalid(what, 'must be one line of at most 200 characters')
  return line
}

function isBuiltIn(name: string): name is BuiltInField {
  return Object.hasOwn(builtInFields, name)
}

function hideable(): BuiltInField[] {
  return builtInNames.filter((name) => builtInFields[name].canHide)
}
