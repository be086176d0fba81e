import type { Result, Router } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'

/**
 * Looks up paths without a parameter, and paths with one at their end, in tables, and all others in Hono's tree. Hono's fast router
 * rejects a path like `/users/data` beside `/users/:user`, and then leaves all paths to the tree.
 *
 * Each path has one handler per method, since we use no middleware.
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
