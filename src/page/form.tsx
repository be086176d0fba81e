import { type ComponentChildren, createContext, type JSX } from 'preact'
import type { Frame } from './site.ts'

type FieldProps = Omit<JSX.HTMLAttributes<HTMLInputElement>, 'id' | 'name' | 'label'> & {
  name: string
  label: string
  hint?: string
  error?: string | undefined
}

/** A label, its hint, the last error and the field. Its id is its name. */
export function Field({ name, label, hint, error, ...input }: FieldProps) {
  return (
    <div class={error ? 'field has-error' : 'field'}>
      <label for={name}>{label}</label>
      <Explained name={name} hint={hint} error={error} />
      <input
        {...input}
        id={name}
        name={name}
        aria-describedby={describedByOf({ name, hint, error })}
        aria-invalid={error ? 'true' : undefined}
      />
    </div>
  )
}

type TextAreaProps = Omit<FieldProps, 'value' | 'type'> & { rows: number; value: string }

/** A field of several lines. */
export function TextArea({ name, label, hint, error, rows, value }: TextAreaProps) {
  return (
    <div class={error ? 'field has-error' : 'field'}>
      <label for={name}>{label}</label>
      <Explained name={name} hint={hint} error={error} />
      <textarea
        id={name}
        name={name}
        rows={rows}
        aria-describedby={describedByOf({ name, hint, error })}
        aria-invalid={error ? 'true' : undefined}
      >
        {value}
      </textarea>
    </div>
  )
}

type FieldNotes = { name: string; hint?: string | undefined; error?: string | undefined }

/** The hint and the error; `describedByOf` names both. */
export function Explained({ name, hint, error }: FieldNotes) {
  return (
    <>
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
    </>
  )
}

export function describedByOf({ name, hint, error }: FieldNotes): string | undefined {
  const ids = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean)
  return ids.join(' ') || undefined
}

type ListFieldProps = FieldNotes & {
  label: string
  options: readonly { readonly value: string; readonly label: string }[]
  chosen: string
}

/** One of many. Its id is its name. */
export function ListField({ name, label, hint, error, options, chosen }: ListFieldProps) {
  return (
    <div class={error ? 'field has-error' : 'field'}>
      <label for={name}>{label}</label>
      <Explained name={name} hint={hint} error={error} />
      <select id={name} name={name} aria-describedby={describedByOf({ name, hint, error })}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === chosen}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}

type SelectProps = {
  name: string
  label: string
  options: readonly { readonly value: string; readonly label: string }[]
  chosen: string | null | undefined
  /** The choice of none of them. */
  any: string
}

/** One of a list, or none, for a form that narrows what a page shows. */
export function Select({ name, label, options, chosen, any }: SelectProps) {
  return (
    <div class="field">
      <label for={`by-${name}`}>{label}</label>
      <select id={`by-${name}`} name={name}>
        <option value="">{any}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === chosen}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}

type ChoiceProps = {
  name: string
  label: string
  hint?: string | undefined
  error?: string | undefined
  options: readonly { readonly value: string; readonly label: string }[]
  chosen: string | null
}

/** A choice among a few options. The first has the field's name as its id. */
export function Choice({ name, label, hint, error, options, chosen }: ChoiceProps) {
  return (
    <fieldset
      class={error ? 'field choice has-error' : 'field choice'}
      aria-describedby={describedByOf({ name, hint, error })}
    >
      <legend>{label}</legend>
      <Explained name={name} hint={hint} error={error} />
      {options.map((option, index) => (
        <label key={option.value}>
          <input
            type="radio"
            {...(index === 0 && { id: name })}
            name={name}
            value={option.value}
            checked={option.value === chosen}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}

type TickProps = {
  name: string
  label: string
  error: string | undefined
  value?: string
  isOn?: boolean
  /** Whether the form is refused without it. */
  required?: boolean
}

export function Tick({ name, label, error, value = 'yes', isOn = false, required = false }: TickProps) {
  return (
    <div class={error ? 'field has-error' : 'field'}>
      <Explained name={name} error={error} />
      <label class="tick" for={name}>
        <input
          type="checkbox"
          id={name}
          name={name}
          value={value}
          checked={isOn}
          required={required}
          aria-describedby={describedByOf({ name, error })}
          aria-invalid={error ? 'true' : undefined}
        />
        {label}
      </label>
    </div>
  )
}

/** First and focused on a returned form, so the visitor sees what to correct. */
export function ErrorSummary(props: {
  heading: string
  errors: readonly { readonly field: string; readonly error: string }[]
}) {
  return (
    <div class="summary" role="alert" tabIndex={-1} autofocus>
      <h2>{props.heading}</h2>
      {props.errors.map(({ field, error }) => (
        <p key={field}>
          <a href={`#${field}`}>{error}</a>
        </p>
      ))}
    </div>
  )
}

/** Whether a page is only to be looked at. */
export const ReadOnly = createContext(false)

/** Posts to our own host. On a page that is only to be looked at, its fields and buttons are there and do nothing. */
export function Posting({ children, ...form }: JSX.HTMLAttributes<HTMLFormElement>) {
  return (
    <ReadOnly.Consumer>
      {(isReadOnly) =>
        isReadOnly ? (
          <fieldset class={`looked-at ${form.class ?? ''}`} disabled>
            {children}
          </fieldset>
        ) : (
          <form method="post" {...form}>
            {children}
          </form>
        )
      }
    </ReadOnly.Consumer>
  )
}

/** Posts to our own host. `sending` is the button's label while the request is in flight (set by the script). */
type PostFormProps = {
  action: string
  sending: string
  /** The page's address holds a secret, which the script removes from browser history once the form is sent. */
  forgetsAddress?: boolean
  /** It sends a file. */
  hasFile?: boolean
  children: ComponentChildren
}

export function PostForm({ action, sending, forgetsAddress, hasFile, children }: PostFormProps) {
  return (
    <Posting
      action={action}
      noValidate
      data-sending={sending}
      data-forgets={forgetsAddress}
      {...(hasFile && { encType: 'multipart/form-data' })}
    >
      {children}
    </Posting>
  )
}

type Look = {
  /** Not the page's main action. */
  quiet?: boolean | undefined
  /** One of many similar buttons: looks like a link. */
  asLink?: boolean | undefined
  /** The accessible name of one of several similar buttons: the visible words, and more. */
  label?: string | undefined
}

type ButtonProps = Look & {
  /** Which of a form's buttons it is: the form sends it as `do`. */
  does?: string | undefined
  children: ComponentChildren
}

export function Button({ children, label, does, ...look }: ButtonProps) {
  return (
    <button
      class={buttonClass(look)}
      type="submit"
      aria-label={label}
      {...(does && { name: 'do', value: does })}
    >
      {children}
    </button>
  )
}

type ButtonLinkProps = Look & {
  href: string
  children: ComponentChildren
  /** The link leads to another site, which gets no referrer. */
  isElsewhere?: boolean
}

export function ButtonLink({ href, children, label, isElsewhere, ...look }: ButtonLinkProps) {
  return (
    <a class={buttonClass(look)} href={href} {...(isElsewhere && { rel: 'noreferrer' })} aria-label={label}>
      {children}
    </a>
  )
}

function buttonClass({ quiet, asLink }: Look): string {
  return asLink ? 'button link' : quiet ? 'button quiet' : 'button'
}

/** How a volunteer continues to VOMO: signed in by us, or by signing in at the site. */
export type WayIntoVomo = { readonly kind: 'hand_off' } | { readonly kind: 'site'; readonly url: string }

type OpenInVomoProps = Pick<Look, 'quiet' | 'asLink'> & {
  frame: Frame
  way: WayIntoVomo
  /** Where in VOMO: its hub, the volunteer's own resume with their sign-ups, or a campaign. */
  landing: 'hub' | 'resume' | 'campaign'
  /** The campaign's slug. */
  resource?: string
  /** What it is about, for screen reader users who hear several. */
  about?: string
  /** Says that VOMO opens. */
  children: string
}

/** The path its form posts to. */
const openInVomoPath = '/open-in-vomo'

/**
 * Continues to VOMO. A form, because the link is made on the click: made earlier, a mail scanner or a prefetch would use it up. The
 * hand-off's `showPage` serves pages that hold one.
 */
export function OpenInVomo(props: OpenInVomoProps) {
  const { frame, way, landing, resource, about, children, ...look } = props
  const label = about === undefined ? undefined : `${children}: ${about}`
  if (way.kind === 'site') {
    return (
      <ButtonLink {...look} href={way.url} label={label} isElsewhere>
        {children}
      </ButtonLink>
    )
  }
  return (
    <PostForm action={openInVomoPath} sending={frame.words.form.sending}>
      <input type="hidden" name="landing" value={landing} />
      {resource !== undefined && <input type="hidden" name="resource" value={resource} />}
      <Button {...look} label={label}>
        {children}
      </Button>
    </PostForm>
  )
}
