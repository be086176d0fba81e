import type { opportunityList as english } from '../en/opportunities.ts'
import { capital, type Terms } from '../terms.ts'
import { counted } from './counted.ts'

export function opportunityList({ opportunity, initiative }: Terms): ReturnType<typeof english> {
  const found = (n: number) => counted(n, opportunity.one, opportunity.other)
  return {
    title: capital(opportunity.other),
    heading: 'Dónde hace falta gente',
    lede: (n) => `${found(n)} para todo público.`,
    signUpIsThere: 'Te inscribes en VOMO.',
    filter: {
      label: 'Filtrar',
      search: 'Nombre o lugar',
      initiative: capital(initiative.one),
      every: 'Todo',
      when: 'Cuándo',
      whens: {
        any: 'Cualquier fecha',
        week: 'Próximos 7 días',
        weekend: 'Este fin de semana',
        month: 'Próximos 30 días',
      },
      show: 'Mostrar',
      all: `Ver todo: ${opportunity.other}`,
    },
    found: (n) => `Resultado: ${found(n)}`,
    ahead: 'Por orden de fecha',
    none: 'Por ahora no hay nada abierto',
    noneWhat: 'Cuando VOMO muestre una fecha nueva, la verás aquí.',
    noMatch: 'Nada coincide',
    noMatchWhat: 'Prueba con menos letras o con otro momento.',
    loading: `Todavía se están cargando desde VOMO: ${opportunity.other}. Puede que falte algo.`,
    initiatives: capital(initiative.other),
    pages: {
      label: 'Páginas de la lista',
      previous: 'Antes',
      next: 'Después',
      of: (page, pages) => `Página ${page} de ${pages}`,
    },
    ofInitiative: (names) => `Parte de ${names}`,
    seeAll: (n) => `Ver todo: ${found(n)}`,
  }
}
