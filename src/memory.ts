import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the process small: V8 left alone lets its heap grow to several times what is in use, as if the machine had nothing else
 * to do. The other half is `--max-semi-space-size=2`, which Node takes only when it starts (`npm start`, the systemd unit and the
 * Dockerfile pass it). Both together save a third of the memory for a few per cent of speed: docs/benchmarks.md.
 */
export function stayLean(): void {
  setFlagsFromString('--heap-growing-percent=20')
}
