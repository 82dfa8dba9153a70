import { FAILURES } from '../../../src/renderer/src/lib/failures.ts'
import type { Scene } from '../scenes.ts'

/** One scene for each family of codes: what a data set's screen shows where reading it fails with the first code of the family. */
export const FAILURE_SCENES: readonly Scene[] = Object.entries(FAILURES).map(([way, [code = '']]) => ({
  name: `failure-${way}`,
  hash: '#/data/letters',
  options: {
    filled: true,
    beat: 0,
    failing: { 'data:get': 'clinical-letters.csv could not be read. What to do is said here, in one or two sentences.' },
    failingCode: code
  }
}))
