import { readFileSync } from 'node:fs'
import { invalid } from '../errors.ts'

/**
 * The file given to a command; `-` reads standard input.
 *
 * @param option its name without the hyphens, for the refusal
 * @throws {Refusal} 'invalid_request' when there is no such file, or it cannot be read
 */
export function readGivenFile(option: string, file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const rule = rules[code] ?? `can't be read (${code || 'unknown error'})`
    throw invalid(option, `${rule}: ${shown(file)}`, cause)
  }
}

/**
 * The text in such a file: without byte order mark and surrounding blanks, with plain line ends.
 *
 * @throws {Refusal} 'invalid_request', also for an empty one and one that is not UTF-8
 */
export function readGivenText(option: string, file: string): string {
  const bytes = readGivenFile(option, file)
  const refused = (rule: string) => invalid(option, `${rule}: ${shown(file)}`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refused('must be UTF-8 text')
  }
  const tidied = text.replaceAll('\r\n', '\n').trim()
  if (tidied === '') throw refused('is empty')
  return tidied
}

const rules: Record<string, string> = {
  ENOENT: 'names no file',
  ENOTDIR: 'names no file',
  EISDIR: 'names a folder',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EAGAIN: 'has nothing to read yet; give a file, or send it by a pipe',
}

function shown(file: string): string {
  return file === '-' ? 'standard input' : file.replace(/\p{C}/gu, '?')
}
