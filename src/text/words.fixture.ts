/** Every sentence, those with parameters filled with numbers and names alike. */
export function sentences(words: unknown, path = ''): [string, string][] {
  if (typeof words === 'string') return [[path, words]]
  if (typeof words === 'function') {
    const said: unknown = words(2, 3, 'x')
    return typeof said === 'string' ? [[path, said]] : sentences(said, `${path}()`)
  }
  if (typeof words !== 'object' || words === null) return []
  return Object.entries(words).flatMap(([key, value]) => sentences(value, path ? `${path}.${key}` : key))
}
