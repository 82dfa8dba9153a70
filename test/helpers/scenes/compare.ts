import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }

/** The comparison in its states. */
export const COMPARE_SCENES: readonly Scene[] = [
  { name: 'compare-metrics', hash: '#/runs/compare/r3%2Cbad%2Cr1', options: still },
  { name: 'compare-tests', hash: '#/runs/compare/r3%2Cbad/tests', options: still },
  { name: 'compare-alike', hash: '#/runs/compare/r3%2Cr1/tests', options: still },
  { name: 'compare-settings', hash: '#/runs/compare/r3%2Cbad%2Cr1/settings', options: still },
  { name: 'compare-curves', hash: '#/runs/compare/r3%2Cbad%2Cr1/curves', options: still },
  { name: 'compare-loading', hash: '#/runs/compare/r3%2Cbad', options: { ...still, silent: ['compare:tests'] } },
  {
    name: 'compare-failed',
    hash: '#/runs/compare/r3%2Cbad/tests',
    options: { ...still, failing: { 'compare:tests': 'The stored answers of this run cannot be read. Train it again.' } }
  }
]
