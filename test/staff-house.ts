import type { StaffRole } from '../src/customers/roles.ts'
import type { Rows } from './database.ts'
import type { Answer } from './house.ts'

/** What the journeys of the staff pages share. */

/** Puts an address on a customer's staff, by its row. @returns the address */
export async function addStaff(
  database: Rows,
  { address, role, slug = 'riverbend' }: { address: string; role: StaffRole; slug?: string },
): Promise<string> {
  await database.run('insert into staff select id, ?, ?, 0 from customer where slug = ?', address, role, slug)
  return address
}

/** Our id of the person with this address. */
export async function personIdOf(database: Rows, address: string): Promise<string> {
  return (await database.one<{ id: string }>('select id from person where address = ?', address)).id
}

/** The words of a page in one line, without its tags. */
export function readable(html: string): string {
  return html
    .replace(/<wbr\/?>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
}

export const leadsTo = ({ status, headers }: Answer) => [status, headers['location']]
