import type { Job } from './job.ts'

/** What the second sheet of a workbook says: who answered, when, and how sure is sure enough. */
export function aboutSheet(job: Job, runName: string, modelName: string, now: Date): readonly (readonly [string, string | number])[] {
  const { threshold, done, rows, forPerson, measure, text } = job.summary()
  const aboutSureness = forPerson === null ? [] : ([
    [job.run.marks ? 'A passage needs a person below' : 'An answer needs a person below', threshold.value],
    ['That was', threshold.source === 'fixed' ? 'fixed on validation' : 'chosen here'],
    [job.run.marks ? 'Texts with such passages' : job.run.asks ? 'Texts with such answers' : 'Answers that need a person', forPerson]
  ] as const)
  const measured = measure?.metrics.map(({ id, measured: { value, low, high } }): readonly [string, string] => [
    `${id} on these rows (not the test set)`,
    `${value.toFixed(4)} (95 % interval ${low?.toFixed(4) ?? ''} to ${high?.toFixed(4) ?? ''})`
  ])
  return [
    ['Run', runName],
    ['Base model', modelName],
    ['Weights (SHA-256)', job.run.weightsHash],
    ['Answered on', now.toISOString()],
    ['Column read', text],
    ['Rows answered', done],
    ['Rows in all', rows],
    ...aboutSureness,
    ...(measured ?? [])
  ]
}
