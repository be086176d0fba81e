import type { StaffRole } from '../../customers/roles.ts'
import { breakable } from '../../page/contact.tsx'
import { Button, Choice, Field, PostForm } from '../../page/form.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import type { Words } from '../../text/en.ts'
import { StaffFormPage } from '../form-page.tsx'

export type TeamDone = keyof Words['staffTeam']['done']

/** The form as it was sent, and what is wrong with it. */
export type TeamForm = { email: string; role: StaffRole | null; errors: { email?: string; role?: string } }

type TeamProps = Frame & {
  members: readonly { address: string; role: StaffRole; isYou: boolean }[]
  form: TeamForm
  done: TeamDone | null
}

/** Who is on staff, and the form that adds one or changes a role. For owners. */
export function TeamPage(props: TeamProps) {
  const { words, site, form, done } = props
  const said = words.staffTeam
  return (
    <StaffFormPage
      frame={props}
      title={said.title}
      role="owner"
      place="team"
      errors={form.errors}
      done={done && said.done[done]}
      heading={said.heading(site.name)}
      lede={said.lede}
    >
      <div class="wrap flow">
        <Members {...props} />
        <section class="flow">
          <h2>{said.add.heading}</h2>
          <p class="quiet">{said.add.what}</p>
          <PostForm action="/admin/staff" sending={words.form.sending}>
            <Field
              name="email"
              label={said.add.label}
              error={form.errors.email}
              type="email"
              autocomplete="off"
              maxLength={320}
              value={form.email}
            />
            <Choice
              name="role"
              label={said.add.role}
              error={form.errors.role}
              options={(['viewer', 'coordinator', 'owner'] as const).map((value) => ({
                value,
                label: said.roles[value],
              }))}
              chosen={form.role}
            />
            <Button>{said.add.button}</Button>
          </PostForm>
        </section>
        <p>
          <a href="/admin">{words.staff.volunteer.back}</a>
        </p>
      </div>
    </StaffFormPage>
  )
}

function Members({ words, members }: TeamProps) {
  const said = words.staffTeam
  return (
    <table role="table" aria-label={said.title}>
      <TableHead
        columns={[{ name: said.address }, { name: said.role }, { name: said.change }, { name: said.remove }]}
      />
      <tbody role="rowgroup">
        {members.map(({ address, role, isYou }) => (
          <tr role="row" key={address}>
            <td role="cell">
              {breakable(address)} {isYou && <span class="quiet">{said.you}</span>}
            </td>
            <td role="cell">{words.staff.roles[role]}</td>
            <td role="cell">
              <a
                href={`/admin/staff?email=${encodeURIComponent(address)}#email`}
                aria-label={`${said.change}: ${address}`}
              >
                {said.change}
              </a>
            </td>
            <td role="cell">
              <PostForm action="/admin/staff/remove" sending={words.form.sending}>
                <input type="hidden" name="email" value={address} />
                <Button asLink label={`${said.remove}: ${address}`}>
                  {said.remove}
                </Button>
              </PostForm>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
