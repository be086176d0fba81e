import type { Part } from '../part.ts'
import { forgetOldBatches } from './batches.ts'
import { forgetOldLinks } from './links.ts'

export const linksPart = { forget: [forgetOldLinks, forgetOldBatches] } satisfies Part
