import type { ShownProvider } from '../customers/providers.ts'
import { Ask } from '../page/contact.tsx'
import { ErrorSummary } from '../page/form.tsx'
import { Page } from '../page/layout.tsx'
import { Lit } from '../page/parts.tsx'
import type { Frame, Visitor } from '../page/site.ts'
import type { FormFault, Method } from './method.ts'
import { pathWithNext, sharedPath } from './page-shared.tsx'

/** Why the visitor is here again. */
export const notices = ['signed_out', 'too_late'] as const

export type SignInProps = Frame & {
  /** Those that are on, the likeliest first. */
  methods: readonly Method[]
  next?: string | undefined
  providers?: readonly ShownProvider[]
  fault?: FormFault | undefined
  notice?: (typeof notices)[number] | undefined
  /** The visitor said that others use this computer, too. */
  isShared?: boolean
  /** Who is signed in here already. */
  visitor?: Visitor | null
}

export function SignInPage(props: SignInProps) {
  const { methods, next, providers = [], fault, notice, isShared = false, visitor = null, ...frame } = props
  const { words } = frame
  const said = words.signIn.ask
  const autofill = methods.find(({ script }) => script)?.script?.autofill
  return (
    <Page
      frame={frame}
      title={said.title}
      visitor={visitor}
      current="sign-in"
      isNarrow={visitor === null}
      saysWhomToAsk
      hasErrors={fault !== undefined}
      scripts={methods.flatMap(({ script }) => script?.path ?? [])}
    >
      <Lit>
        <div class="door flow">
          {fault && (
            <ErrorSummary
              heading={words.form.problem}
              errors={[{ field: fault.field, error: fault.message }]}
            />
          )}
          {notice && (
            <p class="notice" role="status">
              {said.notices[notice]}
            </p>
          )}
          {isShared && (
            <p class="notice">
              {words.signIn.shared.on}{' '}
              <a href={pathWithNext(sharedPath, next)}>{words.signIn.shared.change}</a>
            </p>
          )}
          {visitor && (
            <p class="notice">
              {said.already(visitor.firstName)} <a href="/">{said.goOn}</a>
            </p>
          )}
          <h1>{said.heading}</h1>
          {methods.map(({ name, label, script, SignInForm }, place) => {
            const form = (
              <SignInForm
                {...{ frame, next, providers, autofill }}
                isFirst={place === 0}
                fault={fault?.of === name ? fault : undefined}
              />
            )
            if (methods.length === 1) return form
            return (
              <section
                key={name}
                class="flow"
                aria-label={label(words)}
                {...(script && { hidden: true, 'data-with-passkeys': true })}
              >
                {form}
              </section>
            )
          })}
        </div>
      </Lit>
      <div class="wrap">
        <div class="door flow">
          <p>
            <Ask frame={frame} text={said.otherAddress} />
          </p>
          {!isShared && (
            <p>
              <a href={pathWithNext(sharedPath, next)}>{words.signIn.shared.link}</a>
            </p>
          )}
        </div>
      </div>
    </Page>
  )
}
