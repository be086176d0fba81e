import { type Command, InvalidArgumentError } from 'commander'
import { Refusal } from '../errors.ts'
import { changeFieldChoice, choicesOf, fieldChoiceOf } from '../volunteer/field-choice.ts'
import {
  type BuiltInField,
  builtInFields,
  builtInNames,
  type CustomFieldType,
  customFieldTypes,
  type FieldChoice,
  shows,
} from '../volunteer/fields.ts'
import { createVomo } from '../vomo/vomo.ts'
import { type OpenedStore, type OperatorTools, requireCustomer } from './customer.ts'

type ShowOptions = { label?: string; type?: CustomFieldType }

/** `porchlight customer fields list|show|hide|order|history` */
export function addFieldCommands(customer: Command, { withStore, say }: OperatorTools): void {
  const fields = customer
    .command('fields')
    .description('what volunteers see of their own record; what is not listed is hidden')

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
    .action((slug: string, field: string, options: ShowOptions) =>
      change(slug, (choice) => withShown(choice, field, options)),
    )

  fields
    .command('hide <slug> <field>')
    .description('show a field no longer')
    .action((slug: string, field: string) => change(slug, (choice) => withHidden(choice, field)))

  fields
    .command('order <slug> <fields...>')
    .description('these of VOMO’s own fields first, in this order; the others after them as they are')
    .action((slug: string, names: string[]) => change(slug, (choice) => inOrder(choice, names)))

  fields
    .command('history <slug>')
    .description('every choice made, the latest first: when, by whom, and what it shows')
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
        if (all.length === 0) say('None yet: what every user of VOMO has shows, and nothing else.')
      }),
    )

  function change(slug: string, to: (choice: FieldChoice) => FieldChoice): Promise<void> {
    return withStore(async ({ store, clock }) => {
      const { id: customerId } = await requireCustomer(store, slug)
      const at = { customerId, chosenBy: 'operator', change: to }
      const { builtIn, custom } = await store.write(() => changeFieldChoice(store.db, at, clock()))
      say(`Shown: ${[...builtIn, ...custom.map(({ name }) => name)].join(', ')}`)
    })
  }
}

function withShown(choice: FieldChoice, field: string, { label, type }: ShowOptions): FieldChoice {
  if (isBuiltIn(field)) {
    if (label !== undefined || type !== undefined)
      throw refused(field, 'is called and shown the same everywhere: no --label, no --type')
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
      throw refused(field, 'does not show; see fields list')
    return { ...choice, custom: choice.custom.filter(({ name }) => name !== field) }
  }
  if (!builtInFields[field].canHide) throw refused(field, 'says whose record it is, and always shows')
  return { ...choice, builtIn: choice.builtIn.filter((name) => name !== field) }
}

function inOrder(choice: FieldChoice, names: readonly string[]): FieldChoice {
  const first = names.map((wanted) => {
    const found = choice.custom.find(({ name }) => name === wanted)
    if (!found) throw refused(wanted, 'does not show; see fields list')
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
    throw refused('VOMO', 'gives no answer, or the calls of this minute are used up; try again in a minute')
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
    throw refused(what, 'must be one line of at most 200 characters')
  return line
}

function isBuiltIn(name: string): name is BuiltInField {
  return Object.hasOwn(builtInFields, name)
}

function hideable(): BuiltInField[] {
  return builtInNames.filter((name) => builtInFields[name].canHide)
}

function refused(field: string, rule: string): Refusal {
  return new Refusal('invalid_request', { fields: { [field]: rule } })
}
