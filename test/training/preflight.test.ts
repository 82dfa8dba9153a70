import { spawnSync } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { access, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lazy } from '../../src/main/base/lazy.ts'
import { attune, type CliEvent, type CliOptions, type CliRun } from '../helpers/attune.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

const sample = join(import.meta.dirname, '../../resources/sample')

let root: string
let home: string
let project: TinyProject

const training = {
  num_train_epochs: 3,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  seed: 1,
  save_steps: 4,
  early_stopping: null,
  bootstrap_resamples: 50
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-preflight-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

const run = (words: readonly string[], options: Partial<CliOptions> = {}): Promise<CliRun> => attune(words, { home, ...options })

const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

describe('attune plan', () => {
  interface Plan {
    readonly memory: Readonly<Record<'predicted_bytes' | 'probed_bytes' | 'mapped_bytes', number | null>>
    readonly disk: readonly { readonly folder: string; readonly bytes: number; readonly free: number }[]
    readonly seconds_per_step: number | null
    readonly expected_seconds: number | null
  }

  const planOf = (cli: CliRun): Plan => last(cli) as unknown as Plan // As planRun returns it.

  test('tries a step in another process and says memory, disk and time', async () => {
    const config = await project.config('planned', training)
    const cli = await run(['plan', config, '--json'])
    expect(cli.stderr).toBe('')
    const { memory, disk, seconds_per_step: step, expected_seconds: whole } = planOf(cli)
    expect(memory.predicted_bytes).toBeGreaterThan(50e6)
    expect(memory.probed_bytes).toBeGreaterThan(40e6) // Node alone takes some 40 MB.
    expect(step).toBeGreaterThan(0)
    expect(whole).toBeGreaterThan(step ?? 0)
    expect(disk).toHaveLength(1)
    expect(disk[0]?.free).toBeGreaterThan(disk[0]?.bytes ?? Infinity)
    expect(cli.events().map(({ event }) => event)).not.toContain('probe')
    expect(await readdir(join(project.folder, 'runs'))).toEqual(['.cache'])
  })

  test('is right about the bundled letters: within 10 % where a step was tried, within 25 % where not', async () => {
    const data = `{ file: ${JSON.stringify(join(sample, 'data/clinical-letters.csv'))}, text: letter, label: urgency, group: patient_id }`
    // The fourteenth batch of the epoch is the longest.
    const short = {
      max_steps: 16,
      per_device_train_batch_size: 16,
      max_length: 256,
      seed: 1,
      baselines: false,
      bootstrap_resamples: 0
    }
    const extra = { data, model: join(sample, 'model'), method: '{ type: lora, r: 8, target_modules: all-linear }' }
    const config = await project.config('letters', short, extra)
    const planned = await run(['plan', config, '--json'])
    const trained = last(await run(['train', config, '--json']))
    const peak = Number(trained['peak_rss_bytes'])
    expect(Math.abs(Number(last(planned)['predicted_rss_bytes']) / peak - 1)).toBeLessThan(0.1)
    expect(Math.abs(Number(planOf(planned).memory.predicted_bytes) / peak - 1)).toBeLessThan(0.25)
  })

  test('leaves the step out with --no-probe', async () => {
    const config = await project.config('unprobed', training)
    const cli = await run(['plan', config, '--json', '--no-probe'])
    expect(planOf(cli)).toMatchObject({
      device: 'cpu',
      memory: { probed_bytes: null },
      seconds_per_step: null,
      expected_seconds: null
    })
    expect(planOf(cli).memory.predicted_bytes).toBeGreaterThan(50e6)
  })

  test('says so to people', async () => {
    const { code, lines } = await run(['plan', await project.config('told', training)])
    expect(code).toBe(0)
    expect(lines.join('\n')).toMatch(/^Memory +\d+ MB in a trial step \(worked out: \d+ MB\)/m)
    expect(lines.join('\n')).toMatch(/^Disk +about .* are free$/m)
    expect(lines.join('\n')).toMatch(/^Time +about /m)
    const unprobed = await run(['plan', await project.config('told', training), '--no-probe'])
    expect(unprobed.lines.join('\n')).toMatch(/^Memory +about \d+ MB \(worked out, not measured\)$/m)
  })
})

describe('attune train', () => {
  const foreseen = lazy(async () => run(['train', await project.config('foreseen', training), '--json']))

  test('foresees what it then takes, and says its memory at each step', async () => {
    const cli = await foreseen()
    const { predicted_rss_bytes: predicted, peak_rss_bytes: peak } = last(cli)
    expect(Math.abs(Number(predicted) / Number(peak) - 1)).toBeLessThan(0.25)
    const steps = cli.events().filter(({ event }) => event === 'step')
    for (const { rssBytes, ownBytes } of steps) {
      expect(Number(ownBytes)).toBeGreaterThan(20e6)
      expect(Number(ownBytes)).toBeLessThanOrEqual(Number(rssBytes))
      expect(Number(ownBytes)).toBeLessThanOrEqual(Number(peak))
    }
    expect(steps).toHaveLength(24)
  })

  test('rehearses a run that comes near to what it may take, ends with the same weights where layers are made again, and refuses what cannot fit', async () => {
    const settings = { ...training, memory_limit: '120 MB', gradient_checkpointing: 2 }
    const near = await run(['train', await project.config('near', settings), '--json'])
    expect(last(near)).toMatchObject({ event: 'finished', weights_hash: last(await foreseen())['weights_hash'] })
    const message = expect.stringMatching(/^What 2 of 2 layers give is computed again in the backward pass/)
    expect(near.events()).toContainEqual({ event: 'note', code: 'gradient-checkpointing', message })
    expect(near.events()).toContainEqual({ event: 'progress', phase: 'probing', done: 0, total: 1 })
    const larger = { model: join(sample, 'model'), method: '{ type: full }' }
    const far = await run(['train', await project.config('far', { ...training, memory_limit: '70 MB' }, larger), '--json'])
    expect(far.code).toBe(2)
    expect(far.stderr).toMatch(
      /^far\.yaml line 8: This run would take about \d+ MB of memory; 70 MB memory_limit allows\. .*\.$/m
    )
    expect(last(far)).toMatchObject({ event: 'failed', exitCode: 2, code: 'memory-short' })
  })

  test('trains each of several seeds and reports mean and standard deviation', async () => {
    const seeds = [3, 5, 8]
    const config = await project.config('seeds', { ...training, num_train_epochs: 1, seeds })
    const cli = await run(['train', config, '--json'])
    expect(cli.code).toBe(0)
    const finished = last(cli) as unknown as { run: string; seeds: Summary } // As trainRun returns it.
    const own = await Promise.all(seeds.map((seed) => reportOf(join(finished.run, `seed-${seed}`))))
    const whole = await reportOf(finished.run)
    expect(finished.seeds).toEqual(whole.seeds)
    expect(finished.seeds.seeds).toEqual(seeds)
    const values = own.map(({ evaluation }) => evaluation.metrics['macro_f1']?.value ?? NaN)
    const mean = values.reduce((sum, value) => sum + value, 0) / 3
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2)
    const { macro_f1: measured } = finished.seeds.metrics
    expect(measured?.values).toEqual(values)
    expect(measured?.mean).toBeCloseTo(mean, 12)
    expect(measured?.deviation).toBeCloseTo(deviation, 12)
    // Other seeds split otherwise: results that are all the same would show nothing.
    expect(new Set(values).size).toBeGreaterThan(1)
    expect(await readFile(join(finished.run, 'report.html'), 'utf8')).toContain('seeds 3, 5, 8')
  })

  interface Summary {
    readonly seeds: readonly number[]
    readonly metrics: Readonly<
      Record<string, { readonly values: readonly number[]; readonly mean: number; readonly deviation: number }>
    >
  }

  interface Report {
    readonly seeds: Summary | null
    readonly evaluation: { readonly metrics: Readonly<Record<string, { readonly value: number }>> }
  }

  const reportOf = async (folder: string): Promise<Report> =>
    JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report // Written by trainRun.
})

/** Whether a file system of one's own can be mounted: only as root, and not in every container. */
const canMount = process.platform === 'linux' && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0
if (!canMount)
  process.stderr.write(
    'SKIPPED: no file system can be mounted here, so no test shows what a full or read-only disk does to a run.\n'
  )

describe.runIf(canMount)('a disk of its own', () => {
  const mounted: string[] = []

  /** A file system of `size` in memory. */
  async function disk(name: string, size: string): Promise<string> {
    const folder = join(root, name)
    await mkdir(folder)
    mount('-t', 'tmpfs', '-o', `size=${size}`, 'none', folder)
    mounted.push(folder)
    return folder
  }

  const mount = (...words: readonly string[]): void => {
    const { status, stderr } = spawnSync('mount', words, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`mount ${words.join(' ')}: ${stderr}`)
  }

  afterAll(() => {
    for (const folder of mounted) spawnSync('umount', [folder])
  })

  test('that fills up during training ends it with one sentence; the last checkpoint stays and can be gone on from', async () => {
    const reference = await run(['train', await project.config('roomy', training), '--json'])
    const output = await disk('small', '8m')
    const config = await project.config('roomy', training, { output })
    const filler = join(output, 'filler')
    let isFull = false
    const full = await run(['train', config, '--json'], {
      onEvent: ({ event, kind, step }) => {
        if (isFull || event !== 'checkpoint' || kind !== 'last' || Number(step) < 8) return
        isFull = true
        fill(filler)
      }
    })
    expect(full.stderr.trim().split('\n')).toHaveLength(1)
    expect(full.stderr).toMatch(/ is full\. Free some space and try again\.$/m)
    expect(full.code).toBe(2)
    expect(last(full)).toMatchObject({ event: 'failed', exitCode: 2, code: 'disk-full' })
    await access(join(output, 'roomy-1', 'checkpoints'))
    await rm(filler)
    const resumed = await run(['train', config, '--json', '--resume'])
    expect(resumed.events().find(({ event }) => event === 'started')?.['resumedFrom']).toBeGreaterThanOrEqual(8)
    expect(last(resumed)).toMatchObject({ event: 'finished', weights_hash: last(reference)['weights_hash'] })
  })

  test('that is too small is refused before anything is written', async () => {
    const output = await disk('tiny', '900k')
    const cli = await run(['train', await project.config('cramped', training, { output }), '--json'])
    expect(cli.code).toBe(2)
    expect(cli.stderr).toMatch(/^This run writes about .* to the disk that holds .*tiny.*, where .* are free\. /)
    expect(last(cli)).toMatchObject({ code: 'disk-full' })
  })

  test('that is read-only is refused with one sentence', async () => {
    const output = await disk('sealed', '8m')
    mount('-o', 'remount,ro', output)
    const cli = await run(['train', await project.config('sealed', training, { output }), '--json'])
    expect(cli.code).toBe(2)
    expect(cli.stderr.trim().split('\n')).toHaveLength(1)
    expect(cli.stderr).toMatch(
      /^Runs cannot be written to .*sealed: the drive is read-only\. Choose another folder for "output"\.$/m
    )
    expect(last(cli)).toMatchObject({ event: 'failed', exitCode: 2, code: 'output-unwritable' })
  })
})

/** Writes zeros until the file system has no room left. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (const size of [1 << 16, 1 << 12, 1]) writeUntilFull(file, new Uint8Array(size))
  } finally {
    closeSync(file)
  }
}

function writeUntilFull(file: number, block: Uint8Array): void {
  for (;;) {
    try {
      if (writeSync(file, block) < block.length) return
    } catch {
      // The disk is full, which was to be reached.
      return
    }
  }
}
