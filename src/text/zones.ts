import { zonesOfUnitedStates } from '../time/zones.ts'
import { zoneName } from './dates.ts'
import { capital } from './terms.ts'

/** Zones have had their names of today since long before. */
const recentlyMs = Date.UTC(2026, 0, 15)

/** "Central (Chicago)"; outside the United States by its IANA name, "Europe/Berlin". */
export function zoneLabel(locale: string, timeZone: string): string {
  const said = timeZone.replaceAll('_', ' ')
  if (!zonesOfUnitedStates.includes(timeZone)) return said
  const city = said.split('/').at(-1) ?? said
  const name = capital(zoneName(locale, { ms: recentlyMs, timeZone }))
  return name.includes(city) ? name : `${name} (${city})`
}
