import { during } from '../../../audit.ts'
import type { Visited } from '../../../customers/visit.ts'
import type { Tools } from '../../../part.ts'
import { readFlow } from '../../../store/read-flow.ts'
import type { Queries, Write } from '../../../store/store.ts'
import type { RowndApplication } from '../application/applications.ts'
import { requireOwnApplication } from '../application/callers.ts'
import { circleBody, memberBody, newCircleBody, newMemberBody, readBody } from '../bodies.ts'
import { RowndError } from '../envelope.ts'
import { cutPage, readPaging } from '../paging.ts'
import { identifierSought } from '../profiles/identifiers.ts'
import { holdersOf, profileById } from '../profiles/profiles.ts'
import { shownData } from '../profiles/view.ts'
import { changeCircle, createCircle, deleteCircle, requireCircle, toCircle } from './circles.ts'
import { addMember, changeMember, membersOf, removeMember } from './members.ts'
import { toCircleView, toMemberView } from './view.ts'

const maxRowsPerPage = 100

/** `/applications/{app}/groups…`: circles and their members, by key and secret. */
export function rowndCircleHandlers(tools: Tools) {
  const { store, clock } = tools
  const { db } = store

  async function list(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const paging = readPaging(c, maxRowsPerPage)
    const all = await store.read(
      db.selectFrom('circle').selectAll().where('application_id', '=', application.id).compile(),
    )
    const page = cutPage(all.map(toCircle), paging)
    return c.json({ total_results: all.length, results: page.map(toCircleView) })
  }

  async function create(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const { name, admission_policy: admissionPolicy, meta = null } = await readBody(c, newCircleBody)
    const order = { name, admissionPolicy, meta, createdBy: null }
    const circle = await store.write(during(c, () => createCircle(db, application, order, clock())))
    return c.json(toCircleView(circle))
  }

  async function read(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    return c.json(toCircleView(await readFlow(store, () => requireCircle(db, application, circleIn(c)))))
  }

  async function put(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const { name, admission_policy: admissionPolicy, meta } = await readBody(c, circleBody)
    const change = {
      circleId: circleIn(c),
      by: null,
      ...(name !== undefined && { name }),
      ...(admissionPolicy !== undefined && { admissionPolicy }),
      ...(meta !== undefined && { meta }),
    }
    return c.json(
      toCircleView(await store.write(during(c, () => changeCircle(db, application, change, clock())))),
    )
  }

  async function remove(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    await store.write(during(c, () => deleteCircle(db, application, circleIn(c), clock())))
    return c.body(null, 204)
  }

  async function listMembers(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const paging = readPaging(c, maxRowsPerPage)
    return c.json(
      await readFlow(store, function* () {
        const circle = yield* requireCircle(db, application, circleIn(c))
        const all = yield* membersOf(db, circle.id)
        const results = []
        for (const member of cutPage(all, paging)) results.push(yield* showMember(application, member))
        return { total_results: all.length, results }
      }),
    )
  }

  async function readMember(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    return c.json(
      await readFlow(store, function* () {
        const circle = yield* requireCircle(db, application, circleIn(c))
        const member = (yield* membersOf(db, circle.id)).find(({ id }) => id === memberIn(c))
        if (!member) throw new RowndError('E_NOT_FOUND', { messages: ['The group has no such member.'] })
        return yield* showMember(application, member)
      }),
    )
  }

  async function add(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const { user_id: userId, roles } = await readBody(c, newMemberBody)
    return c.json(
      await store.write(
        during(c, function* () {
          const profileId = yield* profileCalled(db, application, userId)
          const order = { circleId: circleIn(c), profileId, roles, by: null }
          return yield* showMember(application, yield* addMember(db, application, order, clock()))
        }),
      ),
    )
  }

  async function putMember(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const { roles } = await readBody(c, memberBody)
    const change = { circleId: circleIn(c), memberId: memberIn(c), roles }
    return c.json(
      await store.write(
        during(c, function* () {
          return yield* showMember(application, yield* changeMember(db, application, change, clock()))
        }),
      ),
    )
  }

  async function removeOne(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const at = { circleId: circleIn(c), memberId: memberIn(c) }
    await store.write(during(c, () => removeMember(db, application, at, clock())))
    return c.body(null, 204)
  }

  function* showMember(
    application: RowndApplication,
    member: Parameters<typeof toMemberView>[0],
  ): Write<ReturnType<typeof toMemberView>> {
    const profile = yield* profileById(db, { applicationId: application.id, profileId: member.profileId })
    return toMemberView(member, profile && shownData(application, profile.data, 'application'))
  }

  return {
    list,
    create,
    read,
    put,
    remove,
    listMembers,
    readMember,
    addMember: add,
    putMember,
    removeMember: removeOne,
  }
}

/**
 * By id, or by an email address or phone number that only one profile has. @throws {RowndError} 'E_USER_NOT_FOUND',
 * 'E_IDENTITY_CONFLICT'
 */
function* profileCalled(db: Queries, application: RowndApplication, text: string): Write<string> {
  const known = yield* profileById(db, { applicationId: application.id, profileId: text })
  if (known) return known.id
  const found = new Set<string>()
  for (const field of application.verificationFields) {
    const value = identifierSought(field, text, application.country)
    if (value === undefined) continue
    const holders = yield* holdersOf(db, application.id, { field, value })
    const proved = holders.filter(({ verifiedAtMs }) => verifiedAtMs !== null)
    for (const { profileId } of proved.length > 0 ? proved : holders) found.add(profileId)
  }
  const [first, ...more] = found
  if (first === undefined) throw new RowndError('E_USER_NOT_FOUND')
  if (more.length > 0) throw new RowndError('E_IDENTITY_CONFLICT')
  return first
}

export function circleIn(c: Visited): string {
  return c.req.param('group') ?? ''
}

function memberIn(c: Visited): string {
  return c.req.param('member') ?? ''
}
