import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readParagraphs } from './paragraphs.ts'

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
      ['What', '• One', '• Two', 'End', 'of it'],
    ],
    ['<ul><li><p>One</p></li>\n<li>&bull; Two</li><li> </li></ul>', ['• One', '• Two']],
    [
      'Bring:\n- gloves\n* a hat\n•water\n-5 degrees',
      ['Bring:', '• gloves', '• a hat', '• water', '-5 degrees'],
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
    for (const piece of [
      '<script ',
      '<!--',
      '<p',
      '</p>',
      '&#1',
      '< ',
      '\n',
      '<p>x',
      'word ',
      '<li',
      '<li> ',
      '<li><p>',
      '•',
      '\n- ',
    ]) {
      const began = performance.now()
      const found = readParagraphs(piece.repeat(200_000))
      // Reading any of it twice for each piece would take minutes.
      expect(performance.now() - began, piece).toBeLessThan(5_000)
      expect(found.join('').length).toBeLessThanOrEqual(20_000)
      expect(found.length).toBeLessThanOrEqual(40)
    }
  })

  test('that is too long ends with a whole paragraph', () => {
    expect(readParagraphs(`First.\n${'word '.repeat(5_000)}`)).toEqual(['First.'])
  })

  test('never throws, and its paragraphs hold no line ends and no control characters', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 500 }), (text) => {
        expect(readParagraphs(text).filter((line) => line === '' || /[\p{Cc}\u2028]/u.test(line))).toEqual([])
      }),
    )
  })
})
