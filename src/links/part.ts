import type { Part } from '../part.ts'
import { forgetOldLinks } from './links.ts'

export const linksPart = { forget: [forgetOldLinks] } satisfies Part
