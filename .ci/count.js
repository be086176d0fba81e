// Adds up Vitest's reports and says what failed, last, where nothing scrolls it away. A skipped test, a report that is missing or
// empty, and a run that ended with an error of its own are failures.
import { readFileSync } from 'node:fs'

let passed = 0
let failed = 0
for (const file of process.argv.slice(2)) {
  const report = JSON.parse(readIfThere(file) ?? '{}')
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
  passed += report.numPassedTests ?? 0
  // A suite that could not be loaded, or a worker that died, has no tests that failed.
  const isBroken = readIfThere(`${file}.exit`)?.trim() !== '0' && !report.numFailedTests
  if (isBroken) process.stdout.write(`${file}: the run itself failed, see its end above\n`)
  failed += (report.numFailedTests ?? 0) + skipped + (isBroken || !report.numPassedTests ? 1 : 0)
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function shortened(message) {
  return message
    .split('\n')
    .filter((line) => !line.includes('/node_modules/'))
    .slice(0, 25)
    .join('\n')
}
