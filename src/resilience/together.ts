/** Work on the items of one key: those that come while it runs are worked on together after that, in the order they came. */
export type Together = <Item>(
  key: string,
  item: Item,
  work: (items: readonly Item[]) => Promise<void>,
) => Promise<void>

/** So thousands of writes to one row at once are two. An item's work fails for each of the items it took. */
export function openTogether(): Together {
  /** What the next work takes, by key. */
  const next = new Map<string, { items: unknown[]; done: Promise<void> }>()
  const underWay = new Map<string, Promise<unknown>>()

  async function workOn<Item>(
    key: string,
    items: readonly Item[],
    work: (items: readonly Item[]) => Promise<void>,
  ): Promise<void> {
    await underWay.get(key)
    next.delete(key)
    const done = work(items)
    const ended = Promise.allSettled([done])
    underWay.set(key, ended)
    await ended
    if (underWay.get(key) === ended) underWay.delete(key)
    return done
  }

  return (key, item, work) => {
    const joined = next.get(key)
    if (joined) {
      joined.items.push(item)
      return joined.done
    }
    const items = [item]
    const done = workOn(key, items, work)
    next.set(key, { items, done })
    return done
  }
}
