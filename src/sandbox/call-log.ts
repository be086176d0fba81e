import type { Caller } from './api/call.ts'
import type { TokenKind } from './world/world.ts'

const keptCalls = 2_000

/** `status` is null while a call is being answered, and stays null when its connection was dropped. */
export type RecordedCall = {
  at: number
  method: string
  path: string
  token_kind: TokenKind | null
  customer: string | null
  status: number | null
  /** The names a posted object has; null where none was posted. */
  fields: readonly string[] | null
}

/** What VOMO received, in order of arrival, so that a test can count it. */
export function makeCallLog() {
  let calls: RecordedCall[] = []
  return {
    begin(method: string, path: string, caller: Caller | undefined, at: number): RecordedCall {
      const token_kind = caller?.kind ?? null
      const customer = caller?.customer.slug ?? null
      const call: RecordedCall = { at, method, path, token_kind, customer, status: null, fields: null }
      calls.push(call)
      // Trimmed in blocks: dropping one entry per call would copy the list each time.
      if (calls.length >= keptCalls * 2) calls = calls.slice(-keptCalls)
      return call
    },
    list: () => calls.slice(-keptCalls),
    clear() {
      calls = []
    },
  }
}

export type CallLog = ReturnType<typeof makeCallLog>
