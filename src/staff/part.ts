import type { Part, Tools } from '../part.ts'
import { staffHandlers } from './handlers.tsx'
import { forgetOldStepCodes } from './second-step/codes.ts'
import { secondStepHandlers } from './second-step/handlers.tsx'

export function staffPart(tools: Tools) {
  return {
    handlers: { ...staffHandlers(tools), secondStep: secondStepHandlers(tools) },
    forget: [forgetOldStepCodes],
  } satisfies Part
}
