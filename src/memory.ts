import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the process small: V8 left alone lets its heap grow to several times what is in use, as if the machine had nothing else
 * to do. The rest are flags that Node takes only when it starts (`npm start`, the systemd unit and the Dockerfile pass them):
 * `--max-semi-space-size=3`; `--no-concurrent-marking`, since a helper that marks memory for some 60 ms takes half a small server's
 * core from the requests meanwhile, and they queue; and `--v8-pool-size=1`, since four that compile take four fifths of it.
 * Together they save a third of the memory: docs/benchmarks.md.
 */
export function stayLean(): void {
  setFlagsFromString('--heap-growing-percent=20')
}
