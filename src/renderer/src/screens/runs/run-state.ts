import type { RunSummary } from '../../../../preload/contract/runs.ts'

/** Tested, so that its screen is the result; a run stopped by hand keeps its result too. */
export const hasResult = ({ state, test }: RunSummary): boolean => state === 'finished' || (state === 'stopped' && test !== null)
