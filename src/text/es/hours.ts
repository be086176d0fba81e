import type { hours as englishHours } from '../en/hours.ts'
import { capital, type Terms } from '../terms.ts'
import { counted, figure, noun } from './counted.ts'

/** A customer's own nouns may have any gender, so no sentence depends on it. */
export function hours({ opportunity, initiative }: Terms): ReturnType<typeof englishHours> {
  const several = `Dos o más ${initiative.other}`
  return {
    verified: {
      word: 'confirmadas',
      example: 'aprobadas por tu supervisor',
      ofSum: (n, all, word) => {
        if (n === all) return all === 1 ? `Horas ${word}: 1.` : `Todas están ${word}.`
        return n === 0 ? `Todavía no hay horas ${word}.` : `De estas, ${figure(n)} ${word}.`
      },
      apart: (n, all, word) =>
        n === all
          ? `Todas están ${word}.`
          : `${figure(n)} ${word}, ${figure(Math.round((all - n) * 100) / 100)} en espera.`,
      isNot: (word) => `Todavía no ${word}`,
      showWaiting: 'Ver lo que está en espera',
      within: (days) =>
        days === 1
          ? 'Por lo general, confirmamos las horas en un día.'
          : `Por lo general, confirmamos las horas en ${figure(days)} días.`,
    },
    by: {
      label: 'Agrupar por',
      year: 'año',
      month: 'mes',
      initiative: initiative.one,
      organization: 'organización',
      role: 'función',
      none: {
        initiative: `Sin ${initiative.one}`,
        organization: 'Sin organización',
        role: 'Sin función',
        opportunity: 'Sin nombre',
      },
      several,
      severalNote: `Un turno de dos o más ${initiative.other} se cuenta una sola vez, en “${several}”.`,
    },
    filter: {
      open: 'Filtrar',
      year: 'Año',
      state: 'Estado',
      initiative: capital(initiative.one),
      opportunity: capital(opportunity.one),
      all: 'Todo',
      show: 'Mostrar',
      from: 'Desde',
      to: 'Hasta',
      fromDay: (day) => `desde el ${day}`,
      toDay: (day) => `hasta el ${day}`,
      noYear: 'sin fecha',
      initiativeIs: (name) => `${initiative.one} “${name}”`,
      opportunityIs: (name) => `${opportunity.one} “${name}”`,
      noInitiative: `sin ${initiative.one}`,
      severalInitiatives: `dos o más ${initiative.other}`,
      noOpportunity: 'turnos sin nombre',
      unknownInitiative: `${initiative.one} sin identificar`,
      unknownOpportunity: `${opportunity.one} sin identificar`,
    },
    listed: (rows, n) =>
      `En la lista: ${counted(rows, 'turno', 'turnos')}, con ${counted(n, 'hora', 'horas')} que ${noun(n, 'cuenta', 'cuentan').replace('de ', '')}.`,
    onePage: 'Ver todo en una página para imprimir',
    inPages: 'Volver a ver por páginas',
    csv: 'Descargar esta lista como hoja de cálculo (CSV)',
    csvForExcel: 'Descargarla para Excel en español',
    chart: (month, n) =>
      `Una barra por cada uno de los últimos doce meses. La más alta es ${month}, con ${counted(n, 'hora', 'horas')}. La tabla de abajo los muestra todos.`,
    columns: {
      date: 'Fecha',
      starts: 'Empieza',
      ends: 'Termina',
      timeZone: 'Zona horaria',
      opportunity: capital(opportunity.one),
      initiatives: capital(initiative.other),
      organization: 'Organización',
      role: 'Función',
      guests: 'Acompañantes',
      status: 'Estado',
      hours: 'Horas',
      verified: (word) => `De estas, ${word}`,
      notCounted: 'Registradas, sin contar',
    },
    andSo: '; ',
    of: (name) => `Horas de voluntariado de ${name}`,
    none: {
      signedUp: 'Ya te inscribiste. Tus horas empiezan con tu primer turno',
      signedUpWhat:
        'Hasta entonces no tienes que hacer nada. La organización registra tus horas y aparecerán aquí.',
      active: 'Tus horas vienen en camino',
      activeWhat: 'Quien organiza el turno registra las horas. Cuando lo haga, las verás aquí.',
    },
  }
}
