import { z } from 'zod'
import type { Visited } from '../../../customers/visit.ts'
import type { Tools } from '../../../part.ts'
import { RowndError } from '../envelope.ts'
import { applicationById, type RowndApplication } from './applications.ts'
import { requireCaller } from './callers.ts'

export const appConfigAnswer = z.object({
  config_type: z.literal('app'),
  app: z.object({
    id: z.string(),
    name: z.string(),
    icon: z.null(),
    schema: z.record(z.string(), z.unknown()),
    user_verification_field: z.string().nullable(),
    user_verification_fields: z.array(z.string()),
    config: z.record(z.string(), z.unknown()),
  }),
})

/** The first question of every Rownd client. */
export function rowndAppHandlers(tools: Tools) {
  /** By the key, or by `?app_id=`: neither is a secret, and the answer contains none. */
  async function appConfig(c: Visited): Promise<Response> {
    const applicationId = c.req.query('app_id')
    const isByKey = c.req.header('x-rownd-app-key') !== undefined || applicationId === undefined
    const application = isByKey
      ? (await requireCaller(tools, c, 'key')).application
      : await applicationById(tools.store, { customerId: c.get('customer').id, applicationId })
    if (!application) throw new RowndError('E_UNAUTHORIZED')
    return c.json(toConfig(application))
  }

  return { config: appConfig }
}

function toConfig(application: RowndApplication): z.infer<typeof appConfigAnswer> {
  const visible = Object.entries(application.schema).filter(([, field]) => field.user_visible)
  return {
    config_type: 'app',
    app: {
      id: application.id,
      name: application.name,
      icon: null,
      schema: Object.fromEntries(visible),
      user_verification_field: application.verificationFields[0] ?? null,
      user_verification_fields: [...application.verificationFields],
      config: {
        default_redirect_url: application.defaultRedirectUrl,
        default_user_id_format: application.userIdFormat,
        subdomain: null,
        hub: {
          allowed_web_origins: application.allowedOrigins,
          auth: {
            allow_unverified_users: false,
            audience: application.extraAudiences,
            restrictions: {
              sign_up_status: application.takesNewPeople ? 'enabled' : 'disabled',
              allowed_email_domains: application.emailDomains.map((domain) => ({ domain })),
            },
            sign_in_methods: {
              email: { enabled: application.verificationFields.includes('email') },
              phone: { enabled: application.verificationFields.includes('phone_number') },
            },
          },
        },
      },
    },
  }
}
