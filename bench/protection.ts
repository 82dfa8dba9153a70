import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { DatasetSummary } from '../src/preload/contract/data.ts'
import type { ModelSummary } from '../src/preload/contract/models.ts'
import type { RunDraft, RunSummary } from '../src/preload/contract/runs.ts'
import { openHouse, type House } from '../src/main/services/house.ts'

/**
 * What encryption costs a whole run: the 900 contract clauses and the practice model, from the start of the run to its result, in a new data folder each time,
 * which is encrypted or not in turn; who goes first changes from round to round.
 */
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, epochs: { type: 'string', default: '3' } }
})
const root = join(import.meta.dirname, '..')
const sides = ['plain', 'encrypted'] as const
type Side = (typeof sides)[number]

const fileOf = (): never => {
  throw new Error('The bench brings no files.')
}

async function ask<T>(house: House, channel: string, argument?: unknown): Promise<T> {
  const reply = await house.dispatch(channel, argument, { fileOf })
  if (!reply.ok) throw new Error(`${channel}: ${reply.error.message}`)
  return reply.value as T // As the contract says.
}

/** Seconds from the start of a run to its end. */
async function secondsOf(house: House): Promise<number> {
  const dataset = await ask<DatasetSummary>(house, 'data:openSample', 'clauses')
  const [model] = await ask<ModelSummary[]>(house, 'models:list')
  if (!model) throw new Error('The practice model is missing.')
  const draft: RunDraft = {
    dataset: dataset.id,
    model: model.id,
    thoroughness: 0,
    changed: { 'training.num_train_epochs': Number(options.epochs) },
    mustNotMiss: null,
    quietly: false,
    name: null
  }
  const started = performance.now()
  const id = await ask<string>(house, 'runs:start', draft)
  for (;;) {
    const { state, failure } = await ask<RunSummary>(house, 'runs:get', id)
    if (state === 'finished') return (performance.now() - started) / 1000
    if (state === 'failed') throw new Error(failure?.message)
    await new Promise((done) => setTimeout(done, 50))
  }
}

async function measure(side: Side): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'attune-bench-protection-'))
  const house = await openHouse({
    dataFolder: join(folder, 'data'),
    resources: join(root, 'resources/sample'),
    trainer: join(root, 'src/main/worker/trainer.ts'),
    version: '0.0.0',
    shell: 'loopback',
    log: (line) => void process.stderr.write(`${line}\n`)
  })
  try {
    if (side === 'encrypted') await ask(house, 'vault:protect', { passphrase: 'four plain words here', keyring: false })
    return await secondsOf(house)
  } finally {
    await house.dispose()
    await rm(folder, { recursive: true, force: true })
  }
}

const seconds: Record<Side, number[]> = { plain: [], encrypted: [] }
for (let round = 0; round < Number(options.rounds); round++)
  for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
    seconds[side].push(await measure(side))
    process.stderr.write(`${side}: ${seconds[side].at(-1)?.toFixed(1)} s\n`)
  }
const ratios = seconds.plain.map((plain, i) => (seconds.encrypted[i] ?? Number.NaN) / plain)
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
for (const side of sides)
  process.stdout.write(
    `${side}: ${median(seconds[side]).toFixed(1)} s (${seconds[side].map((each) => each.toFixed(1)).join(', ')})\n`
  )
process.stdout.write(`encrypted / plain: ${median(ratios).toFixed(2)} (${ratios.map((each) => each.toFixed(2)).join(', ')})\n`)
