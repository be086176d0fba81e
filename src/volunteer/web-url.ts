/** A URL from VOMO becomes a link only if it is one a browser may follow. */
export function webUrl(url: string | null): string | null {
  return url !== null && /^https?:\/\//.test(url) && URL.canParse(url) ? url : null
}
