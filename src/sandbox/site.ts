import { Hono } from 'hono'
import { html } from 'hono/html'
import type { IndexedRecords } from './world.ts'

/**
 * The pages VOMO would show a person: for now the one of a project, where its `url` leads. A place to arrive at, no copy of
 * VOMO's design.
 */
export function site(recordsBySlug: ReadonlyMap<string, IndexedRecords>): Hono {
  return new Hono().get('/project/:slug', (c) => {
    for (const { projects, organizationById } of recordsBySlug.values()) {
      const project = projects.find((each) => each.slug === c.req.param('slug') && !each.draft)
      if (!project) continue
      const organization = organizationById.get(project.organization_id)?.name ?? ''
      return c.html(page(project.name, html`<p>${organization}</p><p>${project.description ?? ''}</p>`))
    }
    return c.html(page('Nothing here', html`<p>There is no such opportunity.</p>`), 404)
  })
}

function page(title: string, body: unknown) {
  return html`<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>${title} · VOMO sandbox</title>
  <h1>${title}</h1>
  ${body}
  <hr />
  <p>This is the stand-in for VOMO. In VOMO itself a volunteer would sign up, change or cancel here.</p>
</html>`
}
