/** Where the volunteer does it instead; the page finds its address, if there is one. */
export type LimitPlace = 'vomo' | 'vomo_settings' | 'home' | 'shifts' | 'account' | 'coordinator'

type Limit = {
  readonly code: string
  readonly what: string
  readonly why: string
  readonly where: readonly { readonly label: string; readonly place: LimitPlace }[]
}

/** What a volunteer cannot do here, why, and where they can. The API serves the same list. */
export const limits = [
  {
    code: 'sign_up',
    what: 'Sign up for a shift',
    why: 'VOMO takes sign-ups only on its own pages.',
    where: [{ label: 'VOMO, from “Where people are needed” on your home page', place: 'home' }],
  },
  {
    code: 'cancel',
    what: 'Cancel or change a sign-up',
    why: 'VOMO keeps the list of who is coming.',
    where: [{ label: 'VOMO, from each of your shifts', place: 'shifts' }],
  },
  {
    code: 'check_in',
    what: 'Check in or out of a shift',
    why: 'You check in at the shift, in VOMO.',
    where: [{ label: 'VOMO, on the day of the shift', place: 'vomo' }],
  },
  {
    code: 'change_hours',
    what: 'Add, correct or confirm hours',
    why: 'The organizer of a shift records the hours and confirms them.',
    where: [{ label: 'Your coordinator', place: 'coordinator' }],
  },
  {
    code: 'certificate',
    what: 'Get a certificate',
    why: 'Certificates are awarded in VOMO.',
    where: [{ label: 'Your coordinator', place: 'coordinator' }],
  },
  {
    code: 'change_email',
    what: 'Change your email address',
    why: 'It’s how we find your record, so it can change in one place only.',
    where: [
      { label: 'VOMO, under Settings, Sign-in', place: 'vomo_settings' },
      { label: 'Your coordinator', place: 'coordinator' },
    ],
  },
  {
    // Left out if the customer lets its volunteers change these here.
    code: 'change_profile',
    what: 'Change your name, phone, birthday or gender',
    why: 'Your record is kept in VOMO. You see a copy here.',
    where: [{ label: 'VOMO, under Settings', place: 'vomo_settings' }],
  },
  {
    code: 'change_address',
    what: 'Change your home address',
    why: 'Your address can only be changed in VOMO.',
    where: [{ label: 'VOMO, under Settings', place: 'vomo_settings' }],
  },
  {
    code: 'change_answers',
    what: 'Change your other answers from when you joined',
    why: 'These answers can only be changed in VOMO.',
    where: [
      { label: 'VOMO, under Settings', place: 'vomo_settings' },
      { label: 'Your coordinator', place: 'coordinator' },
    ],
  },
  {
    code: 'forms',
    what: 'Fill in, change or withdraw a form or a waiver',
    why: 'Forms and their answers are kept in VOMO.',
    where: [{ label: 'VOMO', place: 'vomo' }],
  },
  {
    code: 'merge_records',
    what: 'Merge two records that are both yours',
    why: 'Only staff can merge records, and only in VOMO.',
    where: [{ label: 'Your coordinator', place: 'coordinator' }],
  },
  {
    code: 'offer',
    what: 'Set up something for volunteers to do, or change its dates',
    why: 'Organizers do that in VOMO.',
    where: [{ label: 'Your coordinator', place: 'coordinator' }],
  },
  {
    code: 'delete_account',
    what: 'Delete your volunteer record',
    why: 'It belongs to the organization you volunteer with. You can erase what this portal keeps.',
    where: [
      { label: 'Your coordinator', place: 'coordinator' },
      { label: 'Your account', place: 'account' },
    ],
  },
] satisfies Limit[]
