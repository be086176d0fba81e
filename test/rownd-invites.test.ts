import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inviteAnswer, newInviteAnswer } from '../src/link-api/rownd/answers.ts'
import { type Answer, type House, openHouse } from './house.ts'
import { type Backend, firefox, openRowndHouse, type RowndHouse, type UserAnswer } from './rownd-house.ts'

let house: House
let rownd: RowndHouse
let shop: Backend
let desk: Backend
let turn = 0
const someone = () => `invited${turn++}@x.example`

beforeAll(async () => {
  house = await openHouse({ limits: { callsPerApplication: undefined, missesPerNetwork: undefined } })
  rownd = await openRowndHouse(house)
  shop = await rownd.backend('Shop', { allowedOrigins: ['https://example.com'] })
  desk = await rownd.backend('Desk')
})
afterAll(async () => {
  await rownd.close()
  await house.close()
  expect(house.errors).toEqual([])
})

type Listed<Row> = { total_results: number; results: Row[] }
type Member = {
  id: string
  user_id: string
  state: string
  roles: string[]
  profile: Record<string, unknown>
}

const groups = (of = shop) => `/applications/${of.id}/groups`
const code = async (answer: Answer | Promise<Answer>) => (await answer).json()['code']

/** A group that has an owner already. */
async function openGroup(name = 'Drivers'): Promise<string> {
  const group = String((await shop.call('POST', groups(), { name })).json()['id'])
  const owner = await shop.call('PUT', `/applications/${shop.id}/users/__uuid__/data`, { data: {} })
  const { user_id: userId } = (owner.json() as UserAnswer).data
  await shop.call('POST', `${groups()}/${group}/members`, { user_id: userId, roles: ['owner'] })
  return group
}

async function invite(group: string, body: Record<string, unknown>) {
  const answer = await shop.call('POST', `${groups()}/${group}/invites`, { roles: ['member'], ...body })
  expect(answer.status, answer.text).toBe(200)
  const { link, invitation } = newInviteAnswer.strict().parse(answer.json())
  return {
    path: new URL(link).pathname,
    at: `${groups()}/${group}/invites/${invitation.id}`,
    invitation,
    link,
  }
}

const read = async (at: string) => inviteAnswer.strict().parse((await shop.call('GET', at)).json())
const open = (path: string) => house.send('GET', path, { headers: firefox })
const press = (path: string, headers: Record<string, string> = {}) =>
  house.browser().post(path, {}, { ...firefox, ...headers })
const membersOf = async (group: string) =>
  (await shop.call('GET', `${groups()}/${group}/members`)).json() as Listed<Member>

describe('invites', () => {
  it('C3: are made, listed, read, changed and withdrawn as Rownd’s client for Go does it', async () => {
    const group = await openGroup('Test Group')
    const { at, invitation } = await invite(group, {
      email: 'Invite@example.com',
      redirect_url: 'https://example.com/accept',
    })
    expect(invitation).toMatchObject({
      id: expect.stringMatching(/^[a-z0-9]{24}$/),
      group_id: group,
      roles: ['member'],
      state: 'pending',
      user_lookup_value: 'invite@example.com',
      redirect_url: 'https://example.com/accept',
      accepted_by: null,
    })
    // It sends a phone number as a number, and reads none.
    const byPhone = await invite(group, { phone: 12025550147, roles: ['cook'] })
    expect(byPhone.invitation.user_lookup_value).toBe('+12025550147')
    expect(await read(at)).toEqual(invitation)

    const members = await membersOf(group)
    expect(members.total_results).toBe(3)
    const waiting = members.results.filter(({ state }) => state === 'invite_pending')
    expect(waiting).toHaveLength(2)
    expect(waiting.find(({ user_id: id }) => id === invitation.ensured_user_id)).toMatchObject({
      roles: ['member'],
      profile: { email: 'invite@example.com' },
    })

    const changed = await shop.call('PUT', at, { email: 'invite@example.com', roles: ['editor'] })
    expect(changed.json()).toEqual({ ...invitation, roles: ['editor'] })
    expect(await code(shop.call('PUT', at, { email: someone(), roles: ['editor'] }))).toBe('E_VALIDATION')

    const list = async (query = '') =>
      (await shop.call('GET', `${groups()}/${group}/invites${query}`)).json() as Listed<{ id: string }>
    const [first, second] = [invitation.id, byPhone.invitation.id].toSorted()
    expect(await list('?page_size=1')).toMatchObject({ total_results: 2, results: [{ id: first }] })
    expect((await list(`?page_size=1&after=${first}`)).results).toMatchObject([{ id: second }])
    expect(await list(`?ensured_user_id=${invitation.ensured_user_id}`)).toMatchObject({
      total_results: 1,
      results: [{ id: invitation.id }],
    })

    expect((await shop.call('DELETE', at)).status).toBe(204)
    expect(await code(shop.call('GET', at))).toBe('E_NOT_FOUND')
    expect((await membersOf(group)).total_results).toBe(2)
    expect((await shop.call('DELETE', `${groups()}/${group}`)).status).toBe(204)
    expect(await code(shop.call('GET', byPhone.at))).toBe('E_NOT_FOUND')
    expect((await open(byPhone.path)).status).toBe(410)
  })

  it('C3: are accepted by their link: opening spends nothing, and of many who press one accepts', async () => {
    const group = await openGroup('Night <b>shift</b>')
    const email = someone()
    const { path, at, invitation } = await invite(group, {
      email,
      roles: ['editor'],
      redirect_url: 'https://example.com/accept?a=1',
    })
    for (const headers of [firefox, { 'user-agent': 'rownd sdk' }, { accept: 'application/json' }]) {
      const answer = await house.send('GET', path, { headers })
      expect(answer.status).toBe(200)
      expect(answer.text).not.toContain('_token')
    }
    const page = await open(path)
    expect(page.text).toContain('Night &lt;b>shift')
    expect(page.text).not.toContain(email)
    expect((await read(at)).state).toBe('pending')

    const pressed = await Promise.all(Array.from({ length: 8 }, () => press(path)))
    const statuses = pressed.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([303, 410, 410, 410, 410, 410, 410, 410])
    const [accepted] = pressed.filter(({ status }) => status === 303)
    expect(accepted?.headers['location']).toBe('https://example.com/accept?a=1')
    expect(accepted?.headers['set-cookie']).toBeUndefined()

    const userId = invitation.ensured_user_id
    expect(await read(at)).toMatchObject({ state: 'accepted', accepted_by: userId })
    const member = (await membersOf(group)).results.find(({ user_id: id }) => id === userId)
    expect(member).toMatchObject({ state: 'active', roles: ['editor'] })
    // Pressing the button proves nothing about the person.
    expect(await shop.user(userId)).toMatchObject({
      auth_level: 'unverified',
      data: { email },
      verified_data: {},
      groups: [{ group: { id: group }, member: { roles: ['editor'] } }],
    })
    expect(await code(shop.call('PUT', at, { roles: ['owner'] }))).toBe('E_INVITE_ACCEPTED')
    expect((await open(path)).status).toBe(410)
    expect((await house.send('GET', path, { headers: { 'user-agent': 'rownd sdk' } })).status).toBe(410)
    const events = await rownd.store.read(
      rownd.store.db
        .selectFrom('audit_event')
        .select('detail')
        .where('kind', '=', 'circle.invite_changed')
        .where('detail', 'like', `%${invitation.id}%`)
        .orderBy('id')
        .compile(),
    )
    expect(events.map(({ detail }) => (JSON.parse(detail) as { what: string }).what)).toEqual([
      'made',
      'accepted',
    ])
  })

  it('let in only the person they are for, even if another holds the link and is signed in', async () => {
    const group = await openGroup()
    const other = await shop.link({ data: { email: someone() } })
    const { access_token: access } = (await shop.redeem(other.id)).json()
    const { path, invitation } = await invite(group, { email: someone() })
    expect((await shop.user(invitation.ensured_user_id))?.data).toBeDefined()
    expect((await press(path, { authorization: `Bearer ${String(access)}` })).status).toBe(303)
    const members = (await membersOf(group)).results
    expect(members.map(({ user_id: id }) => id)).toContain(invitation.ensured_user_id)
    expect(members.map(({ user_id: id }) => id)).not.toContain(other.userId)
  })

  it('are no membership before they are accepted, and none is left of an invite that is taken back', async () => {
    const group = await openGroup()
    const email = someone()
    const first = await invite(group, { email })
    expect(await shop.user(first.invitation.ensured_user_id)).toMatchObject({ groups: [] })
    const second = await invite(group, { email, roles: ['cook'] })
    expect(second.invitation.ensured_user_id).toBe(first.invitation.ensured_user_id)
    expect((await press(first.path)).status).toBe(410)
    await shop.call('DELETE', second.at)
    expect((await open(second.path)).status).toBe(410)
    expect((await press(second.path)).status).toBe(410)
    expect((await membersOf(group)).total_results).toBe(1)

    const third = await invite(group, { user_id: first.invitation.ensured_user_id })
    await shop.call('DELETE', `/applications/${shop.id}/users/${first.invitation.ensured_user_id}/data`)
    expect(await code(shop.call('GET', third.at))).toBe('E_NOT_FOUND')
    expect((await press(third.path)).status).toBe(410)
  })

  it('are over where the user comes in by another way', async () => {
    const group = await openGroup()
    const { path, at, invitation } = await invite(group, { email: someone(), roles: ['cook'] })
    const add = { user_id: invitation.ensured_user_id, roles: ['driver'] }
    const added = await shop.call('POST', `${groups()}/${group}/members`, add)
    expect(added.json()).toMatchObject({ state: 'active', roles: ['driver'] })
    expect((await read(at)).state).toBe('accepted')
    expect((await press(path)).status).toBe(410)
    expect(await code(shop.call('POST', `${groups()}/${group}/members`, add))).toBe('E_ALREADY_MEMBER')
    expect(await code(shop.call('POST', `${groups()}/${group}/invites`, add))).toBe('E_ALREADY_MEMBER')
  })

  it('make the first who accepts the owner of a group that has none, and let no disabled user in', async () => {
    const { id } = (await shop.call('POST', groups(), { name: 'Empty' })).json()
    const one = await invite(String(id), { email: someone() })
    const two = await invite(String(id), { email: someone() })
    const state = `/applications/${shop.id}/users/${two.invitation.ensured_user_id}/state`
    await shop.call('POST', state, { state: 'disabled' })
    expect((await press(two.path)).status).toBe(410)
    expect((await read(two.at)).state).toBe('pending')
    await press(one.path)
    expect((await read(one.at)).roles).toEqual(['member', 'owner'])
    await shop.call('POST', state, { state: 'enabled' })
    await press(two.path)
    expect((await read(two.at)).roles).toEqual(['member'])
  })

  it('are refused by what is wrong with them', async () => {
    const group = await openGroup()
    const at = `${groups()}/${group}/invites`
    const roles = ['member']
    const email = someone()
    const cases: [Record<string, unknown>, string][] = [
      [{ roles }, 'E_VALIDATION'],
      [{ roles, email, user_id: 'u' }, 'E_VALIDATION'],
      [{ email }, 'E_VALIDATION'],
      [{ roles, email: 'nobody' }, 'E_INVALID_EMAIL'],
      [{ roles, phone: '555-0147' }, 'E_INVALID_PHONE'],
      [{ roles, user_id: 'nobody-at-all' }, 'E_USER_NOT_FOUND'],
      [{ roles, email, redirect_url: 'https://evil.example/' }, 'E_VALIDATION'],
      [{ roles, email, send_email: true }, 'E_INVITE_MAIL_OFF'],
    ]
    for (const [body, expected] of cases)
      expect(await code(shop.call('POST', at, body)), JSON.stringify(body)).toBe(expected)
    expect((await membersOf(group)).total_results).toBe(1)
    expect(await code(shop.call('POST', `${groups()}/group_none/invites`, { roles, email }))).toBe(
      'E_NOT_FOUND',
    )
    expect(await code(desk.call('POST', `${groups(desk)}/${group}/invites`, { roles, email }))).toBe(
      'E_NOT_FOUND',
    )
    await shop.set({ takesNewPeople: false })
    expect(await code(shop.call('POST', at, { roles, email }))).toBe('E_SIGN_UP_DISABLED')
    await shop.set({ takesNewPeople: true })
  })

  it('are mailed where the application asks and the operator allows it, in English or Spanish', async () => {
    const group = await openGroup('Kitchen')
    const quiet = someone()
    await shop.set({ mailsInvites: true })
    await invite(group, { email: quiet })
    for (const [language, subject, button] of [
      ['en', 'An invitation from Riverbend Food Bank', 'See the invitation'],
      ['es', 'Una invitación de Riverbend Food Bank', 'Ver la invitación'],
    ] as const) {
      const email = someone()
      const { link, path, at } = await invite(group, { email, send_email: true, language })
      const [mail, ...more] = await house.emailsTo(email)
      expect(more).toEqual([])
      expect(mail).toMatchObject({ subject, to: email, links: expect.arrayContaining([link]) })
      expect(mail?.text).toContain('Kitchen')
      expect(mail?.html).toContain(button)
      expect((await press(path)).status).toBe(303)
      expect((await read(at)).state).toBe('accepted')
    }
    expect(await house.emailsTo(quiet)).toEqual([])
    const nameless = await shop.call('POST', `${groups()}/${group}/invites`, {
      phone: '202-555-0148',
      roles: ['member'],
      send_email: true,
    })
    expect(await code(nameless)).toBe('E_NO_IDENTIFIER')
  })

  it('run out after thirty days', async () => {
    const { path, at } = await invite(await openGroup(), { email: someone() })
    house.pass(30 * 86_400_000)
    expect((await open(path)).status).toBe(410)
    expect((await press(path)).status).toBe(410)
    expect((await read(at)).state).toBe('pending')
  })
})
