/**
 * Why a provider's answer opened no session. `unreachable`: there was none. `not_valid`: it broke a rule of the protocol. The others
 * are its own word on its visitor.
 */
export type RefusedSignIn = 'unreachable' | 'denied' | 'not_valid' | 'no_email' | 'unverified' | 'domain'
