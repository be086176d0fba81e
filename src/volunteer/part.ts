import type { Part, Tools } from '../part.ts'
import { accountHandlers } from './account/handlers.tsx'
import { handOffHandlers } from './hand-off/hand-off.tsx'
import { helpHandlers } from './help/handlers.tsx'
import { hoursHandlers } from './hours/handlers.tsx'
import { hubHandlers } from './hub/handlers.tsx'
import { campaignHandlers } from './opportunities/campaign-handlers.tsx'
import { opportunityHandlers } from './opportunities/handlers.tsx'
import { profileHandlers } from './profile/handlers.tsx'
import { shiftHandlers } from './shifts/handlers.tsx'
import { reminderLooks, remindJob } from './shifts/remind.ts'
import { reminderHandlers } from './shifts/reminder-handlers.tsx'
import { forgetOldReminded } from './shifts/reminders.ts'

/** What a signed-in volunteer sees, as pages and as JSON. No route takes a person's id. */
export function volunteerPart(tools: Tools) {
  const looks = reminderLooks(tools)
  const handlers = {
    ...hubHandlers(tools),
    hours: hoursHandlers(tools),
    shifts: shiftHandlers(tools),
    reminders: reminderHandlers(tools),
    opportunities: opportunityHandlers(tools),
    ...campaignHandlers(tools),
    profile: profileHandlers(tools),
    account: accountHandlers(tools),
    help: helpHandlers(tools),
    handOff: handOffHandlers(tools),
  }
  return {
    handlers,
    workers: { [remindJob]: looks.look },
    due: looks.addDue,
    forget: [forgetOldReminded],
  } satisfies Part
}
