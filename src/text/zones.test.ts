import { expect, it } from 'vitest'
import { zonesOfUnitedStates } from '../time/zones.ts'
import { zoneLabel } from './zones.ts'

it('zones of the United States go by the names that people there know, all others by their own', () => {
  expect(zonesOfUnitedStates.map((zone) => zoneLabel('en-US', zone))).toEqual([
    'Atlantic (Puerto Rico)',
    'Eastern (New York)',
    'Central (Chicago)',
    'Mountain (Denver)',
    'Arizona (Phoenix)',
    'Pacific (Los Angeles)',
    'Alaska (Anchorage)',
    'Hawaii (Honolulu)',
    'Guam',
  ])
  expect(zonesOfUnitedStates.map((zone) => zoneLabel('es-US', zone))).toEqual([
    'Hora de Puerto Rico',
    'Hora del Este (New York)',
    'Hora central (Chicago)',
    'Hora de la montaña (Denver)',
    'Hora de Arizona (Phoenix)',
    'Hora del Pacífico (Los Angeles)',
    'Hora de Alaska (Anchorage)',
    'Hora de Hawái (Honolulu)',
    'Hora de Guam',
  ])
  expect(zoneLabel('en-US', 'Europe/Berlin')).toBe('Europe/Berlin')
  expect(zoneLabel('en-US', 'America/North_Dakota/Center')).toBe('America/North Dakota/Center')
})
