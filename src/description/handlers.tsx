import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { version } from '../../package.json'
import { maskAddress } from '../address.ts'
import { frameOf } from '../customers/site.ts'
import type { Visited } from '../customers/visit.ts'
import { renderPage } from '../page/layout.tsx'
import { english } from '../text/languages.ts'
import { type ExampleValues, placeholders } from './examples.ts'
import { describeApi } from './openapi.ts'
import { ApiPage } from './page.tsx'

/** What the demo, and only the demo, fills into examples: working credentials. */
export type DemoExamples = { values: (slug: string) => ExampleValues; mailbox: string }

type DescriptionTools = {
  /** The person signed in with the visitor's browser. */
  whoIsHere: (c: Visited) => Promise<{ address: string; isStaff: boolean } | null>
  demo?: DemoExamples | undefined
}

/** `/openapi.json` for programs, `/docs/api` for people. */
export function descriptionHandlers({ whoIsHere, demo }: DescriptionTools) {
  const written = new LRUCache<string, { body: string; etag: string }>({ max: 20 })

  function describedAt(origin: string): { body: string; etag: string } {
    const known = written.get(origin)
    if (known) return known
    const body = JSON.stringify(describeApi({ version, origin }))
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
    const description = { body, etag }
    written.set(origin, description)
    return description
  }

  return {
    asJson(c: Visited): Response {
      const { body, etag } = describedAt(c.get('customer').publicOrigin)
      return c.body(body, 200, { 'content-type': 'application/json; charset=utf-8', etag })
    },

    async page(c: Visited): Promise<Response> {
      const { publicOrigin: origin, slug } = c.get('customer')
      const who = await whoIsHere(c)
      const page = (
        <ApiPage
          frame={{ ...frameOf(c), ...english }}
          visitor={who && { firstName: null, isStaff: who.isStaff }}
          signedInAs={who && maskAddress(who.address)}
          origin={origin}
          values={demo?.values(slug) ?? placeholders}
          mailbox={demo && origin + demo.mailbox}
        />
      )
      return c.html(renderPage(page))
    },
  }
}
