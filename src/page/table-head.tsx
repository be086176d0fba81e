import { classIf } from './class-if.ts'

type Column = {
  readonly name: string
  /** Figures, aligned to the end of their column. */
  readonly isNumber?: boolean
}

/**
 * Where each cell tells by itself what it is, only screen readers need the names. The roles repeat the elements' meaning: displayed as blocks on a phone, they would stop being a table to screen readers.
 */
export function TableHead({ columns, isHidden = false }: { columns: readonly Column[]; isHidden?: boolean }) {
  return (
    <thead role="rowgroup" {...classIf(isHidden, 'hidden')}>
      <tr role="row">
        {columns.map(({ name, isNumber }) => (
          <th key={name} role="columnheader" scope="col" {...classIf(isNumber, 'number')}>
            {name}
          </th>
        ))}
      </tr>
    </thead>
  )
}
