import { classIf } from './class-if.ts'

type Column = {
  readonly name: string
  /** Figures, aligned to the end of their column. */
  readonly isNumber?: boolean
}

/** The roles repeat the elements' meaning: displayed as blocks on a phone, they would stop being a table to screen readers. */
export function TableHead({ columns }: { columns: readonly Column[] }) {
  return (
    <thead role="rowgroup">
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
