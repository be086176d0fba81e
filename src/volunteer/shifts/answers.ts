import { z } from 'zod'
import { timestamp } from '../answers.ts'
import { participation } from '../hours/answers.ts'

export const shiftsAnswer = z.strictObject({
  data: z.array(participation).describe('what lies ahead, the next first'),
  as_of: timestamp,
})
