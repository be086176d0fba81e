import { passkeyScript } from '../../page/assets.ts'
import { Ask, breakable } from '../../page/contact.tsx'
import { Button, ErrorSummary, PostForm } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'
import { CodeField } from '../../sign-in/code-field.tsx'
import { ProviderForm } from '../../sign-in/provider/pages.tsx'
import { secondStepPath } from '../../sign-in/session/second-step.ts'
import type { Words } from '../../text/en.ts'
import type { CodeFault } from './codes.ts'
import type { StepWays } from './ways.ts'

/** Why a step was not taken. */
export type StepFault =
  | ({ of: 'code'; typed: string } & CodeFault)
  | { of: 'passkey' | 'copied' | (typeof ledHere)[number] }

/** Why a visitor was led here, by the word in the address. */
export const ledHere = ['provider', 'unreachable', 'form'] as const

type StepProps = Frame & {
  ways: StepWays
  /** Whether a code may be typed. */
  isCodeSent: boolean
  address: string
  next: string | undefined
  fault: StepFault | undefined
}

/** A passkey, or the organization's own sign-in; a mailed code where the person has neither. */
export function SecondStepPage({ ways, isCodeSent, address, next, fault, ...frame }: StepProps) {
  const { words } = frame
  const said = words.secondStep
  const message = fault && messageOf(said, fault)
  const isAtField = fault?.of === 'code' && isCodeSent
  return (
    <Page
      frame={frame}
      title={said.title}
      visitor={{ firstName: null, isStaff: true }}
      current="staff"
      saysWhomToAsk={ways.passkey}
      hasErrors={fault !== undefined}
      scripts={ways.passkey ? [passkeyScript.path] : []}
    >
      <Lit>
        <div class="door flow">
          {message && isAtField && (
            <ErrorSummary heading={words.form.problem} errors={[{ field: 'code', error: message }]} />
          )}
          {message && !isAtField && (
            <p class="notice warn" role="alert">
              {message}
            </p>
          )}
          <h1>{said.heading}</h1>
          <p>{said.what}</p>
          {ways.passkey && <ByPasskey frame={frame} next={next} />}
          {ways.providers.map((provider) => (
            <ProviderForm
              key={provider.name}
              {...{ frame, provider, next }}
              how="step"
              isQuiet={ways.passkey}
            >
              {said.provider(provider.label)}
            </ProviderForm>
          ))}
          {ways.code && isCodeSent && (
            <TypeCode
              {...{ frame, address, next }}
              typed={fault?.of === 'code' ? fault.typed : ''}
              error={isAtField ? message : undefined}
            />
          )}
          {ways.code && <MailCode {...{ frame, address, next, isCodeSent }} />}
        </div>
      </Lit>
      <div class="wrap">
        <div class="door flow">
          {ways.passkey && (
            <p>
              <Ask frame={frame} text={said.passkey.lost} />
            </p>
          )}
          <p>
            <a href="/admin">{said.back}</a>
          </p>
        </div>
      </div>
    </Page>
  )
}

type PartProps = { frame: Frame; next: string | undefined }

/** Hidden until the script finds that the browser has passkeys; without it a sentence stands there. */
function ByPasskey({ frame: { words }, next }: PartProps) {
  const said = words.secondStep.passkey
  return (
    <>
      <p data-without-passkeys>{said.without}</p>
      <form method="post" action={`${secondStepPath}/passkey`} data-passkey="step" hidden data-with-passkeys>
        <input type="hidden" name="credential" />
        <Next next={next} />
        <p class="error" role="alert" hidden>
          {said.cancelled}
        </p>
        <Button>{said.button}</Button>
      </form>
    </>
  )
}

function MailCode({
  frame: { words },
  next,
  address,
  isCodeSent,
}: PartProps & { address: string; isCodeSent: boolean }) {
  const said = words.secondStep
  return (
    <>
      {!isCodeSent && (
        <p>
          <Sentence text={said.mailIt.what(slot(0))} parts={[<b>{breakable(address)}</b>]} />
        </p>
      )}
      <PostForm action={`${secondStepPath}/mail`} sending={words.form.sending}>
        <Next next={next} />
        <Button quiet={isCodeSent}>{isCodeSent ? said.code.another : said.mailIt.button}</Button>
      </PostForm>
    </>
  )
}

type TypeCodeProps = PartProps & { address: string; typed: string; error: string | undefined }

function TypeCode({ frame: { words }, next, address, typed, error }: TypeCodeProps) {
  const said = words.secondStep.code
  return (
    <>
      <p>
        <Sentence text={said.sent(slot(0))} parts={[<b>{breakable(address)}</b>]} />
      </p>
      <PostForm action={secondStepPath} sending={words.form.sending}>
        <Next next={next} />
        <CodeField said={said} value={typed} error={error} />
        <Button>{said.button}</Button>
      </PostForm>
    </>
  )
}

function Next({ next }: { next: string | undefined }) {
  return next === undefined ? null : <input type="hidden" name="next" value={next} />
}

function messageOf({ errors, code }: Words['secondStep'], fault: StepFault): string {
  if (fault.of !== 'code') return errors[fault.of]
  if (fault.triesLeft === undefined) return errors[fault.error]
  return fault.triesLeft > 0 ? `${errors.wrong} ${code.triesLeft(fault.triesLeft)}` : errors.too_many
}
