import { Button, PostForm } from '../../page/form.tsx'
import { Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { StaffLayout } from '../menu.tsx'
import { settingsPath } from './done.ts'

export const exportPath = `${settingsPath}/export`

/** Says what is in an organization's file and what is not, and gives it. */
export function ExportPage(props: Frame) {
  const { words, site } = props
  const said = words.staffExport
  return (
    <StaffLayout frame={props} title={said.link} role="owner" place="settings">
      <Lit>
        <div class="flow">
          <h1>{said.heading(site.name)}</h1>
          <p>{said.inIt}</p>
          <p>{said.notInIt}</p>
          <PostForm action={exportPath} sending={words.form.sending}>
            <Button>{said.button}</Button>
          </PostForm>
          <p class="quiet">{said.careful}</p>
          <p>
            <a href={settingsPath}>{words.staffSettings.back}</a>
          </p>
        </div>
      </Lit>
    </StaffLayout>
  )
}
