/** Where an application's links may lead: http or https, without a user. */
export function readPlace(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url?.username === '' && url.password === '' && !url.hostname.includes('*')
  return url && isPlain && /^https?:$/.test(url.protocol) ? url : undefined
}

/** An origin as it is compared, without a path. */
export function isPlainOrigin(text: string): boolean {
  return readPlace(text)?.origin === text
}
