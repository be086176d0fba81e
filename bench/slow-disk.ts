import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The added cost of a flush on the slow disk: ordinary cloud disks need 0.5 to 5 ms. */
export const addedFlushMs = 1

/** A library that slows every flush down; `undefined` without a C compiler, or without a way to preload it. */
export function makeSlowDisk(folder: string): { LD_PRELOAD: string } | undefined {
  if (process.platform !== 'linux') return undefined
  const source = join(folder, 'slow-disk.c')
  const library = join(folder, 'slow-disk.so')
  writeFileSync(source, code)
  for (const compiler of ['cc', 'gcc', 'clang']) {
    const { status } = spawnSync(compiler, ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl'])
    if (status === 0) return { LD_PRELOAD: library }
  }
  return undefined
}

const code = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void linger(void) {
  struct timespec pause = {0, ${addedFlushMs * 1_000_000}};
  nanosleep(&pause, 0);
}
int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  linger();
  return real(fd);
}
int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  linger();
  return real(fd);
}
`
