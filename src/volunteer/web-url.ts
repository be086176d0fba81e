/** VOMO's word for an address goes into a link only where it is one a browser may follow. */
export function webUrl(url: string | null): string | null {
  return url !== null && /^https?:\/\//.test(url) && URL.canParse(url) ? url : null
}
