import { expect, test } from 'vitest'
import { type Json, noon, openSandbox } from '../sandbox.fixture.ts'

type Get = Awaited<ReturnType<typeof openSandbox>>['get']

async function all(get: Get, query: string): Promise<Json[]> {
  const found: Json[] = []
  for (let page = 1; ; page += 1) {
    const { body } = await get(`/v1/projects?page=${page}&${query}`)
    found.push(...body.data)
    if (page >= body.meta.last_page) return found
  }
}

test('projects are listed with both names, an address with its zone, and the next date', async () => {
  const { get, url } = await openSandbox()
  const projects = await all(get, '')
  expect(projects).toHaveLength(120)
  for (const project of projects) {
    expect(project).toMatchObject({ type: 'project', project_name: project.name, author_id: null })
    expect(project.url).toMatch(new RegExp(`^${url}/project/[a-z0-9-]+$`))
    expect(project.address).toMatchObject({ timezone: expect.stringMatching(/^America\/(Chicago|Denver)$/) })
    expect(project).not.toHaveProperty('all_dates')
  }
  expect(new Set(projects.map((project) => project.url)).size).toBe(120)
  expect(projects[0]?.owners).toMatchObject([
    { created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) },
  ])
})

test('projects are filtered by each of the documented filters', async () => {
  const { get, riverbend } = await openSandbox()
  const { projects, dates, organizations } = riverbend.records
  const count = async (query: string) => (await all(get, query)).length
  const startsOf = (id: number) =>
    dates.filter((date) => date.project_id === id).map((date) => date.starts_at_ms)
  const west = organizations[1]?.id

  expect(await count('published=true')).toBe(112)
  expect(await count('published=0')).toBe(8)
  expect(await count('anytime=false')).toBe(117)
  expect(await count('anytime=true')).toBe(120)
  expect(await count('org_slug=riverbend-west')).toBe(
    projects.filter((one) => one.organization_id === west).length,
  )
  expect(await count('org_slug=riverbend,riverbend-west')).toBe(120)
  expect(await count('name_like=PANTRY%20SHIFT')).toBe(
    projects.filter((one) => /pantry shift/i.test(one.name)).length,
  )
  expect(await count('active=true')).toBe(
    projects.filter((one) => one.anytime || startsOf(one.id).some((start) => start > noon)).length,
  )
  expect((await count('active=true')) + (await count('active=false'))).toBe(120)
  const [from, to] = [Date.UTC(2025, 0, 6), Date.UTC(2025, 0, 12)]
  expect(await count('dates_after=2025-01-06&dates_before=2025-01-12')).toBe(
    projects.filter((one) => startsOf(one.id).some((start) => start >= from && start <= to)).length,
  )
  expect(await count('updated_after=2025-03-01T00:00:00Z')).toBe(
    projects.filter((one) => one.updated_at_ms >= Date.UTC(2025, 2, 1)).length,
  )
  expect((await get('/v1/projects?active=maybe')).status).toBe(422)
})

test('one project shows all its dates in order and the next one ahead', async () => {
  const { get } = await openSandbox()
  const [project] = await all(get, 'active=true&anytime=false')
  const { data } = (await get(`/v1/projects/${String(project?.id)}`)).body
  const starts: string[] = data.all_dates.map((date: { starts_at: string }) => date.starts_at)
  expect(starts.length).toBeGreaterThan(0)
  expect(starts).toEqual(starts.toSorted())
  const ahead = data.all_dates.find((date: { starts_at: string }) => Date.parse(date.starts_at) > noon)
  expect(data.next_date).toEqual(ahead)
  expect(data.next_date).toMatchObject({ type: 'project_date', ends_at: expect.any(String) })
  expect(data.point_person).toMatchObject({ email: expect.stringContaining('@riverbend.example') })
  expect((await get('/v1/projects/5')).status).toBe(404)
  expect((await get('/v1/projects/today')).status).toBe(404)
})

test('a project date names its project, its needs and its participants', async () => {
  const { get, riverbend } = await openSandbox()
  const { dates, participations } = riverbend.records
  for (const date of dates.slice(0, 40)) {
    const { data } = (await get(`/v1/projects/date/${date.id}`)).body
    const expected = participations.filter((row) => row.project_date_id === date.id).length
    expect(expected).toBeGreaterThan(0)
    expect(data.participants).toHaveLength(expected)
    expect(data).toMatchObject({ type: 'project_date', id: date.id, project_id: date.project_id })
    const roles = data.needs.filter((need: { type: string }) => need.type === 'role')
    expect(roles.reduce((sum: number, need: { taken: number }) => sum + need.taken, 0)).toBe(
      data.participants.filter((row: { need?: unknown }) => !row.need).length,
    )
    for (const need of data.needs) expect(need.capacity ?? Infinity).toBeGreaterThanOrEqual(need.taken)
  }
  expect((await get('/v1/projects/date/77')).status).toBe(404)
})

test('the address of a project leads to a page that says where one has arrived', async () => {
  const { get } = await openSandbox()
  const [project] = await all(get, 'published=true')
  const { pathname } = new URL(String(project?.url))
  const page = await get(pathname, null)
  expect(page.status).toBe(200)
  expect(page.text).toContain('stand-in for VOMO')
  expect((await get('/project/no-such', null)).status).toBe(404)
})
