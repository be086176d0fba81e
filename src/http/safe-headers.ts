import { type IncomingMessage, ServerResponse } from 'node:http'
import { contentPolicy } from './content-policy.ts'

/** On every answer, whoever writes it: the app, the server before it, or Node before there is a request. Nothing is kept by anybody. */
export const safeHeaders = {
  'content-security-policy': contentPolicy(),
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: with it a browser posts our forms with `Origin: null`. The origin alone holds no secret.
  'referrer-policy': 'strict-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
  // Text is compressed for those who accept it.
  vary: 'accept-encoding',
}

const names = Object.keys(safeHeaders) as (keyof typeof safeHeaders)[]

/**
 * An answer that carries them, whatever writes it. One that says otherwise, as a stylesheet of how long it may be kept, has its
 * way; it names its headers in lower case.
 *
 * They are written as one list: set one by one, or spread into an object, they took a tenth of the time of a small answer.
 */
export class SafeResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** What answers of the customer asked carry besides. */
  customerHeaders: Record<string, string> | undefined

  override writeHead(status: number, ...rest: unknown[]): this {
    const said = (typeof rest[0] === 'string' ? rest[1] : rest[0]) as Record<string, string> | undefined
    const list: string[] = []
    for (const name of names) if (said?.[name] === undefined) list.push(name, safeHeaders[name])
    addTo(list, this.customerHeaders)
    addTo(list, said)
    return super.writeHead(status, list)
  }
}

function addTo(list: string[], headers: Record<string, string> | undefined): void {
  for (const name in headers) list.push(name, headers[name] as string)
}
