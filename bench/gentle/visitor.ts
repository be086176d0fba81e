import { cookiesOf, requestBytes, sessionCookie } from '../house.ts'
import type { Answer } from '../load.ts'
import type { Mail, Volunteer } from './house.ts'

const slug = 'riverbend'
/** What a visitor looks at, one after another, and again from the start. `one` is an opportunity of the list. */
const tour = [`/organization/${slug}`, '/shifts', '/opportunities', 'one', '/user', '/profile'] as const

/** How often a person looks whether the email has come. */
const lookMs = 250
const giveUpMs = 15 * 60_000
/** From the email's arrival to the press on its link. */
const readsMailMs = 15_000

export type Clock = { now(): number; sleep(ms: number): Promise<void> }

/** A portal, and the emails it sent, by address. */
export type Door = { ask(bytes: Buffer): Promise<Answer>; mails: ReadonlyMap<string, Mail> }

export type Visitor = ReturnType<typeof openVisitor>

export type Seen = { status: number; ms: number; text: string }

/** A browser of one volunteer. */
export function openVisitor(clock: Clock, door: Door, volunteer: Volunteer, session?: string) {
  let cookies: Record<string, string> = session === undefined ? {} : { [sessionCookie]: session }
  let opportunity: string | undefined
  let seen = 0

  async function go(bytes: Buffer): Promise<Answer> {
    const answer = await door.ask(bytes)
    cookies = { ...cookies, ...cookiesOf(answer) }
    return answer
  }

  async function view(path: string): Promise<Seen> {
    const askedAtMs = clock.now()
    const { status, body } = await go(requestBytes('GET', path, { cookies }))
    return { status, ms: clock.now() - askedAtMs, text: body.toString() }
  }

  async function mail(sinceMs: number): Promise<Mail | undefined> {
    while (clock.now() - sinceMs < giveUpMs) {
      const came = door.mails.get(volunteer.address)
      if (came && came.atMs >= sinceMs) return came
      await clock.sleep(lookMs)
    }
    return undefined
  }

  return {
    volunteer,
    view,
    /**
     * Asks for an email and presses the button that its link leads to.
     *
     * @param onPage hears how long each page on the way took
     * @returns how long the email took to leave; `undefined` when that did not sign in
     */
    async signIn(onPage: (ms: number) => void = () => {}): Promise<number | undefined> {
      async function step(
        method: 'GET' | 'POST',
        at: string,
        form?: Record<string, string>,
      ): Promise<number> {
        const sentAtMs = clock.now()
        const { status } = await go(requestBytes(method, at, { cookies, ...(form && { form }) }))
        onPage(clock.now() - sentAtMs)
        return status
      }
      await step('GET', '/sign-in')
      const askedAtMs = clock.now()
      await step('POST', '/sign-in', { email: volunteer.address })
      await step('GET', '/sign-in/check-email')
      const came = await mail(askedAtMs)
      const path = /\/auth\/[\w-]+/.exec(came?.text ?? '')?.[0]
      if (!came || path === undefined) return undefined
      await clock.sleep(readsMailMs)
      await step('GET', path)
      const isIn = (await step('POST', path, {})) === 303 && cookies[sessionCookie] !== undefined
      return isIn ? came.atMs - askedAtMs : undefined
    },
    /** The next page of the tour. */
    async viewNext(): Promise<Seen> {
      const next = tour[seen % tour.length] ?? tour[0]
      seen += 1
      const shown = await view(next === 'one' ? (opportunity ?? '/opportunities') : next)
      if (next === '/opportunities') opportunity = /\/opportunities\/[\w-]+/.exec(shown.text)?.[0]
      return shown
    },
    /** When VOMO was asked for what the portal shows; where it has nothing to show, after how long it says to come again. */
    async record(): Promise<{ asOfMs?: number; againInMs?: number }> {
      const { status, head, body } = await go(requestBytes('GET', '/portal/api/me', { cookies }))
      if (status === 200)
        return { asOfMs: Date.parse((JSON.parse(body.toString()) as { as_of: string }).as_of) }
      const seconds = /\r\nretry-after: (\d+)/i.exec(head)?.[1]
      return seconds === undefined ? {} : { againInMs: Number(seconds) * 1000 }
    },
  }
}
