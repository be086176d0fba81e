import type { Answer, TestBrowser } from './house.ts'
import type { Lie, LyingProvider } from './lying-provider.ts'

/** Presses the provider's button. @returns where the browser is led on to */
export async function beginWith(
  browser: TestBrowser,
  name: string,
  form: Record<string, string> = {},
): Promise<URL> {
  const answer = await browser.post(`/sign-in/with/${name}`, form)
  const [, url] = /^0; url=(.+)$/.exec(String(answer.headers['refresh'])) ?? []
  if (!url) throw new Error(`beginning answered ${answer.status}`)
  return new URL(url)
}

/** The browser comes back from the provider. */
export function comeBack(
  browser: TestBrowser,
  name: string,
  brought: Record<string, string> | string[][],
): Promise<Answer> {
  return browser.get(`/sign-in/with/${name}/callback?${new URLSearchParams(brought)}`)
}

export type Person = { sub: string; email: string }

/** The whole way, through a provider that may lie. */
export async function signInWith(
  browser: TestBrowser,
  name: string,
  { provider, person, lie }: { provider: LyingProvider; person: Person; lie?: Lie },
): Promise<Answer> {
  const asked = await beginWith(browser, name)
  const state = asked.searchParams.get('state') ?? ''
  return comeBack(browser, name, {
    code: await provider.issue(asked, person, lie),
    state,
    iss: provider.issuer,
  })
}

/** Whether an answer gives its browser a session. */
export function givesSession({ headers }: Answer): boolean {
  return [headers['set-cookie'] ?? []].flat().some((line) => /porchlight_session=\w/.test(line))
}
