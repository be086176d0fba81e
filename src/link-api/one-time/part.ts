import type { Part, Tools } from '../../part.ts'
import { oneTimeHandlers } from './handlers.ts'

export function oneTimePart(tools: Tools) {
  return { handlers: oneTimeHandlers(tools) } satisfies Part
}
