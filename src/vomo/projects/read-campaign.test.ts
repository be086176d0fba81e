import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCampaign, readParagraphs } from './read-campaign.ts'

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

describe('a description', () => {
  test.each([
    ['One line.', ['One line.']],
    ['One.\r\n\r\nTwo.\n  Three. ', ['One.', 'Two.', 'Three.']],
    [
      '<p>Come <b>early</b>.</p><p>Bring&nbsp;gloves &amp; a hat.</p>',
      ['Come early.', 'Bring gloves & a hat.'],
    ],
    [
      '<div><h2>What</h2><ul><li>One</li><li>Two</li></ul>End<br/>of it</div>',
      ['What', 'One', 'Two', 'End', 'of it'],
    ],
    ['Ages <12 and >5, 3 < 4', ['Ages <12 and >5, 3 < 4']],
    ['<a href="javascript:alert(1)" onclick="x">Here</a>', ['Here']],
    ['Hi<script>alert("x")</script> there', ['Hi there']],
    ['Hi<style>p{}</style><!-- note --> there', ['Hi there']],
    ['Hi<script>alert(1)', ['Hi']],
    ['Hi<!-- no end', ['Hi']],
    ['Hi <img src=x onerror=', ['Hi']],
    ['&lt;script&gt;alert(1)&lt;/script&gt;', ['<script>alert(1)</script>']],
    ['&#8217;&#x2019;&rsquo;&constructor;&#0;&#xD800;&#9999999;', ['’’’&constructor;']],
    ['a\u0000b\u001b[31m', ['a b [31m']],
    ['<p> </p><br>\n', []],
    ['', []],
    [null, []],
    [{ html: 'x' }, []],
  ])('%j reads as %j', (wire, paragraphs) => {
    expect(readParagraphs(wire)).toEqual(paragraphs)
  })

  test('is bounded, and made up ones take no time', () => {
    for (const piece of ['<script ', '<!--', '<p', '</p>', '&#1', '< ', '\n', '<p>x', 'word ']) {
      const began = performance.now()
      const found = readParagraphs(piece.repeat(200_000))
      expect(performance.now() - began, piece).toBeLessThan(200)
      expect(found.join('').length).toBeLessThanOrEqual(20_000)
      expect(found.length).toBeLessThanOrEqual(40)
    }
  })

  test('never throws, and its paragraphs hold no line ends and no control characters', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 500 }), (text) => {
        expect(readParagraphs(text).filter((line) => line === '' || /[\p{Cc}\u2028]/u.test(line))).toEqual([])
      }),
    )
  })
})
