import { forgetOldAnnouncements } from '../customers/announcements.ts'
import type { Part, Tools } from '../part.ts'
import { countOpenProblems, forgetOldProblems } from '../problems/problems.ts'
import type { signInPart } from '../sign-in/part.ts'
import { forgetOldPreviews } from '../sign-in/session/preview.ts'
import { announcementHandlers } from './announcements/handlers.tsx'
import { fieldHandlers } from './applications/field-handlers.tsx'
import { applicationHandlers } from './applications/handlers.tsx'
import { auditHandlers } from './audit/handlers.tsx'
import { staffHandlers } from './handlers.tsx'
import { linkListHandlers } from './link-lists/handlers.tsx'
import { linkListJob, linkListWork } from './link-lists/work.ts'
import { linksHandlers } from './links/handlers.tsx'
import { eraseHandlers } from './people/erase.tsx'
import { peopleHandlers } from './people/handlers.tsx'
import { previewHandlers } from './preview/handlers.tsx'
import { problemMails, tellProblemsJob } from './problems/daily-mail.ts'
import { problemHandlers } from './problems/handlers.tsx'
import { recheckJob, recheckWork } from './problems/rechecks.ts'
import { forgetOldStepCodes } from './second-step/codes.ts'
import { secondStepHandlers } from './second-step/handlers.tsx'
import { settingsHandlers } from './settings/handlers.tsx'
import { teamHandlers } from './team/handlers.tsx'
import { waysInHandlers } from './ways-in/handlers.tsx'

export function staffPart(tools: Tools, providers: ReturnType<typeof signInPart>['providers']) {
  const mails = problemMails(tools)
  return {
    handlers: {
      ...staffHandlers(tools),
      announcements: announcementHandlers(tools),
      audit: auditHandlers(tools),
      people: peopleHandlers(tools),
      erase: eraseHandlers(tools),
      problems: problemHandlers(tools),
      links: linksHandlers(tools),
      linkLists: linkListHandlers(tools),
      team: teamHandlers(tools),
      settings: settingsHandlers(tools),
      preview: previewHandlers(tools),
      applications: { ...applicationHandlers(tools), fields: fieldHandlers(tools) },
      waysIn: waysInHandlers(tools, providers),
      secondStep: secondStepHandlers(tools),
    },
    workers: {
      [recheckJob]: recheckWork(tools),
      [tellProblemsJob]: mails.tell,
      [linkListJob]: linkListWork(tools),
    },
    due: mails.addDue,
    forget: [forgetOldPreviews, forgetOldStepCodes, forgetOldProblems, forgetOldAnnouncements],
    gauges: { porchlight_problems_open: () => countOpenProblems(tools.store) },
  } satisfies Part
}
