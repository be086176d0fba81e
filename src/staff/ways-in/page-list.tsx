import type { Customer } from '../../customers/customers.ts'
import type { Provider } from '../../customers/providers.ts'
import { mayActAs, type StaffRole } from '../../customers/roles.ts'
import { breakable } from '../../page/contact.tsx'
import { ButtonLink } from '../../page/form.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import { hasPasskeys } from '../../sign-in/passkey/relying-party.ts'
import type { Words } from '../../text/en.ts'
import { StaffFormPage } from '../form-page.tsx'
import { settingsPath } from '../settings/done.ts'
import { newProviderPath, providerPath } from './paths.ts'

export type WaysInDone = keyof Words['staffWaysIn']['done']

type ListProps = Frame & {
  role: StaffRole
  customer: Customer
  providers: readonly Provider[]
  /** How many sessions ended with a provider that was just removed. */
  ended: number | null
}

/** Every way to sign in, and the organization's identity systems. All staff may read it. */
export function WaysInPage(props: ListProps) {
  const { words, role, ended } = props
  const said = words.staffWaysIn
  const isOwner = mayActAs(role, 'owner')
  return (
    <StaffFormPage
      frame={props}
      title={said.title}
      role={role}
      place="ways_in"
      errors={{}}
      done={ended === null ? null : said.done.removed(ended)}
      heading={said.heading}
      lede={said.lede}
    >
      <div class="wrap flow">
        <section class="flow">
          <Ways {...props} />
          {isOwner && (
            <p>
              <a href={`${settingsPath}/sign-in`}>{said.changeIn}</a>
            </p>
          )}
        </section>
        <section class="flow">
          <h2>{said.providers.heading}</h2>
          <p class="quiet">{said.providers.what}</p>
          <Providers {...props} />
          {isOwner && (
            <p>
              <ButtonLink href={newProviderPath} quiet>
                {said.providers.add}
              </ButtonLink>
            </p>
          )}
        </section>
      </div>
    </StaffFormPage>
  )
}

function Ways({ words, customer }: ListProps) {
  const said = words.staffWaysIn
  const ways = [
    { ...said.ways.mail, isOn: true },
    { ...said.ways.password, isOn: customer.allowsPasswords },
    { ...said.ways.passkey, isOn: hasPasskeys(customer) },
  ]
  return (
    <table role="table" aria-label={said.title}>
      <TableHead columns={[{ name: said.way }, { name: said.status }, { name: said.means }]} />
      <tbody role="rowgroup">
        {ways.map(({ name, means, isOn }) => (
          <tr role="row" key={name}>
            <td role="cell">{name}</td>
            <td role="cell">{isOn ? said.on : said.off}</td>
            <td role="cell">{means}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Providers({ words, role, providers }: ListProps) {
  const said = words.staffWaysIn
  if (providers.length === 0) return <p>{said.providers.none}</p>
  return (
    <table role="table" aria-label={said.providers.heading}>
      <TableHead
        columns={[
          { name: said.providers.system },
          { name: said.status },
          { name: said.providers.domains },
          { name: said.register.issuer },
        ]}
      />
      <tbody role="rowgroup">
        {providers.map((provider) => (
          <tr role="row" key={provider.name}>
            <td role="cell">
              {mayActAs(role, 'owner') ? (
                <a href={providerPath(provider.name)}>{words.provider.button(provider.label)}</a>
              ) : (
                words.provider.button(provider.label)
              )}
            </td>
            <td role="cell">{stateOf(provider, words)}</td>
            <td role="cell">{breakable(provider.domains.join(', ') || said.providers.any)}</td>
            <td role="cell">{breakable(provider.issuer)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function stateOf({ isOff, isOnlyWay, leadsStraight }: Provider, { staffWaysIn: said }: Words): string {
  if (isOff) return said.off
  if (isOnlyWay) return said.providers.only
  return leadsStraight ? said.providers.straight : said.on
}
