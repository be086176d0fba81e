import { classIf } from '../../page/class-if.ts'
import { Ask } from '../../page/contact.tsx'
import type { Frame } from '../../page/site.ts'
import { formatDate } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import type { CertificatesAnswer } from './answers.ts'

/**
 * The volunteer's certificates; if VOMO does not list them, a note that says so and the certificates the customer defines. Empty
 * when there is neither.
 */
export function Certificates({ frame, certificates }: { frame: Frame; certificates: CertificatesAnswer }) {
  const { words, site } = frame
  const said = words.certificates
  const { data, told, defined, complete } = certificates
  if (complete && !told && defined.length === 0) return null
  return (
    <section class="wrap flow certificates">
      <h2>{said.heading}</h2>
      {told ? (
        <Held frame={frame} held={data} />
      ) : (
        <>
          <p>
            {said.notTold} <Ask frame={frame} text={said.askAbout} />
          </p>
          {!complete && <p class="quiet">{said.loading}</p>}
          {defined.length > 0 && <p>{said.defined(site.name)}</p>}
          <ul class="rows">
            {defined.map(({ name, description, valid_for_days: days }) => (
              <li key={name}>
                <p class="strong">{name}</p>
                {description !== null && <p>{description}</p>}
                <p class="quiet">{days === null ? said.states.no_end : lifeOf(words, days)}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Held({ frame, held }: { frame: Frame; held: CertificatesAnswer['data'] }) {
  const { words, locale } = frame
  const said = words.certificates
  if (held.length === 0) return <p>{said.none}</p>
  return (
    <ul class="rows">
      {held.map(({ name, earned_on: earned, expires_on: expires, state }, index) => (
        <li key={`${name} ${index}`}>
          <p class="strong">{name}</p>
          <p {...classIf(state === 'expired' || state === 'expires_soon', 'state')}>
            {state === 'no_end' || expires === null
              ? said.states.no_end
              : said.states[state](dayWords(locale, expires))}
          </p>
          {earned !== null && <p class="quiet">{said.earned(dayWords(locale, earned))}</p>}
        </li>
      ))}
    </ul>
  )
}

function dayWords(locale: string, day: string): string {
  return formatDate(locale, { ms: Date.parse(`${day}T00:00:00Z`), timeZone: 'UTC' })
}

/** "Good for 2 years": VOMO counts in days. */
function lifeOf({ certificates: said }: Words, days: number): string {
  return days % 365 === 0 ? said.years(days / 365) : said.days(days)
}
