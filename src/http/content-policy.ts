/**
 * What a page may load and where its forms may lead. `server.ts` sets it on every answer; a page that needs more sets it in its
 * own. Pages load nothing from elsewhere, and scripts write nothing into them.
 *
 * @param formsLeadTo schemes and origins, besides our own, to which the answer to a form may redirect. Browsers apply it to every
 * hop of the redirect, so a form that ends at another site needs that site here.
 * @param asks whether a script of the page asks us for something
 */
export function contentPolicy({
  formsLeadTo = [],
  asks = false,
}: {
  formsLeadTo?: readonly string[]
  asks?: boolean
} = {}): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "manifest-src 'self'",
    ...(asks ? ["connect-src 'self'"] : []),
    ["form-action 'self'", ...formsLeadTo].join(' '),
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
