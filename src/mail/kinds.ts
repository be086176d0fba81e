import { handedOverMail, listLinkMail, spokenCodeMail } from './messages/made-by-staff.tsx'
import {
  addressChangedMail,
  inviteMail,
  type Letter,
  notOnRecordMail,
  signInMail,
} from './messages/messages.tsx'
import { openProblemsMail } from './messages/open-problems.tsx'
import { passkeyMail } from './messages/passkey.tsx'
import { passwordMail } from './messages/password.tsx'
import { providerMail } from './messages/provider.tsx'
import { reminderMail } from './messages/reminder.tsx'
import { secondStepMail } from './messages/second-step.tsx'
import { staffInviteMail } from './messages/staff-invite.tsx'

/**
 * Every kind of email, and its text. The name of a kind is in the outbox, in the audit log and in a person's copy of everything.
 * `toFormerAddress`: it goes where its person can no longer be reached, so erasing the person looks there, too.
 */
export const mailKinds = {
  sign_in: { write: signInMail, toFormerAddress: false },
  not_on_record: { write: notOnRecordMail, toFormerAddress: false },
  by_provider: { write: providerMail, toFormerAddress: false },
  address_changed: { write: addressChangedMail, toFormerAddress: true },
  password_changed: { write: passwordMail, toFormerAddress: false },
  passkey: { write: passkeyMail, toFormerAddress: false },
  spoken_code: { write: spokenCodeMail, toFormerAddress: false },
  list_link: { write: listLinkMail, toFormerAddress: false },
  handed_over: { write: handedOverMail, toFormerAddress: false },
  second_step: { write: secondStepMail, toFormerAddress: false },
  staff_invite: { write: staffInviteMail, toFormerAddress: false },
  open_problems: { write: openProblemsMail, toFormerAddress: false },
  invite: { write: inviteMail, toFormerAddress: false },
  reminder: { write: reminderMail, toFormerAddress: false },
} as const

export type MailKind = keyof typeof mailKinds

/** What an email of this kind says, besides what every letter has. */
export type Contents<Kind extends MailKind> = Omit<
  Parameters<(typeof mailKinds)[Kind]['write']>[0],
  keyof Letter
>

export const kindsToFormerAddresses = (Object.keys(mailKinds) as MailKind[]).filter(
  (kind) => mailKinds[kind].toFormerAddress,
)
