import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { assets } from '../../src/page/assets.ts'
import { themeCss } from '../../src/page/theme.ts'

const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; connect-src 'self'; base-uri 'none'"

const themes: Record<string, string> = {
  '/themes/none.css': themeCss(null),
  '/themes/teal.css': themeCss('#8a2be2'),
  '/themes/yellow.css': themeCss('#ffd400'),
}

/** Serves the pages of a gallery by their names, with their assets, under our own Content-Security-Policy. */
export async function serveGallery(
  pages: Readonly<Record<string, string>>,
): Promise<{ origin: string; close: () => void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://preview')
    const asset = assets.find(({ path }) => path === pathname)
    const theme = themes[pathname]
    const page = pages[pathname.slice(1)]
    const body = asset?.body ?? theme ?? page
    const type = asset?.type ?? (theme === undefined ? 'text/html; charset=utf-8' : 'text/css; charset=utf-8')
    const isMail = pathname.startsWith('/mail-')
    response.writeHead(body === undefined ? 204 : 200, {
      'Content-Type': type,
      ...(isMail ? {} : { 'Content-Security-Policy': policy }),
    })
    response.end(body)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  }
}
