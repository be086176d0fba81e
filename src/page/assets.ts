import { createHash } from 'node:crypto'
import lampIcon from './lamp.svg?raw'
import passkeyBody from './passkey.js?raw'
import scriptBody from './script.js?raw'
import account from './styles/account.css?raw'
import base from './styles/base.css?raw'
import door from './styles/door.css?raw'
import forms from './styles/forms.css?raw'
import frame from './styles/frame.css?raw'
import opportunities from './styles/opportunities.css?raw'
import print from './styles/print.css?raw'
import record from './styles/record.css?raw'
import reference from './styles/reference.css?raw'
import tokens from './styles/tokens.css?raw'

type Asset = { readonly path: string; readonly body: string; readonly type: string }

/** One stylesheet for all pages. Its path changes with its content, so browsers may cache it forever. */
export const stylesheet = asset(
  [tokens, base, frame, forms, door, record, opportunities, account, reference, print].join('\n'),
  'css',
  'text/css; charset=utf-8',
)

/** Progressive enhancement only: every page works without it. */
export const script = asset(scriptBody, 'js', 'text/javascript; charset=utf-8')

/** For pages that sign in with passkeys or add them; they allow it to ask us for a challenge. */
export const passkeyScript = asset(passkeyBody, 'js', 'text/javascript; charset=utf-8')

export const favicon = asset(lampIcon, 'svg', 'image/svg+xml')

/** What the server answers at `/assets/…`. */
export const assets: readonly Asset[] = [stylesheet, script, passkeyScript, favicon]

function asset(body: string, extension: string, type: string): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 8)
  return { path: `/assets/porchlight-${hash}.${extension}`, body, type }
}
