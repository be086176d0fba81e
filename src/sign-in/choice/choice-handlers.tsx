import { askedBy } from '../../audit.ts'
import { onlyWaysOf } from '../../customers/providers.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal } from '../../errors.ts'
import { type Form, readForm } from '../../http/body.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { dayIn } from '../../time/zones.ts'
import { clearCookie, readCookie, writeCookie } from '../cookies.ts'
import { browserOf } from '../enter.ts'
import { countMiss } from '../misses.ts'
import { knownBrowserLifeMs } from '../session/known-browsers.ts'
import { sessionLifeMs } from '../session/sessions.ts'
import { sessionOf } from '../session/visitor.ts'
import { type Choice, choiceOf } from './choices.ts'
import { type Chosen, chooseRecord } from './choose.ts'
import { type ChoiceFault, ChoicePage, NoTriesPage, type TypedClaim } from './page-choice.tsx'
import { foldName } from './proof.ts'
import { triesAgainAtMs } from './tries.ts'
import { readBirthday } from './typed-birthday.ts'

const maxNameLength = 200
const maxPartLength = 40

/** Where the visitor who proved an address that records share proves which one is theirs. */
export function choiceHandlers(tools: Tools) {
  async function choicePage(c: Visited): Promise<Response> {
    const choice = await choiceHere(c)
    if (!choice) return notHere(c)
    const againAtMs = await triesAgainAtMs(tools, choice)
    if (againAtMs !== undefined) return noTries(c, againAtMs, { isLatest: false })
    const session = await sessionOf(tools, c)
    const isSignedIn = session?.isLive === true && session.person.address === choice.address
    return c.html(renderPage(<ChoicePage {...frameOf(c)} isSignedIn={isSignedIn} />))
  }

  async function choose(c: Visited): Promise<Response> {
    const choice = await choiceHere(c)
    if (!choice) return notHere(c)
    const typed = typedIn(await readForm(c))
    const read = readClaim(c, typed)
    if ('faults' in read) return refuse(c, typed, read.faults)
    const chosen = await chosenBy(c, choice, read)
    if (!chosen) return notHere(c)
    if (chosen.outcome === 'no_tries') return noTries(c, chosen.againAtMs, { isLatest: false })
    if (chosen.outcome === 'entered') return enterHere(c, choice, chosen)
    await countMiss(tools, c)
    if (chosen.triesLeft > 0) return refuse(c, typed, [{ field: 'both', triesLeft: chosen.triesLeft }])
    return noTries(c, (await triesAgainAtMs(tools, choice)) ?? tools.clock(), { isLatest: true })
  }

  /** @returns `undefined` when the choice ended meanwhile */
  async function chosenBy(
    c: Visited,
    choice: Choice,
    claim: { lastName: string; birthday: string },
  ): Promise<Chosen | undefined> {
    try {
      return await chooseRecord(askedBy(tools, c), {
        customer: c.get('customer'),
        choice,
        claim,
        browser: browserOf(c),
        formerKey: readCookie(c, 'porchlight_known'),
      })
    } catch (error) {
      if (isRefusal(error, 'link_not_usable')) return undefined
      throw error
    }
  }

  function enterHere(
    c: Visited,
    choice: Choice,
    { sessionSecret, knownKey }: Extract<Chosen, { outcome: 'entered' }>,
  ): Response {
    clearCookie(c, 'porchlight_choice')
    writeCookie(c, 'porchlight_session', sessionSecret, sessionLifeMs)
    if (knownKey !== undefined) writeCookie(c, 'porchlight_known', knownKey, knownBrowserLifeMs)
    return seeOther(c, choice.landing)
  }

  /** The open choice of this browser, while the customer allows one. */
  async function choiceHere(c: Visited): Promise<Choice | undefined> {
    const customer = c.get('customer')
    const secret = readCookie(c, 'porchlight_choice')
    if (!customer.letsChooseRecord || secret === undefined) return undefined
    const choice = await choiceOf(tools, { customerId: customer.id, secret })
    return choice && onlyWaysOf(customer, choice.address).length === 0 ? choice : undefined
  }

  /** The same for every browser without an open choice. A cookie that outlived its choice says why. */
  function notHere(c: Visited): Response {
    if (readCookie(c, 'porchlight_choice') === undefined) return seeOther(c, '/sign-in')
    clearCookie(c, 'porchlight_choice')
    return seeOther(c, '/sign-in?notice=too_late')
  }

  function refuse(
    c: Visited,
    typed: TypedClaim,
    faults: readonly ChoiceFault[],
  ): Response | Promise<Response> {
    return c.html(renderPage(<ChoicePage {...frameOf(c)} typed={typed} faults={faults} />), 422)
  }

  function noTries(
    c: Visited,
    againAtMs: number,
    { isLatest }: { isLatest: boolean },
  ): Response | Promise<Response> {
    const againAt = { ms: againAtMs, timeZone: c.get('customer').timeZone }
    const page = <NoTriesPage {...frameOf(c)} againAt={againAt} nowMs={tools.clock()} isLatest={isLatest} />
    return c.html(renderPage(page), isLatest ? 422 : 429)
  }

  function readClaim(
    c: Visited,
    typed: TypedClaim,
  ): { lastName: string; birthday: string } | { faults: readonly ChoiceFault[] } {
    const { locale } = c.get('language')()
    const today = dayIn(c.get('customer').timeZone, tools.clock())
    const { lastName } = typed
    const birthday = readBirthday(typed.birthday, { locale, today })
    const faults: ChoiceFault[] = []
    if (foldName(lastName) === '') faults.push({ field: 'last_name', rule: 'lastName' })
    else if (lastName.length > maxNameLength) faults.push({ field: 'last_name', rule: 'lastNameLong' })
    if (typeof birthday !== 'string') faults.push({ field: 'birthday', fault: birthday })
    return faults.length > 0 || typeof birthday !== 'string' ? { faults } : { lastName, birthday }
  }

  return { choicePage, choose }
}

function typedIn(form: Form): TypedClaim {
  const part = (name: string) => (form.get(`birthday_${name}`) ?? '').slice(0, maxPartLength)
  return {
    lastName: (form.get('last_name') ?? '').slice(0, maxNameLength + 1),
    birthday: { day: part('day'), month: part('month'), year: part('year') },
  }
}
