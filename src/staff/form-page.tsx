import { ErrorSummary } from '../page/form.tsx'
import { Lit } from '../page/parts.tsx'
import { StaffLayout, type StaffLayoutProps } from './menu.tsx'

type StaffFormPageProps = Omit<StaffLayoutProps, 'hasErrors'> & {
  /** Of the form that comes back, by field. */
  errors: Readonly<Record<string, string>>
  /** What stands above them; by default, that they need another look. */
  problem?: string | undefined
  /** What the last form did, in words. */
  done: string | null
  heading: string
  lede: string
}

/** A page of staff with forms. It begins with what to correct, or what was done, and with what it is for. */
export function StaffFormPage(props: StaffFormPageProps) {
  const { errors, problem, done, heading, lede, children, ...layout } = props
  const listed = Object.entries(errors).map(([field, error]) => ({ field, error }))
  return (
    <StaffLayout {...layout} hasErrors={listed.length > 0}>
      <Lit>
        <div class="flow">
          {listed.length > 0 && (
            <ErrorSummary heading={problem ?? layout.frame.words.form.problem} errors={listed} />
          )}
          {done !== null && (
            <p class="notice" role="status">
              {done}
            </p>
          )}
          <h1>{heading}</h1>
          <p>{lede}</p>
        </div>
      </Lit>
      {children}
    </StaffLayout>
  )
}
