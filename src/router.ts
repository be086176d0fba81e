import type { Result, Router } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'

/**
 * Paths without a parameter are looked up in a table, the others in Hono's tree. Hono's own quick router takes no path like
 * `/users/data` beside `/users/:user`, and leaves all of them to the tree as soon as there is one.
 *
 * Each path has one handler per method: there is no middleware to put before it.
 */
export function createRouter<T>(): Router<T> {
  const named = new Map<string, Result<T>>()
  const tree = new TrieRouter<T>()
  return {
    name: 'names first',
    add(method, path, handler) {
      if (!/[:*]/.test(path)) named.set(`${method} ${path}`, [[[handler, {}]]])
      tree.add(method, path, handler)
    },
    match: (method, path) => named.get(`${method} ${path}`) ?? tree.match(method, path),
  }
}
