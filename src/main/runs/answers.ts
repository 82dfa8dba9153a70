import type { Answer, AnswerRequest } from '../../preload/contract/runs.ts'
import type { TrainerTask } from '../worker/protocol.ts'
import type { Outcome } from '../worker/protocol.ts'
import { finishedOf } from './outcome.ts'
import type { TaskOptions } from './supervisor.ts'

export interface AnsweringOptions {
  readonly entry: string
  readonly runTask: (task: TrainerTask, options: TaskOptions) => Promise<Outcome>
}

interface WorkerAnswer {
  readonly label: string | readonly string[] | number
  readonly probabilities: Readonly<Record<string, number>> | null
  readonly needs_person?: boolean
  readonly marks?: Answer['marks']
  readonly found?: Answer['found']
}

/** Answers texts with the best weights of a run, in a trainer of its own; nothing of the texts is kept. */
export async function answerWith(
  { entry, runTask }: AnsweringOptions,
  runFolder: string,
  { texts, questions }: Pick<AnswerRequest, 'texts' | 'questions'>,
  isTraining: boolean
): Promise<readonly Answer[]> {
  // Beside training it takes what is left of the processor.
  const ask = (): Promise<Outcome> =>
    runTask({ kind: 'answer', runFolder, texts, questions }, { entry, priority: isTraining ? 'low' : 'below', onEvent: () => undefined })
  const first = await ask()
  // Better weights may have taken the place of those that were being read.
  const outcome = first.event === 'failed' && isTraining ? await ask() : first
  const answers = finishedOf(outcome)['answers'] as readonly WorkerAnswer[] // Made by the trainer.
  return answers.map(({ label, probabilities, needs_person, marks, found }) => ({
    label: typeof label === 'object' ? label.join('; ') : String(label),
    probabilities: probabilities && Object.entries(probabilities).map(([name, value]) => ({ name, value })),
    score: typeof label === 'number' ? label : null,
    needsPerson: needs_person ?? null,
    ...(marks && { marks }),
    ...(found && { found })
  }))
}
