import { contentPolicy } from './content-policy.ts'

/** On every answer, whoever writes it: the app, the server before it, or Node before there is a request. Nothing is kept by anybody. */
export const safeHeaders = {
  'content-security-policy': contentPolicy(),
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: with it a browser posts our forms with `Origin: null`. The origin alone holds no secret.
  'referrer-policy': 'strict-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
  // Text is compressed for those who accept it.
  vary: 'accept-encoding',
}
