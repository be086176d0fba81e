import type { Caller } from './api/call.ts'
import type { TokenKind } from './world/world.ts'

const maxCalls = 2_000

/** `status` is null until the call is answered, and stays null when its connection was dropped. */
export type RecordedCall = {
  at: number
  method: string
  path: string
  token_kind: TokenKind | null
  customer: string | null
  status: number | null
  /** The keys of a posted object; null when the call posted none. */
  fields: readonly string[] | null
}

/** The calls VOMO received, in order of arrival, for tests to count. */
export function makeCallLog() {
  let calls: RecordedCall[] = []
  return {
    begin(method: string, path: string, caller: Caller | undefined, at: number): RecordedCall {
      const token_kind = caller?.kind ?? null
      const customer = caller?.customer.slug ?? null
      const call: RecordedCall = { at, method, path, token_kind, customer, status: null, fields: null }
      calls.push(call)
      // Trims in blocks, because dropping one entry per call would copy the list each time.
      if (calls.length >= maxCalls * 2) calls = calls.slice(-maxCalls)
      return call
    },
    list: () => calls.slice(-maxCalls),
    clear() {
      calls = []
    },
  }
}

export type CallLog = ReturnType<typeof makeCallLog>
