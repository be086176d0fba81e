import type { SettingTexts } from '../customers/change-settings.ts'
import { slugPattern } from '../slug.ts'
import type { Sight } from '../vomo/people/first-look.ts'

/** What a first run has typed so far, and what came of it. */
export type Draft = {
  /** As `porchlight customer add` takes them. */
  readonly settings: SettingTexts | null
  readonly vomo: { readonly baseUrl: string; readonly token: string; readonly sight: Sight } | null
  readonly owner: FirstOwner | null
  readonly emailsSent: number
}

/** The first owner, and the code of the email that shows that emails arrive there. */
export type FirstOwner = {
  readonly address: string
  /** One record in VOMO has it, so its owner is a volunteer, too. */
  readonly isVolunteer: boolean
  readonly code: string
  readonly triesLeft: number
}

export const emptyDraft: Draft = { settings: null, vomo: null, owner: null, emailsSent: 0 }

export const steps = ['organization', 'vomo', 'email', 'finish'] as const

export type Step = (typeof steps)[number]

/** The first step that is not done. */
export function nextStep({ settings, vomo, owner }: Draft): Step {
  if (!settings) return 'organization'
  if (!vomo) return 'vomo'
  return owner ? 'finish' : 'email'
}

/** A name as it stands in addresses and commands. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return slugPattern.test(slug) ? slug : 'portal'
}
