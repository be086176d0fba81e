import { Command } from 'commander'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listeningLog, startPeer } from '../mail/smtp.fixture.ts'
import { openSmtp } from '../mail/smtp.ts'
import { addMailCommands } from './mail.ts'

let peer: Awaited<ReturnType<typeof startPeer>>
beforeAll(async () => {
  peer = await startPeer()
})
afterAll(() => peer.close())

async function test(address: string): Promise<string[]> {
  const said: string[] = []
  const smtp = openSmtp({ url: peer.url, log: listeningLog().log })
  const program = new Command().exitOverride()
  addMailCommands(program, {
    withStore: () => Promise.reject(new Error('it needs no database')),
    withSmtp: (work) => work(smtp, 'no-reply@portal.example'),
    say: (text) => void said.push(text),
  })
  try {
    await program.parseAsync(['mail', 'test', address], { from: 'user' })
  } finally {
    await smtp.close()
  }
  return said
}

it('one real email goes out, and the operator reads what the server answered', async () => {
  expect(await test('ana@example.org')).toEqual(['The mail server took it, and said: 250 2.0.0 taken'])
  const [taken] = peer.taken
  expect(taken).toMatchObject({ from: 'no-reply@portal.example', to: ['ana@example.org'] })
  expect(String(taken?.raw)).toContain('Subject: A test from Porchlight')
})

it('one that is refused says so, with the code, and an address that is none is not tried', async () => {
  peer.feel(() => ({ at: 'RCPT', code: 550, words: '5.1.1 no such mailbox' }))
  await expect(test('ana@example.org')).rejects.toThrow('did not take it (5.1.1 RCPT)')
  peer.taken.length = 0
  await expect(test('ana')).rejects.toMatchObject({ fields: { address: expect.any(String) as string } })
  expect(peer.taken).toEqual([])
})
