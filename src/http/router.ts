import type { Result, Router } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'

/**
 * Paths without a parameter, and those with one at their end, are looked up in tables, the others in Hono's tree. Hono's own
 * quick router takes no path like `/users/data` beside `/users/:user`, and leaves all of them to the tree as soon as there is one.
 *
 * Each path has one handler per method: there is no middleware to put before it.
 */
export function createRouter<T>(): Router<T> {
  const named = new Map<string, Result<T>>()
  const ended = new Map<string, { handler: T; parameter: string }>()
  const tree = new TrieRouter<T>()

  function matchEnd(method: string, path: string): Result<T> | undefined {
    const end = path.lastIndexOf('/') + 1
    const found = end < path.length ? ended.get(`${method} ${path.slice(0, end)}`) : undefined
    return found && [[[found.handler, { [found.parameter]: path.slice(end) }]]]
  }

  return {
    name: 'names first',
    add(method, path, handler) {
      const [, start, parameter] = /^([^:*{]*\/):(\w+)$/.exec(path) ?? []
      if (!/[:*]/.test(path)) named.set(`${method} ${path}`, [[[handler, {}]]])
      else if (start !== undefined && parameter !== undefined)
        ended.set(`${method} ${start}`, { handler, parameter })
      tree.add(method, path, handler)
    },
    match: (method, path) =>
      named.get(`${method} ${path}`) ?? matchEnd(method, path) ?? tree.match(method, path),
  }
}
