import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('./styles/', import.meta.url))

/** Our stylesheets as they stand on disk: Vitest empties imported ones. */
export const styles = Object.fromEntries(
  readdirSync(folder).map((file) => [file, readFileSync(`${folder}${file}`, 'utf8')]),
)
