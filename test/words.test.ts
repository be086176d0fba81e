import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = ['src', 'test', 'bench'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|js|css)$/.test(file) && !file.includes('node_modules'))
    .map((file) => `${folder}/${file}`),
)

/** The words that docs/style.md keeps out of comments and names. */
const persons =
  /\b(?:who|what|which)(?:so)?ever\b|\bwhom(?:so)?ever\b|\b(?:some|no|every|any)body\b|\bno one\b|\bsomeone\b|\banyone\b/gi
const british =
  /colour|honour|favour|behaviour|neighbour|organis|recognis|authoris|normalis|serialis|initialis|categoris|centre(?!d\b)|licence/gi
/** Names that begin with a limit: the trade says max, min and default. */
const limits = /^(?:most|longest|least|deepest|usual)(?![a-z])/

/** The column and the option were named before; what released data and scripts hold stays. */
const released = new Set(['colour'])

/** Comments of a source: blocks and lines that begin with one, and those behind code. */
function commentsOf(text: string): readonly string[] {
  return text.match(/^[ \t]*\{?\/\*[^]*?\*\/|^[ \t]*\/\/.*|[ \t]\/\/ .*$/gm) ?? []
}

/** Names that a source declares: variables, functions, types, parameters of a pattern and keys of an object. */
function namesOf(text: string): string[] {
  const code = text.replaceAll(/\/\/[^\n]*|\/\*[^]*?\*\//g, ' ')
  const declared = code.matchAll(
    /\b(?:function\*?|const|let|type|class)\s+([A-Za-z_]\w*)|([A-Za-z_]\w*)\??:\s/g,
  )
  return [...declared].map(([, one, other]) => one ?? other ?? '')
}

/** Each hit once, with its file. */
function hits(read: (text: string) => readonly string[], among: readonly string[]): string[] {
  return among.flatMap((file) => read(readFileSync(join(root, file), 'utf8')).map((hit) => `${file}: ${hit}`))
}

describe('the words of the code', () => {
  it('name who acts in every comment', () => {
    const found = hits((text) => commentsOf(text).flatMap((comment) => comment.match(persons) ?? []), files)
    expect(found).toEqual([])
  })

  it('are spelled as in America', () => {
    const inComments = hits(
      (text) => commentsOf(text).flatMap((comment) => comment.match(british) ?? []),
      files,
    )
    const inNames = hits(
      (text) => namesOf(text).filter((name) => name.search(british) >= 0 && !released.has(name)),
      files,
    )
    expect([...inComments, ...inNames]).toEqual([])
  })

  it('are max, min and default for limits', () => {
    expect(hits((text) => namesOf(text).filter((name) => limits.test(name)), files)).toEqual([])
  })

  it('are read from enough comments and names to mean something', () => {
    expect(hits(commentsOf, files).length).toBeGreaterThan(2_000)
    expect(hits(namesOf, files).length).toBeGreaterThan(10_000)
  })
})
