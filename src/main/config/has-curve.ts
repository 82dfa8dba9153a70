import type { RunConfig } from './config-types.ts'

/** Whether a run also trains on shares of its rows, for its learning curve. */
export const hasCurve = ({ data }: Pick<RunConfig, 'data'>): boolean => 'learning_curve' in data && data.learning_curve
