import type { Visited } from '../../customers/visit.ts'
import { isRefusal } from '../../errors.ts'
import type { Link } from '../../links/links.ts'
import type { Tools } from '../../part.ts'
import type { Session } from '../session/sessions.ts'
import { sessionOf } from '../session/visitor.ts'
import { isOpenedBy, isVisit, noteVisit } from './link-visits.ts'

type Answer = Response | Promise<Response>

/** What one kind of link shows and does at each step. `Seen` is what was found under its secret. */
export type LinkKind<Seen> = {
  linkOf: (seen: Seen) => Link
  lookAgain: (c: Visited) => Promise<Seen | undefined>
  /** Whether this browser asked for it. */
  isAskedHere?: (c: Visited, seen: Seen) => Promise<boolean>
  /** On to where it leads, in the browser that it signed in before. */
  leadOn?: (c: Visited, seen: Seen) => Response | undefined
  /** Masked: who is signed in here and would be signed out. */
  otherVisitor?: (c: Visited, seen: Seen, session: Session) => string | null
  /** Whether it is spent as a person opens it, where that signs out no other visitor and the customer wants no button. */
  needsNoButton?: (c: Visited, seen: Seen) => boolean
  /** Whether it still opens what it was made for. */
  stillHolds?: (seen: Seen) => Promise<boolean>
  /** Why it does not sign this visitor in. */
  bar?: (c: Visited, seen: Seen) => Answer | undefined
  buttonPage: (c: Visited, seen: Seen, by: { otherVisitor: string | null; isAskedHere: boolean }) => Answer
  /** @throws {Refusal} 'link_not_usable' */
  spend: (c: Visited, seen: Seen) => Promise<Response>
  deadPage: (c: Visited, seen: Seen) => Answer
}

/** How a link of any kind is opened, and spent by its button. */
export function linkOpening<Seen>(tools: Tools, kind: LinkKind<Seen>) {
  async function open(c: Visited, seen: Seen): Promise<Response> {
    const link = kind.linkOf(seen)
    const isAskedHere = kind.isAskedHere && (await kind.isAskedHere(c, seen))
    const noted = noteVisit(tools, c, link, isAskedHere)
    const { leadsOn, otherVisitor } = await whoIsIn(c, seen)
    const isFree = !leadsOn && otherVisitor === null && link.state === 'usable'
    const goesStraight = isFree && isVisit(c) && !c.get('customer').linkNeedsButton
    // The record and the session are written in one turn, so they share a commit; the write decides whether the link is still
    // valid.
    if (goesStraight && kind.needsNoButton?.(c, seen))
      return (await Promise.all([spendHere(c, seen), noted]))[0]
    await noted
    const by = { otherVisitor, isAskedHere: isAskedHere === true }
    return leadsOn ?? (await bar(c, seen)) ?? kind.buttonPage(c, seen, by)
  }

  async function spend(c: Visited, seen: Seen): Promise<Response> {
    const { leadsOn } = await whoIsIn(c, seen)
    return leadsOn ?? (await bar(c, seen)) ?? spendHere(c, seen)
  }

  async function whoIsIn(c: Visited, seen: Seen) {
    const session = kind.leadOn && (await sessionOf(tools, c))
    if (!session?.isLive) return { leadsOn: undefined, otherVisitor: null }
    if (isOpenedBy(session, kind.linkOf(seen))) return { leadsOn: kind.leadOn?.(c, seen), otherVisitor: null }
    return { leadsOn: undefined, otherVisitor: kind.otherVisitor?.(c, seen, session) ?? null }
  }

  async function bar(c: Visited, seen: Seen): Promise<Response | undefined> {
    const isDead = kind.linkOf(seen).state !== 'usable' || (await kind.stillHolds?.(seen)) === false
    return isDead ? kind.deadPage(c, seen) : kind.bar?.(c, seen)
  }

  async function spendHere(c: Visited, seen: Seen): Promise<Response> {
    try {
      return await kind.spend(c, seen)
    } catch (error) {
      if (!isRefusal(error, 'link_not_usable')) throw error
      return kind.deadPage(c, (await kind.lookAgain(c)) ?? seen)
    }
  }

  return { open, spend }
}
