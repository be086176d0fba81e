import type { groups as english } from '../en/groups.ts'
import { capital, type Terms } from '../terms.ts'

export function groups({ group }: Terms): ReturnType<typeof english> {
  return {
    heading: capital(group.other),
    within: (other) => `parte de ${other}`,
    loading: `Todavía se están cargando desde VOMO: tus ${group.other}.`,
    asOf: (moment) => `Datos de: ${moment}. Los consultamos varias veces al día.`,
  }
}
