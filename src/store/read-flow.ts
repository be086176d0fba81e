import type { Store, Write } from './store.ts'

/** Runs a read-only flow, without a transaction. */
export async function readFlow<T>(store: Pick<Store, 'read'>, flow: () => Write<T>): Promise<T> {
  const reading = flow()
  let step = reading.next([])
  while (!step.done) step = reading.next(await store.read(step.value))
  return step.value
}
