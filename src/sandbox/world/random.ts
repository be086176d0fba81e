export type Random = ReturnType<typeof makeRandom>

/**
 * Repeatable randomness. Each subject draws from its own stream, so a change in one (more shifts today than yesterday) leaves the
 * others (people and their ids) as they were.
 */
export function makeRandom(seed: number, stream: string) {
  const next = mulberry32(seed ^ fnv1a(stream))

  function int(min: number, max: number): number {
    return min + Math.floor(next() * (max - min + 1))
  }

  function pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(next() * list.length)]
    if (item === undefined) throw new Error('Nothing to pick from.')
    return item
  }

  function shuffle<T>(list: readonly T[]): T[] {
    const keyed = list.map((item) => ({ item, key: next() }))
    return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item)
  }

  return {
    next,
    int,
    pick,
    shuffle,
    chance: (share: number): boolean => next() < share,
    hex: (length: number): string => Array.from({ length }, () => int(0, 15).toString(16)).join(''),
  }
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}
