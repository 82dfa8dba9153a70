import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'csv-parse/sync'
import { csvCell } from '../src/main/data/write-csv.ts'
import { phasesOf, tableOf } from './job-phases.ts'

/**
 * The whole job, both sides in turn: from the start of the process to the test metrics, 900 contract clauses (bundled), three epochs, a random
 * six-layer BERT, two threads, dropout 0.1 on both sides; with `--phases` ours alone, part by part. Needs ATTUNE_PYTHON (see README.md here) and a built checkout (`npm run build`).
 */
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    width: { type: 'string', default: '384' },
    method: { type: 'string', default: 'lora' },
    rows: { type: 'string', default: '900' },
    spread: { type: 'boolean', default: false },
    phases: { type: 'boolean', default: false }
  }
})
const python = process.env['ATTUNE_PYTHON'] ?? ''
if (python === '')
  throw new Error('Set ATTUNE_PYTHON to a Python that has torch, transformers, peft and scikit-learn (bench/README.md).')

const root = join(import.meta.dirname, '..')
const source = join(root, 'resources/sample/data/contract-clauses.csv')
const rows = Number(options.rows)
const sampleModel = join(root, 'resources/sample/model')

interface Job {
  readonly seconds: number
  readonly score: number
  readonly peak: number
}

async function output(command: string, words: readonly string[]): Promise<{ out: string; seconds: number }> {
  const started = performance.now()
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' }
  })
  const [out] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`${command} ended with ${child.exitCode}`)
  return { out, seconds: (performance.now() - started) / 1000 }
}

/** A random BERT with the sample's vocabulary. */
async function writeModel(folder: string): Promise<void> {
  const source = `
import sys, torch
from transformers import BertConfig, BertForSequenceClassification
torch.manual_seed(0)
w = int(sys.argv[2])
BertForSequenceClassification(BertConfig(hidden_size=w, num_hidden_layers=6, num_attention_heads=w // 64, intermediate_size=4 * w, vocab_size=30522, num_labels=10)).save_pretrained(sys.argv[1])`
  const made = spawnSync(python, ['-c', source, folder, options.width], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (made.status !== 0) throw new Error('the reference model could not be written')
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) await cp(join(sampleModel, file), join(folder, file))
}

/**
 * How many clauses make a text with `--spread`: five short ones, two middling, one long, and again. In batches of 16 by chance 2.1 times the tokens are then
 * computed that are there; with a clause for each text, as they are in the file, 1.5 times.
 */
const SPREAD = [1, 1, 1, 1, 1, 2, 2, 3] as const

/** The first labelled clauses; a text of several has the label of its first. */
async function writeData(path: string): Promise<void> {
  const clauses = parse<{ clause: string; type: string }>(await readFile(source, 'utf8'), { columns: true }).filter(
    ({ type }) => type !== ''
  )
  const texts = Array.from({ length: rows }, (_, row) => {
    const several = clauses.splice(0, options.spread ? SPREAD[row % SPREAD.length] : 1)
    if (several.length === 0) throw new Error(`There are not enough clauses for ${rows} texts.`)
    return [several.map(({ clause }) => clause).join(' '), several[0]?.type ?? ''].map((cell) => csvCell(cell)).join(',')
  })
  await writeFile(path, ['text,label', ...texts, ''].join('\n'))
}

/** Words of the command that trains it. */
async function ourWords(folder: string, extras: boolean, round: number): Promise<string[]> {
  const settings = extras ? '' : ', baselines: false, bootstrap_resamples: 0'
  const method =
    options.method === 'lora' ? '{ type: lora, r: 8, lora_alpha: 16, target_modules: [query, value] }' : '{ type: head }'
  const config = join(folder, `job-${extras}-${round}.yaml`)
  await writeFile(
    config,
    `task: text-classification
model: ./model
data: { file: ./data.csv, text: text, label: label }
method: ${method}
training: { num_train_epochs: 3, per_device_train_batch_size: 16, learning_rate: 5.0e-4, max_length: 256, seed: 1, threads: 2${settings} }
output: ./runs-${extras}-${round}
`
  )
  return [join(root, 'out/main/cli.js'), 'train', config, '--json']
}

async function ours(folder: string, extras: boolean, round: number): Promise<Job> {
  const { out, seconds } = await output(process.execPath, await ourWords(folder, extras, round))
  const last = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as {
    metrics: { test: { macro_f1: { value: number } } }
    peak_rss_bytes: number
  } // The finished event.
  return { seconds, score: last.metrics.test.macro_f1.value, peak: last.peak_rss_bytes }
}

async function theirs(folder: string, group: boolean): Promise<Job> {
  const job = {
    model: join(folder, 'model'),
    data: join(folder, 'data.csv'),
    out: join(folder, 'trainer'),
    method: options.method,
    group,
    threads: 2
  }
  const { out, seconds } = await output(python, [join(import.meta.dirname, 'reference_job.py'), JSON.stringify(job)])
  const result = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as { macro_f1: number; peak: number } // Printed by reference_job.py.
  return { seconds, score: result.macro_f1, peak: result.peak }
}

async function compare(folder: string): Promise<void> {
  const sides: Readonly<Record<string, (round: number) => Promise<Job>>> = {
    'Attune, all of it': (round) => ours(folder, true, round),
    'Attune, no baselines or intervals': (round) => ours(folder, false, round),
    'Trainer, defaults': () => theirs(folder, false),
    'Trainer, group_by_length': () => theirs(folder, true)
  }
  const results = new Map<string, Job[]>()
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [name, run] of Object.entries(sides)) {
      const job = await run(round)
      results.set(name, [...(results.get(name) ?? []), job])
      process.stdout.write(
        `${name}: ${job.seconds.toFixed(1)} s, macro-F1 ${job.score.toFixed(3)}, peak ${(job.peak / 1e6).toFixed(0)} MB\n`
      )
    }
  }
  const median = (name: string): number =>
    [...(results.get(name) ?? [])].map(({ seconds }) => seconds).sort((a, b) => a - b)[Number(options.rounds) >> 1] ?? NaN
  for (const name of Object.keys(sides).slice(0, 2)) {
    process.stdout.write(
      `${name} against Trainer's defaults: ${(median(name) / median('Trainer, defaults')).toFixed(2)}×, with group_by_length: ${(median(name) / median('Trainer, group_by_length')).toFixed(2)}×\n`
    )
  }
}

const folder = await mkdtemp(join(tmpdir(), 'attune-job-'))
try {
  await writeModel(join(folder, 'model'))
  await writeData(join(folder, 'data.csv'))
  if (options.phases) {
    for (let round = 0; round < Number(options.rounds); round++) {
      const words = await ourWords(folder, true, round)
      process.stdout.write(`${tableOf(await phasesOf(process.execPath, words))}\n`)
    }
  } else await compare(folder)
} finally {
  await rm(folder, { recursive: true, force: true })
}
