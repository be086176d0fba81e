import type { ShownProvider } from '../../customers/providers.ts'
import type { Method, SignInFormProps } from '../method.ts'
import { ProviderForm } from './pages.tsx'

/** A customer's identity system, by OpenID Connect. */
export const providerMethod: Method = {
  name: 'provider',
  proof: 'oidc',
  label: (words) => words.provider.section,
  isOn: ({ providers }) => providers.length > 0,
  buttons: ({ providers }, words) =>
    providers.map(({ name, label }) => ({ name, label: words.provider.button(label) })),
  SignInForm: ProviderButtons,
  // One that is off is still tested by its customer's owners, and still ends the sessions that it opened.
  routes: ['POST /sign-in/with/:name'],
}

/** One button for the first provider. A phone's page has room for one of each kind, so the others wait behind a word. */
function ProviderButtons({ frame, next, providers }: SignInFormProps) {
  const [first, ...others] = providers
  const button = (provider: ShownProvider, isQuiet: boolean) => (
    <ProviderForm key={provider.name} {...{ frame, next, provider, isQuiet }} />
  )
  return (
    <>
      {first && button(first, false)}
      {others.length > 0 && (
        <details>
          <summary>{frame.words.provider.more}</summary>
          <div class="flow">{others.map((provider) => button(provider, true))}</div>
        </details>
      )}
    </>
  )
}
