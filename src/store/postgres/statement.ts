import { type Connection, type PoolClient, Query } from 'pg'
import { getTypeParser } from './connection.ts'

type Columns = readonly { name: string; read: (text: string) => unknown }[]
type Values = readonly (string | null)[]
/** Of a query’s parameters. */
type Value = string | number | bigint | boolean | Uint8Array | null | undefined
type Answer = { columns: Columns; found: Values[] }
type Settle = (error: unknown, answer?: Answer) => void

/** What `pg` hands to a query that it sends. Its own types lack most of it. */
type Wire = Connection & {
  submittedNamedStatements: Record<string, string>
  parse(statement: { name: string; text: string }): void
  bind(values: { portal: string; statement: string; values: readonly unknown[] }): void
  describe(portal: { type: 'P'; name: string }): void
  execute(portal: { portal: string }): void
}

/** Of each connection, by the name that it has prepared a text under. */
const described = new WeakMap<Wire, Map<string, Columns>>()

/**
 * A query whose columns the server describes once for each connection that prepares it, and whose rows get their names here. The
 * driver asks for the description with every answer, and spreads an object for each row, which together cost half of a small read.
 */
class Statement extends Query {
  declare readonly text: string
  declare name: string
  declare readonly values: readonly Value[]
  declare readonly callback: Settle
  declare readonly hasBeenParsed: (wire: Wire) => boolean
  #columns: Columns | undefined
  #describedHere: Map<string, Columns> | undefined
  readonly #found: Values[] = []

  /** @param name '' for a text that is not kept */
  constructor(query: { text: string; name: string; values: unknown[] }, settle: Settle) {
    super(query.text, query.values, settle as never)
    this.name = query.name
  }

  /** Sends it. */
  prepare(wire: Wire): void {
    const { name, text } = this
    this.#describedHere = described.get(wire)
    if (!this.#describedHere) described.set(wire, (this.#describedHere = new Map()))
    const isParsed = this.hasBeenParsed(wire)
    if (!isParsed) {
      wire.parse({ name, text })
      if (name !== '') wire.submittedNamedStatements[name] = text
    }
    wire.bind({ portal: '', statement: name, values: this.values.map(asSent) })
    this.#columns = isParsed ? this.#describedHere.get(name) : undefined
    if (!this.#columns) wire.describe({ type: 'P', name: '' })
    wire.execute({ portal: '' })
    wire.sync()
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, read: getTypeParser(dataTypeID) }))
    if (this.name !== '') this.#describedHere?.set(this.name, this.#columns)
  }

  handleDataRow({ fields }: { fields: Values }): void {
    this.#found.push(fields)
  }

  handleCommandComplete(): void {}

  handleError(error: unknown): void {
    this.callback(error)
  }

  handleReadyForQuery(): void {
    this.callback(null, { columns: this.#columns ?? [], found: this.#found })
  }
}

/** @param query.name of a text that the connection keeps prepared */
export function ask(
  client: PoolClient,
  query: { text: string; name?: string | undefined; values: readonly unknown[] },
): Promise<Answer> {
  const { text, name = '', values } = query
  return new Promise((resolve, reject) => {
    const settle: Settle = (error, answer) => (answer ? resolve(answer) : reject(error))
    client.query(new Statement({ text, name, values: values as unknown[] }, settle))
  })
}

export function rowsOf({ columns, found }: Answer): unknown[] {
  return found.map((values) => {
    const row: Record<string, unknown> = {}
    for (let i = 0; i < columns.length; i += 1) {
      const { name, read } = columns[i] as Columns[number]
      const text = values[i] ?? null
      row[name] = text === null ? null : read(text)
    }
    return row
  })
}

function asSent(value: Value): string | Buffer | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return String(value)
}
