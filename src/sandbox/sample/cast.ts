import { scrubbedFields } from '../world/people-changes.ts'
import type { User } from '../world/world.ts'

/** People who trip up a client, each named for the trap. Only they use their email domains. `stories.ts` has their participations. */
export const cast = {
  contained: { first_name: 'Ann', last_name: 'Whitfield', email: 'ann@harbor.example' },
  containing: { first_name: 'Joann', last_name: 'Petrov', email: 'joann@harbor.example' },
  twoExactFirst: { first_name: 'Ines', last_name: 'Marchetti', email: 'family@willow.example' },
  twoExactSecond: { first_name: 'Luca', last_name: 'Marchetti', email: 'family@willow.example' },
  twoExactLower: { first_name: 'Pat', last_name: 'Doyle', email: 'pat.doyle@willow.example' },
  twoExactMixed: { first_name: 'Patrick', last_name: 'Doyle', email: 'Pat.Doyle@Willow.example' },
  upperCase: { first_name: 'Marguerite', last_name: 'Osei', email: 'MARGUERITE.OSEI@WILLOW.EXAMPLE' },
  plus: { first_name: 'Dana', last_name: 'Brix', email: 'dana+pantry@willow.example' },
  underscore: { first_name: 'Sam', last_name: 'Ortiz', email: 'sam_ortiz@willow.example' },
  underscoreLookalike: { first_name: 'Samuel', last_name: 'Ortiz', email: 'sam-ortiz@willow.example' },
  nulls: {
    first_name: 'Noor',
    last_name: 'Haddad',
    email: 'noor@willow.example',
    phone: null,
    address: null,
    birthday: null,
    gender: null,
    profile_field_values: [],
  },
  noLastName: { first_name: 'Suharto', last_name: null, email: 'suharto@willow.example' },
  noEmail: { first_name: 'Gus', last_name: 'Thorne', email: null },
  many: { first_name: 'Wilhelmina', last_name: 'Achebe', email: 'wilhelmina@willow.example' },
  mixedForms: { first_name: 'Tomasz', last_name: 'Reyes', email: 'tomasz@willow.example' },
  futureHours: { first_name: 'Bea', last_name: 'Lindholm', email: 'bea@willow.example' },
  noCheckOut: { first_name: 'Hollis', last_name: 'Grant', email: 'hollis@willow.example' },
  twoRoles: { first_name: 'Rosalind', last_name: 'Vu', email: 'rosalind@willow.example' },
  denied: { first_name: 'Casimir', last_name: 'Bright', email: 'casimir@willow.example' },
  giftInKind: { first_name: 'Opal', last_name: 'Jimenez', email: 'opal@willow.example' },
  anytime: { first_name: 'Yara', last_name: 'Stone', email: 'yara@willow.example' },
  goneProject: { first_name: 'Emmett', last_name: 'Cole', email: 'emmett@willow.example' },
  missingDate: { first_name: 'Freya', last_name: 'Mbeki', email: 'freya@willow.example' },
  clockChange: { first_name: 'Dov', last_name: 'Halloran', email: 'dov@willow.example' },
  newYear: { first_name: 'Sylvester', last_name: 'Okoye', email: 'sylvester@willow.example' },
  inactive: {
    first_name: 'Ivo',
    last_name: 'Marsh',
    email: 'ivo@willow.example',
    membership_status: 'INACTIVE',
  },
  invited: {
    first_name: 'Greta',
    last_name: 'Olafsen',
    email: 'greta@willow.example',
    membership_status: 'INVITED',
  },
  pending: {
    first_name: 'Paz',
    last_name: 'Weaver',
    email: 'paz@willow.example',
    membership_status: 'PENDING',
  },
  unverified: {
    first_name: 'Una',
    last_name: 'Kessler',
    email: 'una@willow.example',
    user_status: 'UNVERIFIED',
  },
  oddStatus: {
    first_name: 'Quill',
    last_name: 'Abara',
    email: 'quill@willow.example',
    membership_status: 'ON_HIATUS',
  },
  foreignOrg: {
    first_name: 'Fen',
    last_name: 'Castellano',
    email: 'fen@faraway.example',
    is_own_account: false,
  },
  scrubbed: { ...scrubbedFields(884_120), gender: null, profile_field_values: [] },
  removed: { first_name: 'Rhea', last_name: 'Sandoval', email: 'rhea@willow.example', is_removed: true },
} satisfies Record<string, Partial<User>>

export type CastName = keyof typeof cast
export const castNames = Object.keys(cast).filter((name): name is CastName => name in cast)

/** One short address inside eighteen longer ones: fifteen fill page one, so the exact match is on page two. */
export const exactOnPageTwo = 'lee@meadow.example'
export const namesEndingInLee =
  'Ash Bai Brin Bry Car Emma Ever Har Hay Jay Kay Kimber Mar Oak Pais Ry Sha Wes'.split(' ').map(
    (start): Partial<User> => ({
      first_name: `${start}lee`,
      email: `${start.toLowerCase()}lee@meadow.example`,
    }),
  )

export const riverbendStaff: Partial<User>[] = [
  {
    first_name: 'Marisol',
    last_name: 'Vandermeer',
    email: 'marisol@riverbend.example',
    membership_role: 'ADMIN',
  },
  {
    first_name: 'Desmond',
    last_name: 'Achterberg',
    email: 'desmond@riverbend.example',
    membership_role: 'ADMIN',
  },
  { first_name: 'Thuý', last_name: 'Lâm', email: 'thuy@riverbend.example', membership_role: 'ORGANIZER' },
  {
    first_name: 'Brónach',
    last_name: 'Keane',
    email: 'bronach@riverbend.example',
    membership_role: 'ORGANIZER',
  },
]

export const hillsideStaff: Partial<User>[] = [
  { first_name: 'Anselm', last_name: 'Quist', email: 'anselm@hillside.example', membership_role: 'ADMIN' },
  {
    first_name: 'Paloma',
    last_name: 'Irizarry',
    email: 'paloma@hillside.example',
    membership_role: 'ORGANIZER',
  },
  { first_name: 'Zuzana', last_name: 'Hale', email: 'zuzana@hillside.example', membership_role: 'ORGANIZER' },
]

/** Hillside's family with one address. */
export const familyEmail = 'familia@terrace.example'
export const hillsideFamily = {
  elena: { first_name: 'Elena', last_name: 'Ibarra-Núñez', email: familyEmail, birthday: '1984-03-27' },
  tomas: { first_name: 'Tomás', last_name: 'Ibarra-Núñez', email: familyEmail, birthday: '2006-11-02' },
  /** VOMO does not know her birthday. */
  carmen: { first_name: 'Carmen', last_name: 'Núñez', email: familyEmail, birthday: null },
}

/** The defaults of an active, well-known user; fields of staff and cast override them. */
export const inGoodStanding: Partial<User> = {
  user_status: 'VERIFIED',
  membership_status: 'ACCEPTED',
  membership_role: 'VOLUNTEER',
}
