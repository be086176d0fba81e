import type { VNode } from 'preact'
import type { Frame } from '../../src/page/site.ts'
import { type ProblemKind, problemKindNames } from '../../src/problems/kinds.ts'
import { ProblemsPage } from '../../src/staff/problems/page-list.tsx'
import { ProblemPage } from '../../src/staff/problems/page-one.tsx'
import type { ProblemView } from '../../src/staff/problems/view.ts'
import * as people from './people.ts'

const { nowMs, timeZone } = people
const dayMs = 86_400_000

/** What keeps people from their record, and what staff do about it. */
export function staffProblems(frame: Frame): [string, VNode][] {
  const at = { ...frame, role: 'coordinator' as const, timeZone, nowMs, seesAddresses: true, mayHelp: true }
  const list = {
    ...at,
    problems,
    filter: { kind: undefined, isClosed: false },
    counts: new Map(problemKindNames.map((kind, index): [ProblemKind, number] => [kind, index + 1])),
    found: 36,
    queued: 0,
    askable: 34,
    maxAsked: 500,
    page: 2,
    pages: 3,
    done: null,
  }
  const [first, second = first] = problems
  const closed = problems.map((each, index) => ({
    ...each,
    closedAtMs: nowMs - index * dayMs,
    isQueued: false,
    note: index % 2 === 0 ? 'Called her, and put the new address in VOMO.' : '',
  }))
  return [
    ['staff-problems', <ProblemsPage {...list} />],
    ['staff-problems-queued', <ProblemsPage {...list} queued={34} askable={0} done="queued" />],
    [
      'staff-problems-closed',
      <ProblemsPage {...list} problems={closed} filter={{ kind: undefined, isClosed: true }} found={8} />,
    ],
    [
      'staff-problems-none',
      <ProblemsPage {...list} problems={[]} found={0} counts={new Map()} page={1} pages={1} />,
    ],
    [
      'staff-problems-viewer',
      <ProblemsPage
        {...list}
        seesAddresses={false}
        mayHelp={false}
        problems={problems.map((each) => ({ ...each, address: each.address && 'm…a@lanternmail.example' }))}
      />,
    ],
    ...(second
      ? [
          ['staff-problem', <ProblemPage {...at} problem={second} form={{ note: '' }} done={null} />] as [
            string,
            VNode,
          ],
          [
            'staff-problem-wrong',
            <ProblemPage
              {...at}
              problem={second}
              form={{ note: 'ann@example.org', error: frame.words.staffProblems.errors.address }}
              done={null}
            />,
          ] as [string, VNode],
        ]
      : []),
  ]
}

export const problems: ProblemView[] = problemKindNames.map((kind, index) => ({
  id: `prb_${index}`,
  kind,
  personId: kind === 'too_many_calls' ? null : `per_${index}`,
  address: kind === 'too_many_calls' ? null : 'maria.vega-santos@lanternmail.example',
  firstSeenMs: nowMs - (index + 1) * dayMs,
  lastSeenMs: nowMs - index * 3_600_000,
  times: index * index + 1,
  closedAtMs: null,
  note: index === 3 ? 'Merged the two records.' : '',
  isQueued: index === 2,
}))
