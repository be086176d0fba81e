import { z } from 'zod'

/** What answers of several topics have in common. */

export const timestamp = z.iso.datetime().describe('when VOMO said so, in UTC')
export const complete = z.boolean().describe('false while it is loading: more may come')
