import { expect, it, onTestFinished } from 'vitest'
import { passwordPath } from '../src/page/header.tsx'
import { en } from '../src/text/en.ts'
import { openRows } from './database.ts'
import { openHouse, signIn } from './house.ts'

const password = 'purple kettle marches sideways'

it('leaves other pages quick, and refuses with the time to come back', async () => {
  const house = await openHouse({ passwordMs: 100 })
  onTestFinished(() => house.close())
  const database = await openRows(house.database)
  await database.run('update customer set passwords = 1')
  await database.close()
  const [address = ''] = house.riverbend.volunteers
  const owner = await signIn(house, address)
  await owner.post(passwordPath, { password })
  await owner.post('/sign-out')

  let isOver = false
  const flood = Promise.all(
    Array.from({ length: 300 }, (_, i) =>
      house.browser().post('/sign-in/password', { email: `flood${i}@example.org`, password }),
    ),
  ).finally(() => {
    isOver = true
  })
  // The owner's browser signed in before, so it waits in a line of its own, and goes first.
  const entering = owner.post('/sign-in/password', { email: address, password }).then((answer) => ({
    status: answer.status,
    isFirst: !isOver,
  }))
  const times: number[] = []
  while (!isOver) {
    const startedAt = performance.now()
    expect((await house.browser().get('/sign-in')).status).toBe(200)
    times.push(performance.now() - startedAt)
  }
  const answers = await flood
  const refused = answers.filter(({ status }) => status === 503)
  const compared = answers.filter(({ status }) => status === 422)
  expect(refused.length + compared.length).toBe(300)
  expect(refused.length).toBeGreaterThan(100)
  expect(compared.length).toBeGreaterThan(16)
  for (const { headers, text } of refused) {
    expect(headers['retry-after']).toBe('5')
    expect(text).toContain(en.password.signIn.busy)
    expect(text).toContain(en.password.signIn.byMail)
  }
  expect(await entering).toEqual({ status: 303, isFirst: true })
  // Each hash takes a core for 100 ms, and the line is full the whole time: a page that waited for one would take seconds.
  const sorted = times.toSorted((a, b) => a - b)
  expect(times.length).toBeGreaterThan(5)
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(500)
  expect(house.errors).toEqual([])
})
