import { common } from './en/common.ts'
import { handOff } from './en/hand-off.ts'
import { help } from './en/help.ts'
import { limits } from './en/limits.ts'
import { mail } from './en/mail.ts'
import { apiDocs, mailbox, problems, volunteerWords } from './en/problems.ts'
import { rowndLink } from './en/rownd.ts'
import { signIn } from './en/sign-in.ts'
import { staff } from './en/staff.ts'
import { trouble, unknownHost } from './en/trouble.ts'
import { notCounted, rowStates, shiftStates, volunteer } from './en/volunteer.ts'

/** Every visible word, in English. No markup here: where a page dresses a part of a sentence, the sentence takes that part as a parameter. */
export const en = {
  ...common,
  ...volunteer,
  signIn,
  rowndLink,
  staff,
  rowStates,
  notCounted,
  shiftStates,
  handOff,
  help,
  limits,
  mailbox,
  apiDocs,
  problems,
  volunteerWords,
  trouble,
  unknownHost,
  mail,
}

/** What another language has to say. */
export type Words = typeof en

/** Why a row of the history counts or does not. */
export type RowState = keyof Words['rowStates']

/** What there is to say about a shift ahead. */
export type ShiftState = keyof Words['shiftStates']

export type LimitCode = Words['limits'][number]['code']
