import {
  type BinaryOperationNode,
  DummyDriver,
  Kysely,
  OperatorNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  PrimitiveValueListNode,
} from 'kysely'
import type { Schema } from '../schema.ts'

/** Builds queries for PostgreSQL and runs none. */
export function compileOnly(): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new EmptyListCompiler(),
    },
  })
}

/** To SQLite `in ()` is a list without values; to PostgreSQL it is a syntax error, and a list without values is an array's. */
class EmptyListCompiler extends PostgresQueryCompiler {
  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    const { leftOperand, operator, rightOperand } = node
    const isEmpty = PrimitiveValueListNode.is(rightOperand) && rightOperand.values.length === 0
    const word = OperatorNode.is(operator) ? operator.operator : undefined
    if (!isEmpty || (word !== 'in' && word !== 'not in')) return super.visitBinaryOperation(node)
    this.visitNode(leftOperand)
    this.append(word === 'in' ? ` = any('{}')` : ` <> all('{}')`)
  }
}
