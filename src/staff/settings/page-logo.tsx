import { mayActAs, type StaffRole } from '../../customers/roles.ts'
import { Button, Field, PostForm } from '../../page/form.tsx'
import { standsAlone } from '../../page/logo.tsx'
import type { Frame } from '../../page/site.ts'
import type { Words } from '../../text/en.ts'

export type LogoFault = keyof Words['staffSettings']['logo']['errors']

/** The logo there is, and for owners the forms that replace and remove it. */
export function LogoForm({ words, site, role, fault }: Frame & { role: StaffRole; fault: LogoFault | null }) {
  const said = words.staffSettings.logo
  const { logo } = site
  const seen = <input type="hidden" name="seen" value={logo?.src ?? ''} />
  return (
    <section class="flow">
      <h2>{said.heading}</h2>
      {logo ? (
        <>
          <p>
            <img class="logo-sample" src={logo.src} width={logo.width} height={logo.height} alt={said.alt} />
          </p>
          <p>
            {standsAlone(logo) ? said.alone : said.beside} {!logo.suitsDark && said.onDark}
          </p>
        </>
      ) : (
        <p>{said.none}</p>
      )}
      {mayActAs(role, 'owner') && (
        <PostForm action="/admin/settings/logo" sending={words.form.sending} hasFile>
          {seen}
          <Field
            name="logo"
            label={said.file}
            hint={said.what}
            error={fault === null ? undefined : said.errors[fault]}
            type="file"
            accept=".svg,.png,.jpg,.jpeg,.webp"
          />
          <Button quiet>{said.button}</Button>
        </PostForm>
      )}
      {mayActAs(role, 'owner') && logo && (
        <PostForm action="/admin/settings/logo/remove" sending={words.form.sending}>
          {seen}
          <Button asLink>{said.remove}</Button>
        </PostForm>
      )}
    </section>
  )
}
