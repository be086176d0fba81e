/**
 * What a page may load and where its forms may lead, on every answer: `server.ts` sets it, and a page that needs more of it says
 * so in its own answer. Nothing comes from elsewhere, nothing is written into a page by script.
 *
 * @param formsLeadTo schemes and origins beside our own that the answer to a form may redirect to. A browser holds every hop of
 *   such a redirect to it, so a form that ends at another site needs that site here.
 */
export function contentPolicy({ formsLeadTo = [] }: { formsLeadTo?: readonly string[] } = {}): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    ["form-action 'self'", ...formsLeadTo].join(' '),
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
