import type { Selectable } from 'kysely'
import { recordAudit } from '../audit.ts'
import { type Conflicts, Refusal } from '../errors.ts'
import { newId } from '../secrets.ts'
import { slugPattern } from '../slug.ts'
import { lockRow } from '../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { CustomerTable } from '../store/tables/customers.ts'
import { readVerifiedWords } from './own-terms.ts'
import { mayActAs, type Role } from './roles.ts'
import { type Setting, settings, type Value } from './settings.ts'

type Row = Selectable<CustomerTable>

/** By the name of the setting, as it is typed. */
export type SettingTexts = Readonly<Record<string, string>>

/** Who changes a setting: `id` is a person's, or says which program. */
export type Changer = { readonly role: Role; readonly id: string }

export const operator: Changer = { role: 'operator', id: 'operator' }

type Changes = readonly (readonly [name: string, setting: Setting, value: Value])[]

/** @throws {Refusal} 'invalid_request' naming every setting that is unknown, is not theirs to change, or breaks its rule */
export function readChanges(texts: SettingTexts, by: Changer): Changes {
  return readAll(texts, by, {})
}

/** The settings of a customer that is to be made: what is left out has its default. @throws {Refusal} 'invalid_request' */
export function readNewCustomer(slug: string, texts: SettingTexts, by: Changer): Changes {
  const defaults = Object.entries(settings).map(([name, setting]) => [name, setting.default ?? ''])
  const isSlug = slugPattern.test(slug)
  const broken = isSlug ? {} : { slug: 'must be lowercase letters, digits and hyphens' }
  return readAll({ ...Object.fromEntries(defaults), ...texts }, by, broken)
}

function readAll(texts: SettingTexts, by: Changer, broken: Record<string, string>): Changes {
  const fields = { ...broken }
  const changes = Object.entries(texts).flatMap(([name, text]) => {
    const setting = Object.hasOwn(settings, name) ? settings[name] : undefined
    const read = setting?.read(text.trim())
    if (!setting || !read) fields[name] = 'is no setting'
    else if (!mayActAs(by.role, setting.role)) fields[name] = `is for the ${setting.role} to change`
    else if ('rule' in read) fields[name] = read.rule
    else return [[name, setting, read.value] as const]
    return []
  })
  if (Object.keys(fields).length > 0) throw new Refusal('invalid_request', { fields })
  return changes
}

/**
 * Changes settings and keeps the others. Every change is noted with what was there before.
 *
 * @param order.seen what was there when the new values were chosen
 * @returns the settings that were changed to something else since they were seen; then nothing is changed
 * @throws {Refusal} as `readChanges`
 */
export function* changeSettings(
  db: Queries,
  order: { customerId: string; by: Changer; changes: SettingTexts; seen?: SettingTexts },
  nowMs: number,
): Write<Conflicts> {
  const { customerId, by, changes, seen = {} } = order
  const read = readChanges(changes, by)
  yield* lockRow(db, 'customer', customerId)
  const [row] = yield* rows(db.selectFrom('customer').selectAll().where('id', '=', customerId).compile())
  if (!row) throw new Refusal('not_found')
  const overtaken = read.flatMap(([name, setting, value]) => {
    const [now, yours] = [textOf(setting, valueOf(row, setting)), textOf(setting, value)]
    const isOvertaken = ![undefined, now].includes(seen[name]) && now !== yours
    return isOvertaken ? [[name, { now, yours }] as const] : []
  })
  if (overtaken.length > 0) return Object.fromEntries(overtaken)
  let changed: Partial<Row> = row
  for (const [name, setting, value] of read) {
    const before = valueOf(changed, setting)
    if (before === value) continue
    changed = withValue(changed, setting, value)
    const detail = { setting: name, before: told(setting, before), after: told(setting, value), by: by.id }
    yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'customer.set', detail })
  }
  if (changed !== row)
    yield* rows(db.updateTable('customer').set(columnsOf(changed)).where('id', '=', customerId).compile())
  return {}
}

/** Makes a customer, or changes the one with this slug. @returns its id @throws {Refusal} as `readNewCustomer` or `readChanges` */
export function* setCustomer(
  db: Queries,
  { slug, by, changes }: { slug: string; by: Changer; changes: SettingTexts },
  nowMs: number,
): Write<string> {
  const [known] = yield* rows(db.selectFrom('customer').select('id').where('slug', '=', slug).compile())
  if (known) {
    yield* changeSettings(db, { customerId: known.id, by, changes }, nowMs)
    return known.id
  }
  // With a customer no first run begins or goes on. Browsers in the middle of one are told, so their rows last out their hour, empty.
  yield* rows(db.deleteFrom('setup').where('session_hash', 'is', null).compile())
  yield* rows(db.updateTable('setup').set({ draft_sealed: null }).compile())
  const id = newId('cus')
  const row = readNewCustomer(slug, changes, by).reduce<Partial<Row>>(
    (made, [, setting, value]) => withValue(made, setting, value),
    {},
  )
  yield* rows(
    db
      .insertInto('customer')
      .values({ id, slug, created_at_ms: nowMs, ...columnsOf(row) })
      .compile(),
  )
  yield* recordAudit(db, { customerId: id, atMs: nowMs, kind: 'customer.set', detail: { slug, by: by.id } })
  return id
}

/** What a customer has set, as it would be typed. */
export async function settingsOf(store: Store, customerId: string): Promise<SettingTexts> {
  const [row] = await store.read(
    store.db.selectFrom('customer').selectAll().where('id', '=', customerId).compile(),
  )
  if (!row) return {}
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [name, textOf(setting, valueOf(row, setting))]),
  )
}

function textOf({ form }: Setting, value: Value): string {
  if (form === undefined) return value === 1 ? 'yes' : 'no'
  return value === null ? '' : String(value)
}

function told(setting: Setting, value: Value): string {
  const text = textOf(setting, value)
  return setting.mask && text !== '' ? setting.mask(text) : text
}

function valueOf(row: Partial<Row>, { column, language }: Setting): Value {
  if (language === undefined) return row[column] ?? null
  return readVerifiedWords(row.hours_verified ?? null)[language] ?? null
}

function withValue(row: Partial<Row>, { column, language }: Setting, value: Value): Partial<Row> {
  if (column === 'public_origin') return { ...row, public_origin: `${value}`, host: new URL(`${value}`).host }
  if (language === undefined) return { ...row, [column]: value }
  const words = { ...readVerifiedWords(row.hours_verified ?? null), [language]: value ?? undefined }
  const json = JSON.stringify(words)
  return { ...row, hours_verified: json === '{}' ? null : json }
}

const columns = ['host', ...new Set(Object.values(settings).map(({ column }) => column))] as const

function columnsOf(row: Partial<Row>): Omit<Row, 'id' | 'slug' | 'created_at_ms'> {
  return Object.fromEntries(columns.map((column) => [column, row[column]])) as Row
}
