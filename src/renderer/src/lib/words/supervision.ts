import { count, decimal, plural } from '../format.ts'
import { sweep } from './sweep.ts'
import type { PowerState } from '../../../../preload/contract/supervision.ts'
import type { Interruption, RunResult } from '../../../../preload/contract/runs.ts'

const causes: Readonly<Record<Exclude<Interruption, 'battery' | 'poorer'>, string>> = {
  'pc-restarted': 'the PC restarted',
  'program-ended': 'Attune ended unexpectedly',
  closed: 'Attune was closed'
}

export const supervision = {
  interrupted: (why: Interruption, step: number) => {
    if (why === 'poorer') return sweep.endedEarlyUnknown
    if (why === 'battery') return 'Paused on battery; goes on when plugged in.'
    if (step === 0) return `The run had not begun its first step when ${causes[why]}. Nothing was lost.`
    return `Training stopped at step ${count(step)} when ${causes[why]}. Nothing was lost.`
  },
  onBattery: 'on battery',
  disconnected: 'disconnected',
  resume: 'Resume',
  goOn: 'Go on now',
  resumeSmaller: (batch: number) => `Resume with batch ${count(batch)}`,
  smallerWhy: (batch: number) =>
    `Batches of ${count(batch)} need less memory. As many more of them make up a step, so that the run learns what it was asked to.`,
  fitting: 'Looking for a batch that fits…',
  again: 'Train again with other settings',
  againUnknown:
    'This run was made by an older version, which did not keep what it was started with. Start a new run from its data.',
  copyYaml: 'Copy as run.yaml',
  testElsewhere: 'Test on another file',
  testing: 'Testing…',
  testedOn: (rows: number, looks: number) =>
    `${plural(rows, 'row', 'rows')} with answers, looked at ${count(looks)}× by now. Nothing of them is kept.`,
  waiting: 'Waiting',
  waitingAbout: 'One run at a time. Change the order with the arrows.',
  place: (place: number) => `${count(place)}.`,
  earlier: (name: string) => `Move ${name} earlier`,
  later: (name: string) => `Move ${name} later`,
  quietly: {
    mains: 'Half of the processor, at low priority; pauses on battery.',
    battery: 'Half of the processor, at low priority. Begins when plugged in.',
    none: 'Half of the processor, at low priority.',
    unknown: 'Half of the processor, at low priority. This system does not say whether it runs on battery.'
  } satisfies Readonly<Record<PowerState, string>>,
  repeat: 'Repeat',
  repeats: (n: number) => (n === 1 ? 'Train once' : `With ${count(n)} seeds`),
  repeatWhy: (n: number) => `Trains ${count(n)} times with other random numbers and shows mean ± standard deviation.`,
  overSeeds: ({ count: n, metric, mean, deviation }: NonNullable<RunResult['seeds']>) =>
    `Over ${count(n)} seeds: ${metric} ${decimal(mean, 3)}${deviation === null ? '' : ` ± ${decimal(deviation, 3)}`}; the rest is that of the first.`,
  measuring: 'measuring…',
  stopMeasuring: 'Stop measuring'
}
