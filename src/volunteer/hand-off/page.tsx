import { Ask, breakable } from '../../page/contact.tsx'
import { ButtonLink } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame, Visitor } from '../../page/site.ts'

/** Why VOMO did not open. */
export type HandOffTrouble = keyof Frame['words']['handOff']['trouble']

type HandOffProps = Frame & {
  visitor: Visitor
  trouble: HandOffTrouble
  /** VOMO's site. */
  siteUrl: string
  /** The visitor's own. */
  address: string
}

/** Shown when a hand-off fails: why, in one sentence, and a link to VOMO's own sign-in. */
export function HandOffPage({ visitor, trouble, siteUrl, address, ...frame }: HandOffProps) {
  const { words, site } = frame
  const said = words.handOff
  const { heading, what } = said.trouble[trouble]
  return (
    <Page frame={frame} title={heading} visitor={visitor} saysWhomToAsk>
      <Lit>
        <div class="door flow">
          <h1>{heading}</h1>
          <p>{what(site.name)}</p>
          <ButtonLink href={siteUrl} isElsewhere>
            {said.next}
          </ButtonLink>
        </div>
      </Lit>
      <div class="wrap">
        <div class="door flow">
          <p>
            <Sentence text={said.signInThere(slot(0))} parts={[<b>{breakable(address)}</b>]} />
          </p>
          <p>
            <Ask frame={frame} text={said.ask} />
          </p>
          <p>
            <a href="/">{said.back}</a>
          </p>
        </div>
      </div>
    </Page>
  )
}
