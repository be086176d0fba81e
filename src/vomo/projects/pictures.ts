import { createHash } from 'node:crypto'
import type { LookupAddress } from 'node:dns'
import ipaddr from 'ipaddr.js'
import { LRUCache } from 'lru-cache'
import { Agent, request } from 'undici'
import type { Log } from '../../log/log.ts'
import { type Raster, readRaster, withoutMetadata } from '../../pictures/raster.ts'
import { within } from '../../resilience/within.ts'
import type { VomoCampaign } from '../types.ts'
import type { Lookup } from '../wire/lookup.ts'

/** A picture that may stand in a page, without its metadata. */
export type Picture = Raster & {
  readonly body: Uint8Array<ArrayBuffer>
  /** Changes with the picture. */
  readonly version: string
}

/** A page with it must stay quick on a phone. We cannot make it smaller, so a larger one is not shown. */
const maxBytes = 300_000
const maxPixels = 4_000
const fetchMs = 3_000
const keepMs = 24 * 60 * 60_000
const leaveAloneMs = 15 * 60_000

type Kept = { picture: Picture | undefined; atMs: number }

/**
 * Pictures that VOMO's records name. A page may load nothing from elsewhere, and a visitor's address stays between them and us, so we
 * fetch them: only from the organization's own VOMO, or by https from a public address, without redirects, cookies or the token.
 */
export function createPictures(given: {
  siteOf: (customerId: string) => Promise<string>
  lookup: Lookup
  clock: () => number
  log: Log
}) {
  const { siteOf, lookup, clock, log } = given
  const kept = new LRUCache<string, Kept>({ max: 500, maxSize: 30_000_000, sizeCalculation: sizeOf })
  const fetching = new Map<string, Promise<Picture | undefined>>()

  async function fetchOne(customerId: string, address: string): Promise<Picture | undefined> {
    const url = new URL(address)
    const isOfVomo = url.origin === new URL(await siteOf(customerId)).origin
    if (!isOfVomo && (url.protocol !== 'https:' || url.port !== '')) return undefined
    if (url.username !== '' || url.password !== '') return undefined
    const addresses = await lookup(url.hostname.replace(/^\[|\]$/g, ''))
    if (addresses.length === 0 || !(isOfVomo || addresses.every(isPublic))) return undefined
    return readPicture(await download(url, addresses))
  }

  async function fetchAndKeep(
    customerId: string,
    address: string,
    key: string,
  ): Promise<Picture | undefined> {
    let picture: Picture | undefined
    try {
      picture = await fetchOne(customerId, address)
    } catch {
      log.debug({ customerId }, 'a picture could not be read')
    }
    kept.set(key, { picture, atMs: clock() })
    fetching.delete(key)
    return picture
  }

  return {
    /** @param waitMs how long the caller waits; a later answer is kept for the next one */
    async picture(
      customerId: string,
      { pictureUrl: url }: Pick<VomoCampaign, 'pictureUrl'>,
      waitMs: number,
    ): Promise<Picture | undefined> {
      if (url === null) return undefined
      const key = JSON.stringify([customerId, url])
      const held = kept.get(key)
      if (held && Math.abs(clock() - held.atMs) < (held.picture ? keepMs : leaveAloneMs)) return held.picture
      const reading = fetching.get(key) ?? fetchAndKeep(customerId, url, key)
      fetching.set(key, reading)
      return within(waitMs, reading)
    },
    settled: async (): Promise<void> => void (await Promise.all(fetching.values())),
  }
}

function sizeOf({ picture }: Kept): number {
  return 1_000 + (picture?.body.length ?? 0)
}

/** Of no network inside, and no machine of ours. */
function isPublic({ address }: LookupAddress): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}

/** Connects to the addresses that were checked: a second look-up might say something else. */
async function download(url: URL, addresses: readonly LookupAddress[]): Promise<Buffer> {
  const agent = new Agent({
    connect: { lookup: (_host, { all }, use) => answerLookup(use, addresses, all ?? false) },
  })
  try {
    const signal = AbortSignal.timeout(fetchMs)
    const headers = { accept: 'image/webp, image/png, image/jpeg' }
    const { statusCode, body } = await request(url, { dispatcher: agent, signal, headers })
    if (statusCode !== 200) throw new Error(`answered ${statusCode}`)
    const pieces: Buffer[] = []
    let length = 0
    for await (const piece of body as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > maxBytes) throw new Error('too large')
      pieces.push(piece)
    }
    return Buffer.concat(pieces)
  } finally {
    await agent.destroy()
  }
}

type UseAddress = (error: null, address: string | LookupAddress[], family?: number) => void

function answerLookup(use: UseAddress, addresses: readonly LookupAddress[], all: boolean): void {
  const [first] = addresses
  if (all) use(null, [...addresses])
  else use(null, first?.address ?? '', first?.family ?? 4)
}

function readPicture(file: Buffer): Picture | undefined {
  const bare = withoutMetadata(file)
  const raster = bare && readRaster(bare)
  if (!raster || ![raster.width, raster.height].every((each) => each >= 1 && each <= maxPixels))
    return undefined
  const version = createHash('sha256').update(bare).digest('hex').slice(0, 12)
  return { ...raster, body: new Uint8Array(bare), version }
}
