import type { groups as english } from '../en/groups.ts'
import { capital, type Terms } from '../terms.ts'

export function groups({ group }: Terms): ReturnType<typeof english> {
  return {
    heading: capital(group.other),
    within: (other) => `parte de ${other}`,
    loading: `Tus ${group.other} todavía se están cargando desde VOMO.`,
    asOf: (moment) => `Datos de: ${moment}. Los consultamos varias veces al día.`,
  }
}
