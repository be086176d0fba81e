/** Every sentence, with its parameters filled with numbers and names. */
export function sentences(words: unknown, path = ''): [string, string][] {
  return said(words, path, [[2, 3, 'x']])
}

/** Every sentence in each of its forms: for none, one and several; with a name and without; with each flag on and off. */
export function everyForm(words: unknown): [string, string][] {
  return said(words, '', [
    [2, 3, 'x'],
    [1, 1, 'x'],
    [0, 3, 'x'],
    ['x', 'x', 'x'],
    ['x', true],
    [null, true],
    [null, false],
  ])
}

function said(words: unknown, path: string, samples: readonly unknown[][]): [string, string][] {
  if (typeof words === 'string') return [[path, words]]
  if (typeof words === 'function')
    return samples.flatMap((sample): [string, string][] => {
      const told: unknown = words(...sample)
      return typeof told === 'string' ? [[path, told]] : said(told, `${path}()`, samples)
    })
  if (typeof words !== 'object' || words === null) return []
  return Object.entries(words).flatMap(([key, value]) => said(value, path ? `${path}.${key}` : key, samples))
}
