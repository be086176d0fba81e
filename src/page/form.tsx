import type { ComponentChildren, JSX } from 'preact'

type FieldProps = Omit<JSX.HTMLAttributes<HTMLInputElement>, 'id' | 'name' | 'label'> & {
  name: string
  label: string
  hint?: string
  error?: string | undefined
}

/** A label, what helps to fill it in, what was wrong last time, and the field. Its id is its name. */
export function Field({ name, label, hint, error, ...input }: FieldProps) {
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  return (
    <div class={error ? 'field has-error' : 'field'}>
      <label for={name}>{label}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
      <input
        {...input}
        id={name}
        name={name}
        aria-describedby={describedBy || undefined}
        aria-invalid={error ? 'true' : undefined}
      />
    </div>
  )
}

/** Said first on a page whose form came back, and focused, so nobody has to look for what is wrong. */
export function ErrorSummary(props: { heading: string; field: string; error: string }) {
  return (
    <div class="summary" role="alert" tabIndex={-1} autofocus>
      <h2>{props.heading}</h2>
      <p>
        <a href={`#${props.field}`}>{props.error}</a>
      </p>
    </div>
  )
}

/** Posts to our own host. `sending` is what the button says while the answer is on its way (the script's doing). */
export function PostForm(props: { action: string; sending: string; children: ComponentChildren }) {
  return (
    <form method="post" action={props.action} noValidate data-sending={props.sending}>
      {props.children}
    </form>
  )
}

export function Button({ children, quiet }: { children: ComponentChildren; quiet?: boolean }) {
  return (
    <button class={quiet ? 'button quiet' : 'button'} type="submit">
      {children}
    </button>
  )
}

export function ButtonLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="button" href={href}>
      {children}
    </a>
  )
}
