import { describe, expect, test } from 'vitest'
import { readCampaign } from './read-campaign.ts'

const slugOf = (url: unknown) => readCampaign({ id: 1, campaign_name: 'One', url })?.slug

describe('a campaign', () => {
  test('has an id, a name, a slug and words, and nothing else', () => {
    const wire = {
      type: 'campaign',
      id: 10_000,
      campaign_name: 'Summer Meals',
      description: 'Lunch for children.',
      url: 'https://app.example.org/campaign/summer-meals',
      organization: 'Riverbend',
      author_id: 5,
      logo_url: 'https://app.example.org/logo.png',
      future_field: 'x',
    }
    expect(readCampaign(wire)).toEqual({
      id: '10000',
      name: 'Summer Meals',
      slug: 'summer-meals',
      description: ['Lunch for children.'],
      pictureUrl: 'https://app.example.org/logo.png',
    })
  })

  test('without an id or a name is none', () => {
    expect(readCampaign({ campaign_name: 'One' })).toBeUndefined()
    expect(readCampaign({ id: 1, campaign_name: ' ' })).toBeUndefined()
    expect(readCampaign({ id: 1, name: 'One' })?.name).toBe('One')
  })

  test.each([
    ['https://app.example.org/campaign/summer-meals', 'summer-meals'],
    ['https://app.example.org/campaign/summer-meals/', 'summer-meals'],
    ['https://app.example.org/campaign/2026?x=/other#/third', '2026'],
    ['https://app.example.org/meals', 'meals'],
    [`https://app.example.org/campaign/${'a'.repeat(100)}`, 'a'.repeat(100)],
    [`https://app.example.org/campaign/${'a'.repeat(101)}`, null],
    ['https://app.example.org/campaign/Summer', null],
    ['https://app.example.org/campaign/-summer', null],
    ['https://app.example.org/campaign/summer_meals', null],
    ['https://app.example.org/campaign/caf%C3%A9', null],
    ['https://app.example.org/campaign/a%2Fb', null],
    ['https://app.example.org/campaign/a.css', null],
    ['https://app.example.org/campaign/..', null],
    ['https://app.example.org/', null],
    ['summer-meals', null],
    ['', null],
    [null, null],
    [7, null],
  ])('at %s has the slug %s', (url, slug) => {
    expect(slugOf(url)).toBe(slug)
  })
})
