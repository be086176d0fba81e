import type { VNode } from 'preact'
import {
  DeadPage,
  type DeadReason,
  LeadsOnPage,
  NotInPage,
  OpenPage,
  TryAgainPage,
  UnknownPage,
} from '../../src/link-api/rownd/links/page.tsx'
import type { Frame } from '../../src/page/site.ts'
import { ElsewherePage } from '../../src/sign-in/link/pages-link.tsx'
import { nowMs, timeZone } from './people.ts'

/** The pages of links that a customer's own systems made. */
export function madeLinks(frame: Frame): [string, VNode][] {
  const person = 'm…s@m…e.org'
  const at = { ms: nowMs - 3_600_000, timeZone, nowMs }
  const elsewhere = { ...frame, maskedAddress: person, mailAction: '/magiclink/x/mail' }
  const open = { ...frame, person, host: 'app.example', otherVisitor: null, action: '/l/x' }
  const reasons = Object.keys(frame.words.rowndLink.dead.reasons) as DeadReason[]
  return [
    ['elsewhere', <ElsewherePage {...elsewhere} isConfirming={false} />],
    ['elsewhere-confirm', <ElsewherePage {...elsewhere} isConfirming />],
    ['made-link', <OpenPage {...open} />],
    ['made-link-here', <OpenPage {...open} host={null} otherVisitor="j…n@g…l.com" />],
    ['made-link-leads-on', <LeadsOnPage {...frame} url="https://app.example/welcome" />],
    ['made-link-try-again', <TryAgainPage {...frame} action="/l/x" />],
    ['made-link-no-record', <NotInPage {...frame} why="noRecord" person={person} />],
    ['made-link-withheld', <NotInPage {...frame} why="withheld" person={person} />],
    ...reasons.map((reason): [string, VNode] => [
      `made-link-${reason}`,
      <DeadPage {...frame} reason={reason} at={at} next={{ kind: 'mail', person, action: '/l/x/mail' }} />,
    ]),
    [
      'made-link-over',
      <DeadPage
        {...frame}
        reason="used"
        at={at}
        next={{ kind: 'site', url: 'https://app.example/welcome' }}
      />,
    ],
    ['made-link-unknown', <UnknownPage {...frame} />],
  ]
}
