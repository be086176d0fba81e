import { connect, type Socket } from 'node:net'

export type Answer = { status: number; head: string; body: Buffer }

export type Load = {
  answered: number
  seconds: number
  /** Milliseconds, in ascending order. */
  latencies: Float64Array
  statuses: Map<number, number>
}

/**
 * Keeps every connection busy with one request at a time, until the time is over or nothing is left to send.
 *
 * Works on sockets and bytes, because an HTTP client library costs more than the server it measures.
 */
export async function pressHard(given: {
  port: number
  connections: number
  seconds: number
  next: () => Buffer | undefined
}): Promise<Load> {
  const { port, seconds, next } = given
  const counts = new Counts()
  const open = await Promise.all(Array.from({ length: given.connections }, () => openConnection(port)))
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1000
  const stayAwake = keepAwake()

  await Promise.all(
    open.map(
      (connection) =>
        new Promise<void>((resolve, reject) => {
          let sentAt = 0
          const send = () => {
            sentAt = performance.now()
            const bytes = sentAt < endsAt ? next() : undefined
            if (bytes) connection.write(bytes)
            else resolve()
          }
          connection.listen((answer) => {
            counts.note(answer.status, performance.now() - sentAt)
            send()
          }, reject)
          send()
        }),
    ),
  )
  const elapsed = (performance.now() - startedAt) / 1000
  stayAwake.end()
  for (const connection of open) connection.end()
  return counts.load(elapsed)
}

/**
 * Sends at a fixed rate, even if the server falls behind. Latency counts from when a request was due, so a server that stalls is
 * charged for the requests that waited.
 */
export async function pressEvenly(given: {
  port: number
  connections: number
  perSecond: number
  requests: readonly Buffer[]
}): Promise<Load> {
  const { port, perSecond, requests } = given
  const counts = new Counts()
  const free = await Promise.all(Array.from({ length: given.connections }, () => openConnection(port)))
  const all = [...free]
  const due: { bytes: Buffer; atMs: number }[] = []
  const startedAt = performance.now()
  let scheduled = 0

  await new Promise<void>((resolve, reject) => {
    // Stays awake between requests, for the reason `keepAwake` gives, and to send each on time.
    const look = () => {
      const nowMs = performance.now() - startedAt
      while (scheduled < requests.length && (scheduled * 1000) / perSecond <= nowMs) {
        const bytes = requests[scheduled]
        if (bytes) due.push({ bytes, atMs: (scheduled * 1000) / perSecond })
        scheduled += 1
      }
      sendDue()
      if (counts.answered < requests.length) setImmediate(look)
    }
    look()

    function sendDue(): void {
      while (free.length > 0 && due.length > 0) {
        const connection = free.pop()
        const request = due.shift()
        if (!connection || !request) return
        connection.listen((answer) => {
          counts.note(answer.status, performance.now() - startedAt - request.atMs)
          free.push(connection)
          if (counts.answered === requests.length) resolve()
          else sendDue()
        }, reject)
        connection.write(request.bytes)
      }
    }
  })
  for (const connection of all) connection.end()
  return counts.load((performance.now() - startedAt) / 1000)
}

/** Fails on refusals, because they are fast and would flatter the figure. */
export function expectOnly(name: string, load: Load, ...statuses: number[]): void {
  const others = [...load.statuses].filter(([status]) => !statuses.includes(status))
  if (others.length > 0 || load.answered === 0)
    throw new Error(
      `${name} was answered ${JSON.stringify([...load.statuses])}, not only ${statuses.join(', ')}`,
    )
}

/**
 * Keeps the load generator's core awake. To wake a sleeping core is expensive on a virtual machine, and the server's write pays for
 * it. A slow server would pay at every answer and a fast one rarely, so their ratio would mean little.
 */
function keepAwake(): { end(): void } {
  let isOver = false
  const turn = () => {
    if (!isOver) setImmediate(turn)
  }
  turn()
  return {
    end() {
      isOver = true
    },
  }
}

class Counts {
  answered = 0
  private readonly latencies: number[] = []
  private readonly statuses = new Map<number, number>()

  note(status: number, ms: number): void {
    this.answered += 1
    this.latencies.push(ms)
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
  }

  load(seconds: number): Load {
    return {
      answered: this.answered,
      seconds,
      latencies: Float64Array.from(this.latencies).toSorted(),
      statuses: this.statuses,
    }
  }
}

/** One request on a connection of its own. */
export async function askOnce(port: number, bytes: Buffer): Promise<Answer> {
  const connection = await openConnection(port)
  try {
    return await connection.ask(bytes)
  } finally {
    connection.end()
  }
}

export type Connection = Awaited<ReturnType<typeof openConnection>>

/** A persistent connection that handles one answer at a time. */
export function openConnection(port: number) {
  let hear: (answer: Answer) => void = () => {}
  let fail: (error: Error) => void = () => {}
  let pending: Buffer = Buffer.alloc(0)

  function take(bytes: Buffer): void {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes])
    const read = readAnswer(pending)
    if (!read) {
      // The buffer of these bytes is reused for the next ones.
      if (pending === bytes) pending = Buffer.from(bytes)
      return
    }
    pending = Buffer.alloc(0)
    hear(read)
  }

  return new Promise<{
    write(bytes: Buffer): void
    listen(onAnswer: (answer: Answer) => void, onError: (error: Error) => void): void
    ask(bytes: Buffer): Promise<Answer>
    end(): void
  }>((resolve, reject) => {
    const buffer = Buffer.allocUnsafe(256 * 1024)
    const socket: Socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer,
        callback: (count) => {
          take(buffer.subarray(0, count))
          return true
        },
      },
    })
    let isEnded = false
    fail = reject
    socket.on('error', (error) => fail(error))
    socket.on('close', () => !isEnded && fail(new Error('the server hung up')))
    const connection = {
      write: (bytes: Buffer) => void socket.write(bytes),
      listen(onAnswer: (answer: Answer) => void, onError: (error: Error) => void) {
        hear = onAnswer
        fail = onError
      },
      ask: (bytes: Buffer) =>
        new Promise<Answer>((answered, failed) => {
          connection.listen(
            ({ status, head, body }) => answered({ status, head, body: Buffer.from(body) }),
            failed,
          )
          socket.write(bytes)
        }),
      end() {
        isEnded = true
        socket.destroy()
      },
    }
    socket.once('connect', () => resolve(connection))
  })
}

/** The answer, once it is complete. */
function readAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const status = Number(head.slice(9, 12))
  const body = bytes.subarray(headEnd + 4)
  const said = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (said !== undefined) return body.length < Number(said) ? undefined : { status, head, body }
  if (/\r\ntransfer-encoding: chunked/i.test(head)) {
    const isWhole = body.subarray(-5).equals(lastChunk)
    return isWhole ? { status, head, body } : undefined
  }
  return { status, head, body }
}

const lastChunk = Buffer.from('0\r\n\r\n')
