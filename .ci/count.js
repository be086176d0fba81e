// Adds up Vitest's reports and says what failed, last, where nothing scrolls it away. A skipped test, or a report that is missing
// or empty, is a failure.
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
  for (const suite of report.testResults ?? []) {
    if (suite.status === 'failed' && suite.message) process.stdout.write(`${suite.name}: ${suite.message}\n`)
    for (const { status, fullName, failureMessages } of suite.assertionResults) {
      if (failureMessages.length === 0) continue
      const how = status === 'failed' ? 'FAILED' : 'PASSED ONLY THE SECOND TIME'
      process.stdout.write(`${how} ${suite.name}: ${fullName}\n${shortened(failureMessages[0])}\n`)
    }
  }
  passed += report.numPassedTests
  // A suite that could not be loaded has no tests that failed, only a run without success.
  const broken = !report.success && !report.numFailedTests ? 1 : 0
  failed += (report.numFailedTests ?? 0) + skipped + (report.numPassedTests ? broken : 1)
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0

function shortened(message) {
  return message
    .split('\n')
    .filter((line) => !line.includes('/node_modules/'))
    .slice(0, 25)
    .join('\n')
}
