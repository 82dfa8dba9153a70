import { spawn, spawnSync } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

/**
 * How long from the start of the process until the first training step begins: a 66 M model (768 wide, six layers) with LoRA, prepared weights and tokens
 * already cached, as when a run is started for the second time. Needs the built program (`npm run build`).
 */
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, models: { type: 'string' } }
})
const root = join(import.meta.dirname, '..')

async function writeJob(folder: string): Promise<string> {
  const model = join(folder, 'model')
  if (options.models) await cp(join(options.models, 'm768'), model, { recursive: true })
  else {
    const python = process.env['ATTUNE_PYTHON'] ?? ''
    if (python === '')
      throw new Error('Set ATTUNE_PYTHON, or name a folder with the model m768: --models FOLDER (bench/README.md).')
    spawnSync(python, [join(import.meta.dirname, 'reference_step.py'), 'write', model, '768'], { stdio: 'inherit' })
  }
  const sample = join(root, 'resources/sample')
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) await cp(join(sample, 'model', file), join(model, file))
  const config = join(folder, 'run.yaml')
  await writeFile(
    config,
    `task: text-classification
model: ./model
data: { file: ${JSON.stringify(join(sample, 'data/contract-clauses.csv'))}, text: clause, label: type, group: document_id }
method: { type: lora, r: 8, lora_alpha: 16, target_modules: [query, value] }
training: { max_steps: 1, per_device_train_batch_size: 8, max_length: 128, threads: 2, logging_steps: 1 }
output: ./runs
`
  )
  return config
}

/** Milliseconds from the start of the process to the end of the first step, and that step's own. The run is ended there. */
async function firstStep(config: string): Promise<{ readonly ended: number; readonly step: number }> {
  const started = performance.now()
  const child = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'train', config, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' }
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as { readonly event: string; readonly seconds?: number } // One of the command line's own events.
    if (event.event !== 'step') continue
    const ended = performance.now() - started
    child.kill('SIGINT')
    await new Promise((resolve) => child.once('close', resolve))
    return { ended, step: (event.seconds ?? NaN) * 1000 }
  }
  throw new Error('the run ended without a step')
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

const folder = await mkdtemp(join(tmpdir(), 'attune-start-'))
try {
  const config = await writeJob(folder)
  await firstStep(config)
  const begun: number[] = []
  for (let round = 0; round < Number(options.rounds); round++) {
    const { ended, step } = await firstStep(config)
    begun.push((ended - step) / 1000)
  }
  const [least, most] = [Math.min(...begun), Math.max(...begun)].map((value) => value.toFixed(2))
  process.stdout.write(`first step begun after ${median(begun).toFixed(2)} s (${least}–${most})\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
