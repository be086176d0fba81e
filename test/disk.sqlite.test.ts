import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../src/store/engines.ts'
import {
  type Acked,
  acknowledged,
  endPortals,
  expectAllOf,
  expectCopyHoldsAll,
  nothingYet,
  openHouse,
  startPortal,
  writeOne,
  writersAtOnce,
} from './busy-portal.ts'
import { openRows, type Rows } from './database.ts'
import { buildPortalProcess } from './portals.ts'

/** What was acknowledged is in the file, even when the machine or the disk fails. */

const folder = mkdtempSync(join(tmpdir(), 'porchlight-disk-'))
let script: string
let saboteur: string

beforeAll(async () => {
  script = await buildPortalProcess()
  saboteur = compileSaboteur()
})
afterAll(() => {
  endPortals()
  rmSync(folder, { recursive: true })
})

const fileOf = (name: string) => join(folder, `${name}.db`)

it('a power cut at any moment leaves everything acknowledged, of what had been flushed alone', async () => {
  const house = await openHouse(fileOf('power'), 400)
  const before = readFileSync(house.database)
  const trace = join(folder, 'power.trace')
  const portal = await startPortal(script, house, { LD_PRELOAD: saboteur, SABOTEUR_TRACE: trace })
  const acked: { atByte: number; address?: string; link?: string }[] = []
  const links = house.links.splice(0, 300)
  let asked = 0
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; i < 30; i += 1) {
        const address = `power-${writer}-${i}@example.org`
        const link = i % 2 === 0 ? links.pop() : undefined
        const { status } = link ? await portal.post(`/auth/${link}`) : await portal.askFor(address)
        expect(status).toBe(link ? 303 : 202)
        asked += 1
        // Everything this answer relies on is in the trace by now.
        acked.push({ atByte: statSync(trace).size, ...(link ? { link } : { address }) })
      }
    }),
  )
  portal.child.kill('SIGKILL')
  await portal.ended
  expect(asked).toBe(240)

  const events = readTrace(readFileSync(trace))
  const flushes = events.filter(({ kind }) => kind === 'flush').length
  // Eight concurrent writers share commits, so at least every eighth of 240 answers must have waited for a flush.
  expect(flushes).toBeGreaterThanOrEqual(30)
  for (let cut = 0; cut < 20; cut += 1) {
    const first = acked[0]?.atByte ?? 0
    const atByte = first + Math.floor(Math.random() * (statSync(trace).size - first))
    for (const luck of ['only what was flushed', 'and some of the rest'] as const) {
      const image = join(folder, `power-${cut}`)
      writeImage(image, before, events, { atByte, keepsSome: luck === 'and some of the rest' })
      const survivors = acked.filter((each) => each.atByte <= atByte)
      await inspect(image, async (rows) => {
        expect(await rows.isIntact(), luck).toBe(true)
        await expectAllOf(
          {
            addresses: survivors.flatMap(({ address }) => address ?? []),
            links: survivors.flatMap(({ link }) => link ?? []),
            sessions: [],
            odd: [],
          },
          rows,
        )
      })
    }
  }
})

it('flushes at least once for every commit, and answers only after it', async () => {
  const house = await openHouse(fileOf('flushes'), 0)
  const trace = join(folder, 'flushes.trace')
  const portal = await startPortal(script, house, { LD_PRELOAD: saboteur, SABOTEUR_TRACE: trace })
  const flushes = () => readTrace(readFileSync(trace)).filter(({ kind }) => kind === 'flush').length
  for (let i = 0; i < 40; i += 1) {
    const before = flushes()
    expect((await portal.askFor(`flush-${i}@example.org`)).status).toBe(202)
    expect(flushes()).toBeGreaterThan(before)
  }
  await portal.stop()
  const store = await openStore({ database: house.database })
  await store.close()
  // Opened as we open every connection; the file itself remembers only the first setting.
  await inspect(house.database, async (rows) =>
    expect(await rows.one('pragma journal_mode')).toEqual({ journal_mode: 'wal' }),
  )
})

describe('a disk', () => {
  it.each(['full', 'at the limit of its files'])(
    'that is %s: every failed write is said, nothing is half done, and it mends by itself',
    async (how) => {
      const house = await openHouse(fileOf(`disk ${how}`), 200)
      const isFull = join(folder, `${how}.flag`)
      const isLimit = how !== 'full'
      const portal = await startPortal(
        script,
        house,
        isLimit ? {} : { LD_PRELOAD: saboteur, SABOTEUR_FULL: isFull },
      )
      const limitFiles = (bytes: string) =>
        expect(spawnSync('prlimit', [`--pid=${portal.child.pid}`, `--fsize=${bytes}:`]).status).toBe(0)
      const acked: Acked = nothingYet()
      for (let i = 0; i < 20; i += 1) await writeOne(portal, house, acked, `before-${i}@example.org`)
      const spendable = house.links.at(-1) ?? ''

      if (isLimit) limitFiles('0')
      else writeFileSync(isFull, '')
      const refused = await Promise.all(
        Array.from({ length: 32 }, (_, i) => portal.askFor(`refused-${i}@example.org`)),
      )
      for (const answer of refused) {
        expect(answer.status).toBe(500)
        expect(JSON.parse(answer.text)).toMatchObject({ code: 'server_error' })
      }
      const page = await portal.post('/sign-in', 'email=refused%40example.org')
      expect([page.status, page.text.includes('<!doctype html>'), page.text.includes('SQLITE')]).toEqual([
        500,
        true,
        false,
      ])
      expect((await portal.post(`/auth/${spendable}`)).status).toBe(500)
      // Reads keep working.
      expect((await portal.get('/sign-in')).status).toBe(200)
      expect((await portal.get('/readyz')).status).toBe(503)
      expect((await portal.get(`/auth/${spendable}`)).status).toBe(200)
      expect((await portal.get('/portal/api/limits', acked.sessions[0])).status).toBe(200)

      if (isLimit) limitFiles('unlimited')
      else rmSync(isFull)
      for (let i = 0; i < 20; i += 1) await writeOne(portal, house, acked, `after-${i}@example.org`)
      expect(acknowledged(acked)).toBe(40)
      expect((await portal.get('/readyz')).status).toBe(200)
      await portal.stop()
      await inspect(house.database, async (rows) => {
        expect(await rows.isIntact()).toBe(true)
        await expectAllOf(acked, rows)
        expect(await rows.count("sign_in_request where address like 'refused%'")).toBe(0)
      })
    },
  )

  it('row 6: that fills up without a write shows at /readyz, and so does that it has room again', async () => {
    const house = await openHouse(fileOf('disk unwatched'), 0)
    const isFull = join(folder, 'unwatched.flag')
    const portal = await startPortal(script, house, { LD_PRELOAD: saboteur, SABOTEUR_FULL: isFull })
    const ready = async () => (await portal.get('/readyz')).status
    expect(await ready()).toBe(200)
    writeFileSync(isFull, '')
    await expect.poll(ready, { timeout: 15_000 }).toBe(503)
    rmSync(isFull)
    await expect.poll(ready, { timeout: 15_000 }).toBe(200)
    // Frequent health checks cause an occasional write, not one per answer.
    const trace = () => statSync(`${house.database}-wal`).size
    const before = trace()
    for (let i = 0; i < 50; i += 1) expect(await ready()).toBe(200)
    expect(trace() - before).toBeLessThanOrEqual(2 * 4200)
    await portal.stop()
  })

  it('that fails now and then: each answer is true, and nothing is half done', async () => {
    const house = await openHouse(fileOf('failing'), 600)
    const portal = await startPortal(script, house, { LD_PRELOAD: saboteur, SABOTEUR_FAILS_PERCENT: '2' })
    const acked: Acked = nothingYet()
    const refused: string[] = []
    await Promise.all(
      Array.from({ length: writersAtOnce }, async (_, writer) => {
        for (let i = 0; i < 40; i += 1) {
          const address = `failing-${writer}-${i}@example.org`
          const { status } = await portal.askFor(address)
          expect([202, 500]).toContain(status)
          if (status === 202) acked.addresses.push(address)
          else refused.push(address)
        }
      }),
    )
    expect(refused.length).toBeGreaterThan(0)
    await portal.stop()
    await inspect(house.database, async (rows) => {
      expect(await rows.isIntact()).toBe(true)
      await expectAllOf(acked, rows)
      const asked = await rows.all<{ address: string }>('select address from sign_in_request')
      const there = new Set(asked.map(({ address }) => address))
      expect(refused.filter((address) => there.has(address))).toEqual([])
    })
  })
})

it.each(['backup', 'vacuum into'])(
  'a copy made by %s under load holds all that was acknowledged before it began',
  async (how) => {
    const house = await openHouse(fileOf(`copied by ${how}`), 3000)
    await expectCopyHoldsAll(script, house, async () => {
      const copy = fileOf(`copy by ${how}`)
      const source = new Database(house.database)
      if (how === 'backup') await source.backup(copy, { progress: () => 1_000_000 })
      else source.prepare('vacuum into ?').run(copy)
      source.close()
      return copy
    })
  },
)

async function inspect(file: string, look: (rows: Rows) => Promise<void>): Promise<void> {
  const rows = await openRows(file)
  try {
    await look(rows)
  } finally {
    await rows.close()
  }
}

type TraceEvent = {
  atByte: number
  kind: 'write' | 'cut' | 'flush'
  isLog: boolean
  offset: number
  bytes: Buffer
}

/** The saboteur's trace: for each call its kind, its file, the offset, the length and the bytes. */
function readTrace(trace: Buffer): TraceEvent[] {
  const events: TraceEvent[] = []
  let at = 0
  while (at + 24 <= trace.length) {
    const kind = (['write', 'cut', 'flush'] as const)[trace.readInt32LE(at)] ?? 'flush'
    const isLog = trace.readInt32LE(at + 4) === 1
    const offset = Number(trace.readBigInt64LE(at + 8))
    const length = Number(trace.readBigInt64LE(at + 16))
    const bytes = trace.subarray(at + 24, at + 24 + length)
    at += 24 + length
    events.push({ atByte: at, kind, isLog, offset, bytes })
  }
  return events
}

/** Writes the database and its log as a machine finds them after a power loss: everything flushed, and some or none of the rest. */
function writeImage(
  image: string,
  before: Buffer,
  events: readonly TraceEvent[],
  cut: { atByte: number; keepsSome: boolean },
): void {
  for (const isLog of [false, true]) {
    const seen = events.filter((event) => event.isLog === isLog && event.atByte <= cut.atByte)
    const lastFlush = seen.findLastIndex(({ kind }) => kind === 'flush')
    const kept = seen.filter((_, i) => i <= lastFlush || (cut.keepsSome && Math.random() < 0.5))
    const bytes = Buffer.alloc(
      Math.max(before.length, ...kept.map(({ offset, bytes: { length } }) => offset + length)),
    )
    let size = isLog ? 0 : before.copy(bytes)
    for (const event of kept) {
      if (event.kind === 'cut') {
        size = event.offset
        bytes.fill(0, size)
      }
      if (event.kind !== 'write') continue
      event.bytes.copy(bytes, event.offset)
      size = Math.max(size, event.offset + event.bytes.length)
    }
    writeFileSync(isLog ? `${image}-wal` : image, bytes.subarray(0, size))
  }
}

/**
 * A library between the portal and its disk: it records every write and flush of the database, pretends that the disk is full while
 * a file exists, or lets a share of the calls fail. These tests depend on it, so none is skipped.
 */
function compileSaboteur(): string {
  const source = join(folder, 'saboteur.c')
  const library = join(folder, 'saboteur.so')
  writeFileSync(source, saboteurCode)
  const { status, stderr, error } = spawnSync('cc', [
    '-O2',
    '-shared',
    '-fPIC',
    '-o',
    library,
    source,
    '-ldl',
  ])
  if (status !== 0) throw new Error(`these tests need a C compiler: ${error?.message ?? String(stderr)}`)
  return library
}

const saboteurCode = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_truncate)(int, off_t), (*real_fsync)(int), (*real_fdatasync)(int);
static const char *trace, *full, *fails;
static int trace_fd = -1, percent;
static unsigned seed = 7;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_truncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  trace = getenv("SABOTEUR_TRACE");
  full = getenv("SABOTEUR_FULL");
  fails = getenv("SABOTEUR_FAILS_PERCENT");
  if (fails) percent = atoi(fails);
  if (trace) trace_fd = open(trace, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

/* 0 the database, 1 its log, -1 any other file */
static int which(int fd) {
  char link[40] = "/proc/self/fd/", name[4096], digits[12];
  int n = 0, at = 14;
  do digits[n++] = '0' + fd % 10; while (fd /= 10);
  while (n) link[at++] = digits[--n];
  link[at] = 0;
  ssize_t length = readlink(link, name, sizeof name - 1);
  if (length < 4) return -1;
  name[length] = 0;
  if (!strcmp(name + length - 3, ".db")) return 0;
  return length > 7 && !strcmp(name + length - 7, ".db-wal") ? 1 : -1;
}

static void note(int kind, int file, off_t offset, const void *bytes, size_t length) {
  if (trace_fd < 0) return;
  struct { int kind, file; long long offset, length; } head = {kind, file, offset, length};
  pthread_mutex_lock(&one);
  real_write(trace_fd, &head, sizeof head);
  if (length) real_write(trace_fd, bytes, length);
  pthread_mutex_unlock(&one);
}

static int refuses(void) {
  if (full && access(full, F_OK) == 0) { errno = ENOSPC; return 1; }
  if (percent && rand_r(&seed) % 100 < percent) { errno = EIO; return 1; }
  return 0;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  int file = which(fd);
  if (file < 0) return real_write(fd, bytes, length);
  if (refuses()) return -1;
  off_t offset = lseek(fd, 0, SEEK_CUR);
  ssize_t done = real_write(fd, bytes, length);
  if (done > 0) note(0, file, offset, bytes, done);
  return done;
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  int file = which(fd);
  if (file < 0) return real_pwrite(fd, bytes, length, offset);
  if (refuses()) return -1;
  ssize_t done = real_pwrite(fd, bytes, length, offset);
  if (done > 0) note(0, file, offset, bytes, done);
  return done;
}
int ftruncate64(int fd, off_t length) {
  int file = which(fd);
  int done = real_truncate(fd, length);
  if (file >= 0 && done == 0) note(1, file, length, 0, 0);
  return done;
}
static int flush(int fd, int (*real)(int)) {
  int file = which(fd);
  if (file >= 0 && percent && refuses()) return -1;
  int done = real(fd);
  if (file >= 0 && done == 0) note(2, file, 0, 0, 0);
  return done;
}
int fsync(int fd) { return flush(fd, real_fsync); }
int fdatasync(int fd) { return flush(fd, real_fdatasync); }
`
