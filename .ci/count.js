// Adds up Vitest's reports; a skipped test, or a report that is missing or empty, is a failure.
import { readFileSync } from 'node:fs'

let passed = 0
let failed = 0
for (const file of process.argv.slice(2)) {
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    report = { numPassedTests: 0 }
  }
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0)
  if (skipped > 0) process.stdout.write(`${file}: ${skipped} skipped, which counts as failed\n`)
  if (!report.numPassedTests) process.stdout.write(`${file}: no test ran\n`)
  passed += report.numPassedTests
  // A suite that could not be loaded has no tests that failed, only a run without success.
  const broken = !report.success && !report.numFailedTests ? 1 : 0
  failed += (report.numFailedTests ?? 0) + skipped + (report.numPassedTests ? broken : 1)
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0
