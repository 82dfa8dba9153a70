import { stat } from 'node:fs/promises'
import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import type { TrainerTask } from '../worker/protocol.ts'
import { deviceFlag, deviceOf } from './device-flag.ts'

const usualSteps = 5
const mostSteps = 100

/** `attune profile`, but for the flags that all commands have. */
export const profileCommand = {
  summary: "Says where the time of a run's step goes, by block of the model and by operator.",
  argument: { name: 'RUN', help: 'The configuration of a run (run.yaml), or the folder of a finished one.' },
  flags: {
    steps: {
      value: 'COUNT',
      help: `Steps to look at, from 1 to ${mostSteps}; ${usualSteps} where left out. Two more come before.`
    },
    device: deviceFlag
  },
  notes: [
    "Steps are made on a batch of usual length, with the run's first weights and learning rate 0; nothing is trained, and the run stays as it is.",
    'The numbers are kept as JSON: profile.json in the folder of a run, or profile-NAME.json below "output" for NAME.yaml. On a graphics card',
    'only the parts of a step are timed, not its operators.'
  ],
  example: 'attune profile run.yaml'
} as const

/** What the trainer is to do. @throws InputError for a count of steps that is none */
export async function profileTask(
  argument: string,
  values: ReadonlyMap<string, string>
): Promise<Extract<TrainerTask, { kind: 'profile' }>> {
  const isRun = await stat(argument).then(
    (found) => found.isDirectory(),
    () => false
  )
  const device = deviceOf(values)
  return { kind: 'profile', subject: argument, isRun, steps: stepsOf(values), ...(device && { device }) }
}

function stepsOf(values: ReadonlyMap<string, string>): number {
  const named = values.get('steps')
  if (named === undefined) return usualSteps
  const steps = Number(named)
  if (/^\d+$/.test(named) && steps >= 1 && steps <= mostSteps) return steps
  throw new InputError('usage', `--steps cannot be ${shown(named)}. It is a whole number from 1 to ${mostSteps}.`)
}
