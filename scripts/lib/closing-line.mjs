/**
 * The counts of one test run, from what vitest's JSON reporter wrote. A file that could not be loaded has no tests of its own and
 * counts as one failure.
 */
export function closingLine(results) {
  const broken = results.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
  )
  const failed = results.numFailedTests + broken.length
  const skipped = results.numPendingTests + results.numTodoTests
  return {
    passed: results.numPassedTests,
    failed,
    skipped,
    line: `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`
  }
}
