import { mailMethod } from './mail/method.tsx'
import type { Method } from './method.ts'
import { passkeyMethod } from './passkey/method.tsx'
import { passwordMethod } from './password/method.tsx'
import { providerMethod } from './provider/method.tsx'

/**
 * The ways to sign in, the likeliest first: the sign-in page shows those that are on in this order. Links that an application,
 * staff or the operator made sign in too, and have no place on the page.
 */
export const methods: readonly Method[] = [providerMethod, mailMethod, passwordMethod, passkeyMethod]
