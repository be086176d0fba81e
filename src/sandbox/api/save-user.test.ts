import { expect, test } from 'vitest'
import { openSandbox, userNamed } from '../sandbox.fixture.ts'

const ana = {
  first_name: 'Ana',
  last_name: 'Duarte',
  email: 'ana.duarte@newcomer.example',
  birthday: '1991-04-30',
  gender: 'F',
}

async function open() {
  const sandbox = await openSandbox()
  const save = (body: unknown) => sandbox.send('POST', '/v1/users', body, sandbox.riverbend.vomoToken)
  const read = async (id: string | number) => (await sandbox.get(`/v1/users/${id}`)).body.data
  return { ...sandbox, save, read }
}

test('an unknown email creates a user, with code and id as strings', async () => {
  const { save, read } = await open()
  const { status, body } = await save({ ...ana, phone: '(555) 013-0000' })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    code: '201',
    message: 'User created.',
    data: { ...ana, phone: '(555) 013-0000', membership_role: 'VOLUNTEER', participations: [] },
  })
  expect(body.data.id).toMatch(/^\d+$/)
  expect(await read(body.data.id)).toMatchObject(ana)
  expect((await save({ ...ana, email: 'ANA.Duarte@newcomer.example', first_name: 'Anna' })).status).toBe(200)
  expect(await read(body.data.id)).toMatchObject({ first_name: 'Anna', phone: '(555) 013-0000' })
})

test('a known email, in any case, changes its user; missing fields stay, an empty phone removes it', async () => {
  const { save, read, riverbend, traps, pass } = await open()
  const known = userNamed(riverbend.records, traps.upperCase)
  const { phone } = known
  const { updated_at } = await read(known.id)
  pass(5_000)
  const { status, body } = await save({ ...ana, email: traps.upperCase.toLowerCase() })
  expect(status).toBe(200)
  expect(body).toMatchObject({ code: '200', message: 'User updated.' })
  expect(body.data).toMatchObject({ id: String(known.id), first_name: 'Ana', phone, email: traps.upperCase })
  expect(Date.parse(body.data.updated_at)).toBeGreaterThan(Date.parse(updated_at))
  await save({ ...ana, email: traps.upperCase, phone: '' })
  expect((await read(known.id)).phone).toBeNull()
})

test('another e-mail does not move a user: it makes a second one', async () => {
  const { save, get, riverbend, traps } = await open()
  const { first_name } = userNamed(riverbend.records, traps.newYear)
  const moved = await save({ ...ana, email: `new.${traps.newYear}` })
  expect(moved.status).toBe(201)
  const both = await get(`/v1/users?email_like=${traps.newYear}`)
  expect(both.body.data).toHaveLength(2)
  expect(both.body.data[0].first_name).toBe(first_name)
})

test('a role that is not named is VOLUNTEER, for an administrator, too', async () => {
  const { save, riverbend } = await open()
  const [address = ''] = riverbend.staff
  expect(userNamed(riverbend.records, address).membership_role).not.toBe('VOLUNTEER')
  const { body } = await save({ ...ana, email: address })
  expect(body.data.membership_role).toBe('VOLUNTEER')
  const raised = await save({ ...ana, email: address, role: 'ADMIN' })
  expect(raised.body.data.membership_role).toBe('ADMIN')
})

test('for a user whose account belongs to another organization only the role changes, and the answer is 200', async () => {
  const { save, read, riverbend, traps } = await open()
  const { id } = userNamed(riverbend.records, traps.foreignOrg)
  const { status, body } = await save({ ...ana, email: traps.foreignOrg, role: 'ORGANIZER' })
  expect([status, body.code]).toEqual([200, '200'])
  expect(body.data).toMatchObject({ first_name: 'Fen', membership_role: 'ORGANIZER' })
  expect((await read(id)).last_name).toBe('Castellano')
})

test('everything that is wrong is named at once, in Laravel’s words', async () => {
  const { save } = await open()
  const { status, body } = await save({
    email: 'nobody',
    birthday: '1991-02-30',
    gender: 'X',
    role: 'KING',
    org: 'elsewhere',
    invite_code: 'abc',
    password: 'short1',
    phone: 5,
  })
  expect(status).toBe(422)
  expect(body).toEqual({
    message: 'The given data was invalid.',
    errors: {
      first_name: ['The first name field is required.'],
      last_name: ['The last name field is required.'],
      birthday: ['The birthday is not a valid date.'],
      gender: ['The selected gender is invalid.'],
      email: ['The email must be a valid email address.'],
      role: ['The selected role is invalid.'],
      org: ['The selected org is invalid.'],
      invite_code: ['The selected invite code is invalid.'],
      phone: ['The phone must be a string.'],
      password: ['The password must be at least 10 characters.'],
    },
  })
  const without = await save({})
  expect(Object.keys(without.body.errors)).toEqual(['first_name', 'last_name', 'birthday', 'gender', 'email'])
  expect((await save({ ...ana, org: 'riverbend-west', password: 'abcdefghi1' })).status).toBe(201)
  expect((await save('{')).status).toBe(422)
})

test('a removed user, or one who deleted the account, is not found by the email', async () => {
  const { save, riverbend, send } = await open()
  const [address = ''] = riverbend.volunteers
  const { id } = userNamed(riverbend.records, address)
  await send('POST', `/__sandbox/people/${id}`, { customer: 'riverbend', removed: true })
  const { status, body } = await save({ ...ana, email: address })
  expect(status).toBe(201)
  expect(body.data.id).not.toBe(String(id))
})

test('an administrator may change a user’s profile fields', async () => {
  const { send, read, riverbend } = await open()
  const { id } = userNamed(riverbend.records, riverbend.volunteers[0] ?? '')
  const profile_field_values = [
    { name: 'Shoe size', value: 41 },
    { name: 'Skills', value: [] },
  ]
  await send('POST', `/__sandbox/people/${id}`, { customer: 'riverbend', profile_field_values })
  expect((await read(id)).profile_field_values).toMatchObject(profile_field_values)
})
