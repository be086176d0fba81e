/** The segments of VOMO's paths that we ask. */
const words = new Set([
  'organizations',
  'users',
  'one-time',
  'projects',
  'campaigns',
  'certificates',
  'groups',
])

/** A path with every other segment, and so every id, left out: `/users/:id`. */
export function patternOf(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment === '' || words.has(segment) ? segment : ':id'))
    .join('/')
}
