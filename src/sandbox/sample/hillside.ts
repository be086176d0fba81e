import type { CustomerPlan } from './plan.ts'
import { riverbend } from './riverbend.ts'

const shelter = 5_644_190
const california = {
  state: ['California', 'CA'] as [string, string],
  zone: 'America/Los_Angeles',
  organizationId: shelter,
}
const arizona = {
  state: ['Arizona', 'AZ'] as [string, string],
  zone: 'America/Phoenix',
  organizationId: shelter,
}

export const hillside: CustomerPlan = {
  slug: 'hillside',
  name: 'Hillside Shelter',
  foundersShare: 0.9,
  sizes: { users: 60, projects: 14, dates: 160, participations: 900 },
  ids: {
    // Below riverbend's, so that the people whose ids repeat riverbend's come after page one.
    user: 6_901_204,
    // In riverbend's range: some ids coincide, for other records.
    project: riverbend.ids.project,
    date: riverbend.ids.date,
    participation: 498_110_302,
    campaign: 6_071_830,
    // In riverbend's range, like the projects.
    group: riverbend.ids.group,
    certificate: 6_335_020,
  },
  organizations: [
    {
      id: shelter,
      parent_id: null,
      name: 'Hillside Shelter',
      slug: 'hillside',
      type: 'NPO',
      description: 'A bed, a meal and a plan.',
      email: 'hello@hillside.example',
      phone: '(555) 019-0122',
      groups_moniker: 'Team',
      project_moniker: 'Opportunity',
      campaign_moniker: 'Initiative',
    },
  ],
  campaigns: [
    { name: 'Beds Before Winter', slug: 'beds-before-winter', description: 'Sixty new beds by November.' },
    { name: 'Open Table', slug: 'open-table', description: null },
    { name: 'Fresh Start', slug: 'fresh-start', description: 'Furnishing first homes.' },
  ],
  groups: [
    { name: 'Breakfast team', description: null, size: 14 },
    { name: 'Overnight hosts', description: 'Two nights a month.', size: 17 },
  ],
  certificates: [{ name: 'De-escalation training', description: null, expiration_length: 365 }],
  sites: [
    {
      ...california,
      venue: 'Hillside House',
      city: 'Alder Bay',
      postalCode: '96191',
      lat: 36.9,
      lng: -121.2,
    },
    {
      ...california,
      venue: 'Lantern Court',
      city: 'Santa Verena',
      postalCode: '96194',
      lat: 36.7,
      lng: -121.5,
    },
    {
      ...arizona,
      venue: 'Saguaro Annex',
      city: 'Mesquite Wells',
      postalCode: '86599',
      lat: 33.5,
      lng: -112.6,
    },
  ],
  activities: [
    {
      name: 'Dinner service',
      description: 'Plate, serve and sit down with guests.',
      details:
        '<p>Dinner is at 5:30. Please <b>don&rsquo;t wear perfume</b>; some guests can&rsquo;t bear it.</p>',
      weekday: 2,
      starts: [16, 30],
      minutes: 180,
      roles: ['Server', 'Kitchen Lead'],
    },
    {
      name: 'Saturday breakfast',
      description: 'Eggs for ninety, coffee for everyone.',
      weekday: 6,
      starts: [6, 0],
      minutes: 210,
      roles: ['Cook', 'Server'],
    },
    {
      name: 'Clothing room',
      description: 'Sort, fold and help guests find what fits.',
      details: '<p>Bring a lint roller if you have one.</p>',
      weekday: 4,
      starts: [12, 30],
      minutes: 150,
      roles: ['Volunteer'],
      items: ['Winter coats'],
    },
    {
      name: 'Résumé help desk',
      description: 'One hour, one guest, one good page.',
      weekday: 3,
      starts: [15, 0],
      minutes: 120,
      roles: ['Mentor', 'Interpreter'],
    },
  ],
  nights: [{ site: 0, name: 'Overnight host at Hillside House' }],
  newYears: [{ site: 1, name: 'New Year’s Eve at Lantern Court' }],
  anytime: ['Knit a blanket'],
  drafts: ['Roof garden weekend'],
}
