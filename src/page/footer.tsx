import { Ask } from './contact.tsx'
import { Lamp } from './mark.tsx'
import type { Frame } from './site.ts'

export function Footer({ frame, withContact }: { frame: Frame; withContact: boolean }) {
  return (
    <footer class="foot">
      <div class="wrap foot-row">
        {withContact && (
          <p>
            <Ask frame={frame} text={frame.words.foot.questions} />
          </p>
        )}
        <p class="by">
          <Lamp />
          {frame.words.foot.by}
        </p>
      </div>
    </footer>
  )
}
