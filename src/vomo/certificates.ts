import { isNotShown } from './failure.ts'
import { readCertificate } from './read-certificate.ts'
import type { Held, VomoCertificate } from './types.ts'
import type { Wire } from './values.ts'
import { type AskPage, walkPages } from './walk-pages.ts'

export type HeldCertificates = Held<readonly VomoCertificate[]>

export type Certificates = ReturnType<typeof createCertificates>

/** Definitions hardly ever change. */
const freshMs = 12 * 60 * 60_000
const mostPages = 50

/** What there is to hold at each customer: definitions, read in the background and kept in memory. */
export function createCertificates({ clock }: { clock: () => number }) {
  const copies = new Map<string, HeldCertificates>()

  return {
    certificates: (customerId: string): HeldCertificates | undefined => copies.get(customerId),

    /** @param ask asks for a page of `/certificates`, at the pace of whoever gives it. @throws {VomoFailure} */
    async warm(customerId: string, ask: AskPage): Promise<void> {
      const copy = copies.get(customerId)
      if (copy && Math.abs(clock() - copy.fetchedAtMs) < freshMs) return
      const fetchedAtMs = clock()
      copies.set(customerId, { value: await readAll(ask), fetchedAtMs })
    },
  }
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
    await walkPages(ask, take, mostPages)
  } catch (error) {
    if (!isNotShown(error)) throw error
  }
  return [...found.values()]
}
