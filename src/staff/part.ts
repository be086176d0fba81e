import type { Part, Tools } from '../part.ts'
import { staffHandlers } from './handlers.tsx'

export function staffPart(tools: Tools) {
  return { handlers: staffHandlers(tools) } satisfies Part
}
