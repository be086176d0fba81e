/**
 * Words that occur in exactly one field of one record, and identify their owner: eleven letters, so that they pass for a name, a
 * street or the local part of an address, and can be found in any body.
 */

export type Tenant = 'a' | 'b' | 'c'
/** A place in a tenant's list of people; `none` for data of the whole organization. */
export type Owner = number | 'none'

/** Whether the whitelist lets its owner read it. */
export type Canary = { tenant: Tenant; owner: Owner; field: string; isShown: boolean }

const form = /qz([abc])([a-z]{2})([a-z]{2})([wx])zq/gi
const noOwner = 'zz'

/** @param field two letters */
export function canary({ tenant, owner, field, isShown }: Canary): string {
  const place =
    owner === 'none' ? noOwner : String.fromCharCode(97 + Math.floor(owner / 26), 97 + (owner % 26))
  return `qz${tenant}${place}${field}${isShown ? 'w' : 'x'}zq`
}

export function* canariesIn(text: string): Generator<Canary & { word: string }> {
  for (const [word, tenant = '', place = '', field = '', flag] of text.matchAll(form)) {
    const [first = 0, second = 0] = [...place.toLowerCase()].map((letter) => letter.charCodeAt(0) - 97)
    yield {
      word: word.toLowerCase(),
      tenant: tenant.toLowerCase() as Tenant,
      owner: place.toLowerCase() === noOwner ? 'none' : first * 26 + second,
      field: field.toLowerCase(),
      isShown: flag?.toLowerCase() === 'w',
    }
  }
}
