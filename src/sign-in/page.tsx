import { Ask } from '../page/contact.tsx'
import { ErrorSummary } from '../page/form.tsx'
import { Page } from '../page/layout.tsx'
import { Lit } from '../page/parts.tsx'
import type { Frame, Visitor } from '../page/site.ts'
import type { FormFault, Method } from './method.ts'

type SignInProps = Frame & {
  /** Those that are on, the likeliest first. */
  methods: readonly Method[]
  next?: string | undefined
  fault?: FormFault | undefined
  notice?: 'signed_out' | undefined
  /** Who is signed in here already. */
  visitor?: Visitor | null
}

export function SignInPage({ methods, next, fault, notice, visitor = null, ...frame }: SignInProps) {
  const { words } = frame
  const said = words.signIn.ask
  return (
    <Page
      frame={frame}
      title={said.title}
      visitor={visitor}
      current="sign-in"
      isNarrow={visitor === null}
      saysWhomToAsk
      hasErrors={fault !== undefined}
    >
      <Lit>
        <div class="door flow">
          {fault && (
            <ErrorSummary
              heading={words.form.problem}
              errors={[{ field: fault.field, error: fault.message }]}
            />
          )}
          {notice === 'signed_out' && (
            <p class="notice" role="status">
              {said.signedOut}
            </p>
          )}
          {visitor && (
            <p class="notice">
              {said.already(visitor.firstName)} <a href="/">{said.goOn}</a>
            </p>
          )}
          <h1>{said.heading}</h1>
          {methods.map(({ name, label, SignInForm }) => {
            const form = (
              <SignInForm frame={frame} next={next} fault={fault?.of === name ? fault : undefined} />
            )
            if (methods.length === 1) return form
            return (
              <section key={name} class="flow" aria-label={label(words)}>
                {form}
              </section>
            )
          })}
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">
          <Ask frame={frame} text={said.otherAddress} />
        </p>
      </div>
    </Page>
  )
}
