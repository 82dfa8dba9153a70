import type { EndedEarly } from '../../../../preload/contract/runs.ts'
import type { SweepPrior, SweepSaved } from '../../../../preload/contract/sweeps.ts'
import { count, decimal, duration, plural } from '../format.ts'
import { metricName } from './metrics.ts'

export const sweep = {
  open: 'Try several values',
  title: 'Try several values',
  about:
    'Trains once with each value, or each pair of them. Validation rows choose; test rows are looked at for the one you choose.',
  first: 'Setting',
  second: 'A second setting',
  none: 'None',
  values: (path: string) => `Values of ${path}`,
  valuesHint: 'Several values, with a semicolon between them',
  runs: (n: number) => plural(n, 'run', 'runs'),
  time: (seconds: number, spread: number) => `about ${duration(seconds)} in all, ± ${duration(spread)}`,
  timeUnknown: 'The time is known after the first run.',
  start: (n: number) => `Train ${plural(n, 'run', 'runs')}`,
  startNone: 'Start',
  starting: 'Starting…',
  screen: 'Sweep',
  inSweep: 'Open its sweep',
  standing: (done: number, tried: number, ended: number) =>
    `${count(done)} of ${plural(tried, 'run', 'runs')} trained${ended === 0 ? '' : `, ${count(ended)} ended early`}`,
  endEarly: 'End poor runs early',
  endEarlyWhy:
    'Once three runs have finished, a run is ended that is poorer on validation than half of the others at the same point. It keeps its best weights and can be resumed. One that only starts slowly may be ended too.',
  ended: 'ended early',
  endedAt: ({ step }: EndedEarly) => `ended early: poorer than half of the others by step ${count(step)}`,
  endedEarly: ({ metric, step, value, median, others }: EndedEarly) =>
    `Ended early: poorer than half of the others by step ${count(step)}. ${metricName(metric)} on validation was ${value === null ? 'no number' : `${decimal(value, 3)} at best`}; half of ${plural(others, 'other run', 'other runs')} had ${decimal(median, 3)} or better at that point. Its best weights are kept.`,
  endedEarlyUnknown: 'Ended early: poorer than half of the other runs of its sweep.',
  saved: ({ runs, steps, seconds }: SweepSaved) =>
    `${plural(runs, 'run', 'runs')} ended early: ${plural(steps, 'step', 'steps')} not made${seconds === null ? '' : `, about ${duration(seconds)}`}`,
  startFrom: ({ run, metric, value, among }: SweepPrior, had: string) =>
    `Start from ${run.name}: ${had} was ${among === 1 ? 'used' : 'best'} there (${metricName(metric)} ${decimal(value, 3)} on validation, ${among === 1 ? 'the one finished run' : `the best of ${count(among)} finished runs`} on these data). The value nearest to it is trained first.`,
  take: (values: string) => `Try ${values}`,
  notEnded: 'Runs that are poorer than half of the others are ended early; none was so far.',
  trainOn: 'Train to its end',
  trainOnName: (name: string) => `Train to its end: ${name}`,
  chosenBy: (metric: string) => `Chosen by ${metric} on validation rows. With many runs the best is partly luck: test it once.`,
  rank: 'Rank',
  validation: 'On validation',
  interval: '95 % interval',
  run: 'Run',
  state: 'State',
  onTest: 'On test',
  best: 'best',
  test: 'Test this one',
  testName: (name: string) => `Test this one: ${name}`,
  pause: 'Pause all',
  resume: 'Resume all',
  stop: 'Stop and keep best',
  discard: 'Discard all',
  discardTitle: (name: string) => `Discard ${name} with all its runs?`,
  discardText: 'The runs and what they have learned go to the bin. The data and the model stay.',
  gone: 'This sweep is no longer here. It may have been discarded.',
  chart: (metric: string) => `${metric}, with its 95 % interval`
}
