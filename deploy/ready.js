// Ends with 0 where the process that the same environment starts is ready to serve; for health checks of containers.
const host = (process.env.LISTEN_ON || '127.0.0.1').split(',')[0].trim()
const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
const name = reachable.includes(':') ? `[${reachable}]` : reachable
fetch(`http://${name}:${process.env.PORT || 3000}/readyz`, { signal: AbortSignal.timeout(5000) }).then(
  (answer) => process.exit(answer.ok ? 0 : 1),
  () => process.exit(1),
)
