import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AskTxt, examineMailDomain, openAskTxt } from './mail-domain.ts'

/** TXT records of a name. Every other name does not exist, and one below `silent.org` gets no answer. */
const zone: Record<string, string[]> = {
  'good.org': ['google-site-verification=1', 'v=spf1 include:mail.good.org -all'],
  'fm1._domainkey.good.org': [`v=DKIM1; k=rsa; p=${'A'.repeat(392)}`],
  'own._domainkey.news.good.org': ['k=rsa; p=MIIB'],
  '_dmarc.good.org': ['v=DMARC1; p=quarantine; rua=mailto:dmarc@good.org'],
  'open.org': ['v=spf1 +all'],
  'two.org': ['v=spf1 -all', 'v=spf1 a -all'],
  'revoked._domainkey.two.org': ['v=DKIM1; p='],
}
const server = createSocket('udp4')
let ask: AskTxt

beforeAll(async () => {
  server.on('message', (question, { port, address }) => {
    const name = nameIn(question)
    if (!name.endsWith('silent.org')) server.send(answerTo(question, zone[name]), port, address)
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  ask = openAskTxt([`127.0.0.1:${server.address().port}`])
})
afterAll(() => server.close())

function nameIn(question: Buffer): string {
  const labels: string[] = []
  for (let at = 12; question[at]; at += 1 + (question[at] ?? 0))
    labels.push(question.toString('latin1', at + 1, at + 1 + (question[at] ?? 0)))
  return labels.join('.').toLowerCase()
}

/** RFC 1035 §4.1: the header, the question as it came, and a TXT record for each text. */
function answerTo(question: Buffer, texts: readonly string[] | undefined): Buffer {
  const asked = question.subarray(12, question.indexOf(0, 12) + 5)
  const header = Buffer.from(question.subarray(0, 12))
  header.writeUInt16BE(texts ? 0x8180 : 0x8183, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(texts?.length ?? 0, 6)
  header.writeUInt32BE(0, 8)
  const records = (texts ?? []).map((text) => {
    const parts = text.match(/.{1,255}/g) ?? ['']
    const data = Buffer.concat(
      parts.map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)])),
    )
    const head = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, 0])
    head.writeUInt16BE(data.length, 10)
    return Buffer.concat([head, data])
  })
  return Buffer.concat([header, asked, ...records])
}

const told = async (from: string, selector?: string) =>
  (await examineMailDomain(from, ask, selector)).map(
    ({ isWell, what }) => `${isWell ? 'ok' : 'FAIL'} ${what}`,
  )

it('a domain with SPF, DKIM and DMARC is well, and one below it goes by its DMARC', async () => {
  expect(await told('no-reply@good.org')).toEqual([
    'ok good.org has an SPF record.',
    'ok good.org has a DKIM key at fm1._domainkey.',
    'ok good.org has a DMARC record with p=quarantine.',
  ])
  expect(await told('no-reply@news.good.org', 'own')).toEqual([
    'FAIL news.good.org has no SPF record.',
    'ok news.good.org has a DKIM key at own._domainkey.',
    'ok good.org has a DMARC record with p=quarantine.',
  ])
})

it('what is missing or cannot hold fails, each with its cure', async () => {
  expect(await told('no-reply@open.org')).toEqual([
    'FAIL The SPF of open.org lets every server send.',
    expect.stringContaining('ok open.org has a DKIM key at none of the usual places'),
    'FAIL open.org has no DMARC record.',
  ])
  expect(await told('no-reply@two.org', 'revoked')).toEqual([
    'FAIL two.org has 2 SPF records, so none counts.',
    'FAIL two.org has no DKIM key at revoked._domainkey.',
    'FAIL two.org has no DMARC record.',
  ])
  const findings = await examineMailDomain('no-reply@two.org', ask, 'revoked')
  for (const { mend } of findings) expect(mend).toMatch(/\w/)
})

it('a DNS server that is silent, or is none, is told as such within seconds, and is no fault of the house', async () => {
  const startedAtMs = performance.now()
  for (const what of await told('no-reply@silent.org'))
    expect(what).toMatch(/^ok .* could not be asked for \(ETIMEOUT\)/)
  expect(performance.now() - startedAtMs).toBeLessThan(20_000)
  const nowhere = await examineMailDomain('no-reply@good.org', openAskTxt(['127.0.0.1:1']))
  for (const { what } of nowhere) expect(what).toContain('could not be asked for')
  expect(await told('no-reply@portal.example')).toHaveLength(1)
}, 60_000)
