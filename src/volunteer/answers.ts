import { z } from 'zod'

/** What answers of several topics have in common. */

export const timestamp = z.iso.datetime().describe('of VOMO, in UTC')
export const complete = z.boolean().describe('false while loading')
