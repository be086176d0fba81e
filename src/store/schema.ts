import type {
  ApiTokenTable,
  ApplicationCredentialTable,
  ApplicationTable,
  HandoffCodeTable,
  ProfileIdentifierTable,
  ProfileTable,
  RefreshTokenTable,
  RowndLinkTable,
  SigningKeyTable,
  TokenFamilyTable,
} from './tables/applications.ts'
import type { CircleInviteTable, CircleMemberTable, CircleTable } from './tables/circles.ts'
import type {
  AnnouncementTable,
  CustomerLogoTable,
  CustomerTable,
  FieldChoiceTable,
  StaffTable,
} from './tables/customers.ts'
import type {
  LinkBatchRowTable,
  LinkBatchTable,
  LinkDayTable,
  LinkOpenTable,
  LinkTable,
  LinkVisitorTable,
} from './tables/links.ts'
import type {
  AuditEventTable,
  ForwardingSeenTable,
  JobTable,
  LeaseTable,
  LimitCountTable,
  OutboxTable,
  ProcessTable,
  SecretCheckTable,
  SetupTable,
  StoreCopyTable,
  SweepTable,
} from './tables/operating.ts'
import type {
  CalendarFeedTable,
  MilestoneSeenTable,
  PersonTable,
  ProblemTable,
  RemindedTable,
  ReminderTable,
} from './tables/people.ts'
import type {
  LogoutTokenTable,
  ProviderFlowTable,
  ProviderIdentityTable,
  ProviderProofTable,
  ProviderTable,
} from './tables/providers.ts'
import type {
  KnownBrowserTable,
  PasskeyOfferTable,
  PasskeyTable,
  PasswordTable,
  PasswordTriesTable,
  RecordChoiceTable,
  RecordTryTable,
  SessionTable,
  SignInRequestTable,
  SpentChallengeTable,
  SpokenCodeTable,
  StepCodeTable,
  WrongCodeTable,
} from './tables/sign-in.ts'
import type {
  VomoAccessTable,
  VomoBreakerTable,
  VomoBudgetTable,
  VomoCallTable,
  VomoCopyTable,
  VomoDirectoryEntryTable,
  VomoDirectorySheetTable,
  VomoDirectoryTable,
  VomoPersonCopyTable,
  VomoPersonReadTable,
  VomoProjectTable,
  VomoWaitTable,
} from './tables/vomo.ts'
import type { VomoChangeTable, WebhookCountTable, WebhookTable } from './tables/webhooks.ts'

/** Times are integer milliseconds since the epoch; `…_hash` are keyed hashes, `…_sealed` is AES-256-GCM (see `secrets.ts`). */
export type Schema = {
  customer: CustomerTable
  customer_logo: CustomerLogoTable
  field_choice: FieldChoiceTable
  announcement: AnnouncementTable
  vomo_access: VomoAccessTable
  vomo_call: VomoCallTable
  vomo_budget: VomoBudgetTable
  vomo_wait: VomoWaitTable
  vomo_breaker: VomoBreakerTable
  vomo_copy: VomoCopyTable
  vomo_directory: VomoDirectoryTable
  vomo_directory_entry: VomoDirectoryEntryTable
  vomo_directory_sheet: VomoDirectorySheetTable
  vomo_person_copy: VomoPersonCopyTable
  vomo_person_read: VomoPersonReadTable
  vomo_project: VomoProjectTable
  vomo_change: VomoChangeTable
  webhook: WebhookTable
  webhook_count: WebhookCountTable
  person: PersonTable
  staff: StaffTable
  problem: ProblemTable
  sign_in_request: SignInRequestTable
  wrong_code: WrongCodeTable
  known_browser: KnownBrowserTable
  password: PasswordTable
  password_tries: PasswordTriesTable
  record_choice: RecordChoiceTable
  record_try: RecordTryTable
  limit_count: LimitCountTable
  link: LinkTable
  link_open: LinkOpenTable
  link_batch: LinkBatchTable
  link_batch_row: LinkBatchRowTable
  application: ApplicationTable
  api_token: ApiTokenTable
  application_credential: ApplicationCredentialTable
  profile: ProfileTable
  profile_identifier: ProfileIdentifierTable
  circle: CircleTable
  circle_member: CircleMemberTable
  circle_invite: CircleInviteTable
  signing_key: SigningKeyTable
  token_family: TokenFamilyTable
  refresh_token: RefreshTokenTable
  handoff_code: HandoffCodeTable
  rownd_link: RowndLinkTable
  link_day: LinkDayTable
  link_visitor: LinkVisitorTable
  session: SessionTable
  provider: ProviderTable
  provider_flow: ProviderFlowTable
  provider_identity: ProviderIdentityTable
  provider_proof: ProviderProofTable
  logout_token: LogoutTokenTable
  passkey: PasskeyTable
  spent_challenge: SpentChallengeTable
  step_code: StepCodeTable
  spoken_code: SpokenCodeTable
  passkey_offer: PasskeyOfferTable
  calendar_feed: CalendarFeedTable
  reminder: ReminderTable
  reminded: RemindedTable
  milestone_seen: MilestoneSeenTable
  job: JobTable
  outbox: OutboxTable
  audit_event: AuditEventTable
  secret_check: SecretCheckTable
  forwarding_seen: ForwardingSeenTable
  store_copy: StoreCopyTable
  process: ProcessTable
  lease: LeaseTable
  sweep: SweepTable
  setup: SetupTable
}
