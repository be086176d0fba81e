import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import { LRUCache } from 'lru-cache'
import { rememberLanguage } from '../accounts/people.ts'
import { during } from '../audit.ts'
import type { Visited } from '../customers/visit.ts'
import { invalid } from '../errors.ts'
import { readForm } from '../http/body.ts'
import { ownPath, seeOther } from '../http/redirect.ts'
import type { Tools } from '../part.ts'
import { defaultLanguage, type LanguageName, languageNamed, languageNames } from '../text/languages.ts'
import { readCookie, writeCookie } from './cookies.ts'
import { sessionOf } from './session/visitor.ts'

const choiceLifeMs = 365 * 24 * 3_600_000

/** The visitor's language: their choice here, else their browser's preference, else the default. */
export function languageOf(c: Visited): LanguageName {
  return languageNamed(readCookie(c, 'porchlight_language')) ?? languageAsked(c)
}

/** By `Accept-Language` alone. */
export function languageAsked(c: Context): LanguageName {
  const header = c.req.header('accept-language') ?? ''
  const known = answers.get(header)
  if (known !== undefined) return known
  const options = {
    header: 'Accept-Language',
    supports: languageNames,
    default: defaultLanguage,
    match: bestOf,
  } as const
  const found = languageNamed(accepts(c, options)) ?? defaultLanguage
  if (header.length <= maxKeyLength) answers.set(header, found)
  return found
}

/** Browsers of one place send much the same header, so answers are cached. */
const answers = new LRUCache<string, LanguageName>({ max: 1_000 })
const maxKeyLength = 200

type Wish = { readonly type: string; readonly q: number }

/** RFC 9110 §12.5.4: the most preferred first, a region falls back to its language, and `*` matches any language not refused. */
function bestOf(wishes: readonly Wish[]): LanguageName {
  const nameIn = ({ type }: Wish) => languageNamed(type.split('-')[0]?.toLowerCase())
  const refused = new Set(wishes.filter(({ type, q }) => q === 0 && !type.includes('-')).map(nameIn))
  for (const wish of wishes.filter(({ q }) => q > 0).toSorted((a, b) => b.q - a.q)) {
    const name = wish.type === '*' ? languageNames.find((each) => !refused.has(each)) : nameIn(wish)
    if (name !== undefined) return name
  }
  return defaultLanguage
}

/** `POST /language` of the switch in every page's footer: the browser keeps it, and so does the account of a signed-in person. */
export function languageHandlers(tools: Tools) {
  async function choose(c: Visited): Promise<Response> {
    const form = await readForm(c)
    const language = languageNamed(form.get('to'))
    if (language === undefined) throw invalid('to', `must be one of ${languageNames.join(', ')}`)
    const session = await sessionOf(tools, c)
    if (session?.isLive) {
      const { store, clock } = tools
      await store.write(during(c, () => rememberLanguage(store.db, session.person, language, clock())))
    }
    writeCookie(c, 'porchlight_language', language, choiceLifeMs)
    return seeOther(c, ownPath(form.get('back')) ?? '/')
  }

  return { chooseLanguage: choose }
}
