import type { VNode } from 'preact'
import type { Batch, BatchRow } from '../../src/links/batches.ts'
import type { Frame } from '../../src/page/site.ts'
import { ListPage } from '../../src/staff/link-lists/page-list.tsx'
import { ListsPage } from '../../src/staff/link-lists/page-lists.tsx'
import { LinkPage } from '../../src/staff/links/page-link.tsx'
import { LinksPage } from '../../src/staff/links/page-list.tsx'
import { MadeLinkPage, NewLinkPage } from '../../src/staff/links/page-new.tsx'
import { qrCodeOf } from '../../src/staff/links/qr.tsx'
import type { RecentLink } from '../../src/staff/links/shown.ts'
import { links } from './landings.tsx'
import * as people from './people.ts'

const { nowMs, timeZone } = people
const url = 'https://riverbend.example/magiclink/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj'
const code = await qrCodeOf(url)

const days = Array.from({ length: 30 }, (_, i) => ({
  day: new Date(nowMs - (29 - i) * 86_400_000).toISOString().slice(0, 10),
  made: i === 12 ? 0 : (i * 7) % 23,
  used: i === 12 ? 0 : Math.floor(((i * 7) % 23) * 0.6),
}))

const sender = { is: 'owner', address: 'jordan.okafor@riverbend.example' } as const
const batchCounts = { ready: 310, unlisted: 4, fault: 3, made: 90, refused: 1 }

const batch: Batch = {
  id: 'lba_1',
  customer_id: 'cus_1',
  made_by: 'per_1',
  state: 'checked',
  made_at_ms: nowMs,
  life_ms: null,
  is_emailed: 0,
  ended_at_ms: null,
  expires_at_ms: nowMs + 3_600_000,
}

const batchRows: BatchRow[] = ['not_address', 'twice', 'off', 'campaign', null].map((fault, i) => ({
  number: 4 + 3 * i,
  state: fault === null ? 'unlisted' : 'fault',
  fault,
  contents: {
    typed: i === 0 ? 'maria' : `maria.vega-santos${i}@lanternmail.example`,
    address: null,
    vomoUserId: null,
    landing: 'hub',
    path: null,
  },
  link: null,
}))

/** What staff see of links, and where they make one. */
export function staffLinks(frame: Frame): [string, VNode][] {
  const at = { ...frame, role: 'coordinator', timeZone, nowMs } as const
  const filter = { state: null, by: null }
  const list = { ...at, days, links, filter, applications: [], isFirstPage: true, hasOlder: true }
  const first: RecentLink[] = links.slice(0, 1).map((link) => ({ ...link, forWhom: 'maria@lantern.example' }))
  return [
    ['staff-links', <LinksPage {...list} />],
    [
      'staff-links-none',
      <LinksPage
        {...list}
        days={days.map((day) => ({ ...day, made: 0, used: 0 }))}
        links={[]}
        filter={{ state: 'used', by: 'staff' }}
        isFirstPage={false}
      />,
    ],
    ...first.map((link): [string, VNode] => ['staff-link', <LinkPage {...at} link={link} done="over" />]),
    [
      'staff-link-new',
      <NewLinkPage
        {...at}
        form={{
          email: 'x',
          landing: 'hub',
          campaign: '',
          errors: { email: frame.words.signIn.ask.errors.dots },
        }}
      />,
    ],
    [
      'staff-lists',
      <ListsPage
        {...at}
        role="owner"
        fault="no_addresses"
        lists={[{ id: 'lba_1', state: 'ended', madeAtMs: nowMs - 3_600_000, sender, counts: batchCounts }]}
      />,
    ],
    ...(['checked', 'working', 'ended'] as const).map((state): [string, VNode] => [
      `staff-list-${state}`,
      <ListPage
        {...at}
        role="owner"
        batch={{ ...batch, state }}
        counts={{
          ...batchCounts,
          ...(state === 'checked' && { made: 0 }),
          ...(state === 'ended' && { ready: 0 }),
        }}
        withdrawn={0}
        rows={batchRows}
        isFirstPage
        hasMore
        sender={state === 'working' ? { ...sender, is: 'former' } : { ...sender, is: 'you' }}
        done={state === 'checked' ? 'busy' : null}
      />,
    ]),
    [
      'staff-link-made',
      <MadeLinkPage
        {...at}
        address="maria.vega-santos@lanternmail.example"
        url={url}
        id="lnk_1"
        code={code}
        until={{ ms: nowMs + 15 * 60_000, timeZone }}
      />,
    ],
  ]
}
