import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('./styles/', import.meta.url))

/** Our stylesheets as they stand on disk: Vitest empties those that are imported. */
export const styles = Object.fromEntries(
  readdirSync(folder).map((file) => [file, readFileSync(`${folder}${file}`, 'utf8')]),
)
