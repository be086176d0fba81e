import { recordAudit } from '../../audit.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { type FieldChoice, firstChoice } from './fields.ts'

type ChoiceVersion = { version: number; choice: FieldChoice; chosenBy: string; chosenAtMs: number }

/** The fields a customer shows now. */
export function fieldChoiceOf(store: Store, customerId: string): Promise<FieldChoice> {
  return store.recall(`field choice ${customerId}`, ['field_choice'], async () => {
    const [latest] = await choicesOf(store, customerId, 1)
    return latest?.choice ?? firstChoice
  })
}

/** Every choice a customer made, newest first. */
export async function choicesOf(store: Store, customerId: string, maxRows = 1_000): Promise<ChoiceVersion[]> {
  const found = await store.read(latestFirst(store.db, customerId, maxRows))
  return found.map((row) => ({
    version: row.version,
    choice: JSON.parse(row.choice) as FieldChoice,
    chosenBy: row.chosen_by,
    chosenAtMs: row.chosen_at_ms,
  }))
}

/**
 * Changes the fields a customer shows, and keeps the earlier choices. Writes nothing when nothing would change.
 *
 * @param change receives the current choice
 */
export function* changeFieldChoice(
  db: Queries,
  at: { customerId: string; chosenBy: string; change: (choice: FieldChoice) => FieldChoice },
  nowMs: number,
): Write<FieldChoice> {
  const { customerId, chosenBy, change } = at
  yield* lockRow(db, 'customer', customerId)
  const [latest] = yield* rows(latestFirst(db, customerId, 1))
  const before = latest ? latest.choice : JSON.stringify(firstChoice)
  const choice = change(JSON.parse(before) as FieldChoice)
  const after = JSON.stringify(choice)
  if (after === before) return choice
  const version = (latest?.version ?? 0) + 1
  yield* rows(
    db
      .insertInto('field_choice')
      .values({
        customer_id: customerId,
        version,
        choice: after,
        chosen_by: chosenBy,
        chosen_at_ms: nowMs,
      })
      .compile(),
  )
  yield* recordAudit(db, {
    customerId,
    atMs: nowMs,
    kind: 'customer.fields_chosen',
    detail: {
      version,
      by: chosenBy,
      edits: choice.editsProfile,
      before: shownIn(JSON.parse(before) as FieldChoice),
      shown: shownIn(choice),
    },
  })
  return choice
}

function shownIn({ builtIn, custom }: FieldChoice): string {
  return [...builtIn, ...custom.map(({ name }) => name)].join(', ')
}

function latestFirst(db: Queries, customerId: string, maxRows: number) {
  return db
    .selectFrom('field_choice')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('version', 'desc')
    .limit(maxRows)
    .compile()
}
