import { expect, it } from 'vitest'
import { createRouter } from './router.ts'

const router = createRouter<string>()
for (const path of [
  '/auth',
  '/auth/:secret',
  '/auth/:secret/again',
  '/users/data',
  '/users/:user',
  '/shifts/:file{[a-z]+\\.ics}',
])
  router.add('GET', path, path)
router.add('POST', '/auth/:secret', 'spend')

const found = (method: string, path: string) => {
  const [handlers] = router.match(method, path)
  return handlers.map(([handler, parameters]) => [handler, { ...parameters }])
}

it('finds a path by its name, by its last part, or in the tree', () => {
  expect(found('GET', '/auth')).toEqual([['/auth', {}]])
  expect(found('GET', '/auth/abc')).toEqual([['/auth/:secret', { secret: 'abc' }]])
  expect(found('POST', '/auth/abc')).toEqual([['spend', { secret: 'abc' }]])
  expect(found('GET', '/auth/abc/again')).toEqual([['/auth/:secret/again', { secret: 'abc' }]])
  expect(found('GET', '/shifts/a.ics')).toEqual([['/shifts/:file{[a-z]+\\.ics}', { file: 'a.ics' }]])
})

it('a name goes before a parameter in its place', () => {
  expect(found('GET', '/users/data')).toEqual([['/users/data', {}]])
  expect(found('GET', '/users/mara')).toEqual([['/users/:user', { user: 'mara' }]])
})

it('a parameter is one part that is not empty, and a pattern holds', () => {
  for (const path of ['/auth/', '/auth/a/b', '/shifts/1.ics', '/nowhere/abc'])
    expect(found('GET', path)).toEqual([])
  expect(found('DELETE', '/auth/abc')).toEqual([])
})
