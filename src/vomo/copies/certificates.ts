import type { Held, VomoCertificate } from '../types.ts'
import { isForbidden } from '../wire/failure.ts'
import type { Wire } from '../wire/values.ts'
import { type AskPage, walkPages } from '../wire/walk-pages.ts'
import { readCertificate } from './read-certificate.ts'
import { createWarmCopies } from './warm-copies.ts'

export type HeldCertificates = Held<readonly VomoCertificate[]>

export type Certificates = ReturnType<typeof createCertificates>

/** Definitions rarely change. */
const freshMs = 24 * 60 * 60_000
const maxPages = 50

/** The certificates each customer defines. */
export function createCertificates({ clock }: { clock: () => number }) {
  const { copyOf, ...rest } = createWarmCopies({ clock, freshMs, read: readAll, none: [] })
  return { certificates: copyOf, ...rest }
}

async function readAll(ask: AskPage): Promise<VomoCertificate[]> {
  const found = new Map<string, VomoCertificate>()
  const take = (items: readonly Wire[]) => {
    const before = found.size
    for (const certificate of items.map(readCertificate))
      if (certificate) found.set(certificate.name, certificate)
    return found.size > before
  }
  try {
    await walkPages(ask, take, maxPages)
  } catch (error) {
    if (!isForbidden(error)) throw error
  }
  return [...found.values()]
}
