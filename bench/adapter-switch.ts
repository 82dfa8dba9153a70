import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Standby } from '../src/main/runs/serving/standby.ts'
import { runTask } from '../src/main/runs/supervisor.ts'
import type { KeptTask, Outcome } from '../src/main/worker/protocol.ts'

/**
 * How long it takes from asking another adapter on the same base model until its answer is there (E14): with a trainer for each answer, and with the one that
 * stays. Three LoRA runs of one step: two of one shape, one of another rank. Needs the built program (`npm run build`).
 */
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, model: { type: 'string' } }
})
const root = join(import.meta.dirname, '..')
const entry = join(root, 'out/main/trainer.js')
const sample = join(root, 'resources/sample')

async function makeRun(folder: string, name: string, rank: number): Promise<string> {
  const config = join(folder, `${name}.yaml`)
  await writeFile(
    config,
    `task: text-classification
model: ./model
data: { file: ${JSON.stringify(join(sample, 'data/contract-clauses.csv'))}, text: clause, label: type, group: document_id }
method: { type: lora, r: ${rank}, target_modules: [query, value] }
training: { max_steps: 1, max_length: 128, baselines: false, bootstrap_resamples: 50, eval_strategy: 'no', early_stopping: null }
output: ./runs
`
  )
  const outcome = await runTask({ kind: 'train', configFile: config, resume: false }, { entry, onEvent: () => undefined })
  if (outcome.event === 'failed') throw new Error(outcome.message)
  return String(outcome['run'])
}

/** Milliseconds until each of the runs has answered in turn, over and over. */
async function timed(runs: readonly string[], perform: (task: KeptTask) => Promise<Outcome>): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < Number(options.rounds); round++)
    for (const runFolder of runs) {
      const started = performance.now()
      const outcome = await perform({ kind: 'answer', runFolder, texts: ['The tenant shall return the keys within ten days.'] })
      if (outcome.event === 'failed') throw new Error(outcome.message)
      times.push(performance.now() - started)
    }
  return times
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN
const tell = (what: string, values: readonly number[]): void => {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  console.log(`${what}: ${median(values).toFixed(0)} ms (${least.toFixed(0)} to ${most.toFixed(0)}, ${values.length} times)`)
}

const folder = await mkdtemp(join(tmpdir(), 'attune-switch-'))
try {
  process.env['ATTUNE_CACHE'] = join(folder, 'cache')
  const model = join(folder, 'model')
  await mkdir(model)
  await cp(join(sample, 'model'), model, { recursive: true })
  if (options.model !== undefined) await cp(options.model, model, { recursive: true, force: true })
  const [one, twin, wide] = [
    await makeRun(folder, 'one', 8),
    await makeRun(folder, 'twin', 8),
    await makeRun(folder, 'wide', 16)
  ] as const
  const fresh = (task: KeptTask): Promise<Outcome> => runTask(task, { entry, onEvent: () => undefined })
  await timed([one], fresh)
  tell('A trainer for each answer', await timed([one, twin, wide], fresh))
  const first: number[] = []
  const [sameShape, otherShape]: [number[], number[]] = [[], []]
  for (let round = 0; round < Number(options.rounds); round++) {
    const standby = new Standby({ entry, runTask })
    const [a, b, c] = [one, twin, wide].map((run) => () => once(run, standby)) as [
      () => Promise<number>,
      () => Promise<number>,
      () => Promise<number>
    ]
    first.push(await a())
    sameShape.push(await b())
    otherShape.push(await c())
    if (round === 0) tell('Back to one that is open', await timed([one, twin, wide], (task) => standby.perform(task)))
    await standby.release()
  }
  tell('The first answer of a trainer that stays', first)
  tell('On to an adapter of the same shape', sameShape)
  tell('On to an adapter of another rank', otherShape)
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function once(runFolder: string, standby: Standby): Promise<number> {
  const started = performance.now()
  const outcome = await standby.perform({
    kind: 'answer',
    runFolder,
    texts: ['The tenant shall return the keys within ten days.']
  })
  if (outcome.event === 'failed') throw new Error(outcome.message)
  return performance.now() - started
}
