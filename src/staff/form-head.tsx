import { ErrorSummary } from '../page/form.tsx'
import { Lit } from '../page/parts.tsx'
import type { Words } from '../text/en.ts'

type FormHeadProps = {
  words: Words
  /** Of the form that comes back, by field. */
  errors: Readonly<Record<string, string>>
  /** What stands above them; by default, that they need another look. */
  problem?: string
  /** What the last form did, in words. */
  done: string | null
  heading: string
  lede: string
}

/** The first part of a page with forms: what to correct, or what was done, and what the page is for. */
export function FormHead({
  words,
  errors,
  problem = words.form.problem,
  done,
  heading,
  lede,
}: FormHeadProps) {
  const listed = Object.entries(errors).map(([field, error]) => ({ field, error }))
  return (
    <Lit>
      <div class="flow">
        {listed.length > 0 && <ErrorSummary heading={problem} errors={listed} />}
        {done !== null && (
          <p class="notice" role="status">
            {done}
          </p>
        )}
        <h1>{heading}</h1>
        <p>{lede}</p>
      </div>
    </Lit>
  )
}
