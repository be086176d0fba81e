import { expect, test } from 'vitest'
import { openSandbox } from '../sandbox.fixture.ts'

test('campaigns are listed with their own words and an address that ends in the slug', async () => {
  const { get, riverbend, url } = await openSandbox()
  const { body } = await get('/v1/campaigns')
  expect(body.meta).toMatchObject({ current_page: 1, per_page: 15, total: riverbend.campaigns.length })
  expect(body.links.first).toBe(`${url}/v1/campaigns?page=1`)
  expect(body.data.map((one: { url: string }) => one.url)).toEqual(
    riverbend.campaigns.map((slug) => `${url}/campaign/${slug}`),
  )
  expect(body.data[0]).toEqual({
    type: 'campaign',
    id: 6_020_113,
    campaign_name: 'Summer Meals',
    description: 'Lunch for children while school is out.',
    url: `${url}/campaign/summer-meals`,
    organization_id: 5_310_077,
    organization: 'Riverbend Food Bank',
    organization_slug: 'riverbend',
    author_id: null,
    logo_url: null,
    created_at: '2022-11-26T00:00:00+00:00',
    updated_at: '2025-04-24T00:00:00+00:00',
  })
  for (const one of body.data) expect(Date.parse(one.updated_at)).toBeGreaterThan(Date.parse(one.created_at))
})

test('campaigns are found by a part of the name and paged', async () => {
  const { get } = await openSandbox()
  const found = (await get('/v1/campaigns?name_like=HARVEST')).body
  expect(found.data.map((one: { campaign_name: string }) => one.campaign_name)).toEqual(['Harvest Drive'])
  expect((await get('/v1/campaigns?page=2')).body).toMatchObject({ data: [], meta: { from: null, total: 4 } })
})

test('one campaign shows its projects, and they name it', async () => {
  const { get, riverbend } = await openSandbox()
  for (const { id } of riverbend.records.campaigns) {
    const { status, body } = await get(`/v1/campaigns/${id}`)
    expect([status, body.data.id]).toEqual([200, id])
    expect(body.data.projects.length).toBeGreaterThan(5)
    const project = (await get(`/v1/projects/${body.data.projects[0].id}`)).body.data
    expect(project).toMatchObject({ project_name: body.data.projects[0].project_name })
    expect(project.campaigns).toEqual([
      { type: 'campaign', id, campaign_name: body.data.campaign_name, url: body.data.url },
    ])
  }
})

test('no customer sees the campaigns of another', async () => {
  const { get, hillside, riverbend } = await openSandbox()
  const theirs = (await get('/v1/campaigns', hillside.vomoToken)).body
  expect(theirs.data.map((one: { organization_slug: string }) => one.organization_slug)).toEqual(
    hillside.campaigns.map(() => 'hillside'),
  )
  const [ours] = riverbend.records.campaigns
  expect((await get(`/v1/campaigns/${ours?.id}`, hillside.vomoToken)).status).toBe(404)
  expect((await get('/v1/campaigns/summer-meals')).status).toBe(404)
})

test('ids follow the option that says their form', async () => {
  const { get, set } = await openSandbox()
  await set({ id_style: 'string' })
  expect((await get('/v1/campaigns')).body.data[0]).toMatchObject({
    id: '6020113',
    organization_id: '5310077',
  })
  const { data } = (await get('/v1/campaigns/6020113')).body
  expect(typeof data.projects[0].id).toBe('string')
})
