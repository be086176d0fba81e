import type { LinkRefusal } from '../../link-api/made-link.ts'
import type { Words } from '../../text/en.ts'
import type { RowFault } from './check.ts'

/** Why a row has no link, as it is kept. */
type Fault = RowFault | LinkRefusal | 'stopped' | 'all_done' | 'not_understood' | 'withdrawn'

export function faultWords(
  { staffLinkLists: { faults: own }, staffLinks, staffPeople }: Words,
  fault: string,
): string {
  const refusals = staffLinks.new.errors
  const said = {
    ...own,
    all_done: own.stopped,
    not_understood: staffPeople.done.not_understood,
    no_record: refusals.no_record,
    two_records: refusals.two_records,
    too_many_alike: refusals.too_many_alike,
    orphaned: refusals.orphaned,
    stale: refusals.stale,
    disabled: refusals.disabled,
    not_staff: refusals.not_staff,
  } satisfies Record<Fault, string>
  return Object.hasOwn(said, fault) ? said[fault as Fault] : own.stopped
}
