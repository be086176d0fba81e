import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { en } from '../text/en.ts'
import { script, stylesheet } from './assets.ts'
import { Page, renderPage } from './layout.tsx'
import { Sentence, slot } from './sentence.tsx'
import type { Frame } from './site.ts'
import { styles } from './styles.fixture.ts'
import { type TroubleKind, TroublePage, UnknownHostPage } from './trouble.tsx'

const frame: Frame = {
  site: {
    name: 'Riverbend Food Bank',
    slug: 'riverbend',
    contactEmail: 'dana@riverbend.example',
    contactName: 'Dana Whitfield',
    assets: { stylesheet: stylesheet.path, script: script.path, theme: '/theme.css', icon: '/icon.png' },
  },
  words: en,
  locale: 'en-US',
}

const hostileFrame: Frame = { ...frame, site: { ...frame.site, name: `<script>alert("x")</script>'&` } }
const kinds = Object.keys(en.trouble).filter(
  (key) => !['askFor', 'tryAgainAt', 'readyAt', 'staffPages'].includes(key),
) as TroubleKind[]

test('a page says its name, its organization and its language', () => {
  const html = renderPage(
    <Page frame={frame} title="Shifts" visitor={null}>
      <p>…</p>
    </Page>,
  )
  expect(html).toMatch(/^<!doctype html>\n<html lang="en-US" dir="ltr">/)
  expect(html).toContain('<title>Shifts · Riverbend Food Bank</title>')
  expect(html).toContain('<meta name="robots" content="noindex"/>')
})

test('a page whose form came back says so first in its title', () => {
  const page = <Page frame={frame} title="Sign in" visitor={null} hasErrors children="…" />
  expect(renderPage(page)).toContain('<title>Error: Sign in · Riverbend Food Bank</title>')
})

test('help is the last of the pages, signed in or out', () => {
  for (const visitor of [null, { firstName: 'Maria' }, { firstName: null, isStaff: true }]) {
    const html = renderPage(<Page frame={frame} title="x" visitor={visitor} children="…" />)
    const pages = [...html.matchAll(/<li><a href="([^"]+)"/g)].map(([, href]) => href)
    expect(pages.at(-1)).toBe('/help')
    expect(html.includes('action="/sign-out"')).toBe(visitor !== null)
  }
})

test('another language is offered by its own name, marked as that language', () => {
  const html = renderPage(<Page frame={frame} title="x" visitor={null} children="…" />)
  expect(html).toContain('value="es" lang="es">Español</button>')
})

test('how old the content is stands once, and says when it is older than usual', () => {
  const ms = Date.parse('2026-11-21T16:32:00Z')
  const of = (nowMs: number) =>
    renderPage(
      <Page
        frame={frame}
        title="x"
        visitor={null}
        asOf={{ ms, timeZone: 'America/Chicago', nowMs }}
        children="…"
      />,
    )
  expect(of(ms + 60_000)).toContain('As of 10:32\u00a0am Central, from VOMO.')
  expect(of(ms + 60_000)).not.toContain('slow to respond')
  expect(of(ms + 60 * 60_000)).toContain('slow to respond')
  expect(of(ms + 24 * 60 * 60_000)).toContain('As of Saturday, November 21, 10:32')
})

test.each(kinds)('%s says what happened and what to do, and shows no code', (kind) => {
  const html = renderPage(<TroublePage {...hostileFrame} kind={kind} visitor={{ firstName: '"><script>' }} />)
  expect(html).not.toContain('<script>')
  expect(html).toContain('class="button')
  expect(html).toContain('dana<wbr/>@riverbend.example')
  expect(html).not.toMatch(/\b[45]\d\d\b|oops/i)
  expect(html).not.toContain(kind)
})

test('an address of no organization names none', () => {
  const html = renderPage(<UnknownHostPage words={en} locale="en-US" stylesheet={stylesheet.path} />)
  expect(html).toContain(en.unknownHost.heading)
  expect(html).not.toContain('mailto:')
})

test('nothing needs a style or script of its own in the page', () => {
  for (const kind of kinds) {
    const html = renderPage(<TroublePage {...frame} kind={kind} />)
    expect(html).not.toMatch(/ style=| on\w+=|<style|<script(?! defer)/)
  }
})

test('a slot is filled wherever the language puts it, and never twice by a name', () => {
  const text = `${slot(1)} before ${slot(0)}`
  const html = renderPage(
    <p>
      <Sentence text={text} parts={[<b>a</b>, 'c<d']} />
    </p>,
  )
  expect(html).toContain('<p>c&lt;d before <b>a</b></p>')
})

test('stylesheet and script stay light', () => {
  expect(script.body.length).toBeLessThanOrEqual(8_000)
  expect(gzipSync(Object.values(styles).join('')).length + gzipSync(script.body).length).toBeLessThan(
    12 * 1024,
  )
  expect(stylesheet.path).toMatch(/^\/assets\/porchlight-[0-9a-f]{8}\.css$/)
})
