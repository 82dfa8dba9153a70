import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openRuntime } from '../../src/main/engine/runtime/index.ts'
import type { ProgramSpec, Runtime } from '../../src/main/engine/runtime/port.ts'
import { Standby, standingBy } from '../../src/main/runs/serving/standby.ts'
import { runTask } from '../../src/main/runs/supervisor.ts'
import { KeptModels } from '../../src/main/worker/kept-models.ts'
import type { KeptTask, Outcome } from '../../src/main/worker/protocol.ts'
import { attune, processesWith, trainerProgram } from '../helpers/attune.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

const TEXTS = ['dab abba bed', 'fade cede', 'faca ace bead', '']
const training = {
  num_train_epochs: 3,
  per_device_train_batch_size: 16,
  learning_rate: 0.01,
  early_stopping: null,
  bootstrap_resamples: 50,
  baselines: false
}

let root: string
let project: TinyProject
/** Two of equal shape, one of another rank, one of another method; and the first as a model of its own. */
let runs: { readonly twin: string; readonly first: string; readonly wide: string; readonly head: string; readonly merged: string }

const answerBy = (folder: string): KeptTask => ({ kind: 'answer', runFolder: folder, texts: TEXTS })
const wordsBy = (folder: string): KeptTask => ({ kind: 'attribute', runFolder: folder, text: TEXTS[0]!, pair: null })
const fresh = (task: KeptTask): Promise<Outcome> => runTask(task, { entry: trainerProgram, onEvent: () => undefined })
const bare = (outcome: Outcome): object => {
  const { detail: _detail, ...rest } = outcome
  return rest
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-standby-'))
  // The trainers of this test are known by it.
  process.env['ATTUNE_CACHE'] = join(root, 'cache')
  const home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
  const train = async (name: string, method: string, seed: number): Promise<string> => {
    const config = await project.config(name, { ...training, seed }, { method })
    const cli = await attune(['train', config, '--json'], { home })
    const last = cli.events().at(-1)
    expect(last, cli.stderr).toMatchObject({ event: 'finished' })
    return String(last?.['run'])
  }
  const first = await train('first', '{ type: lora, r: 4 }', 1)
  const merged = join(root, 'merged')
  await attune(['export', first, '--format', 'huggingface', '--out', merged], { home })
  runs = {
    first,
    merged,
    twin: await train('twin', '{ type: lora, r: 4 }', 2),
    wide: await train('wide', '{ type: lora, r: 8 }', 1),
    head: await train('head', '{ type: head }', 1)
  }
})
afterAll(async () => {
  delete process.env['ATTUNE_CACHE']
  await rm(root, { recursive: true, force: true })
})

describe('a trainer that stays', () => {
  let standby: Standby

  beforeEach(() => {
    standby = new Standby({ entry: trainerProgram, runTask })
  })
  afterEach(() => standby.release())

  const trainers = (): Promise<readonly number[]> => processesWith(`ATTUNE_CACHE=${join(root, 'cache')}`)

  test('answers as a fresh one does, whoever was asked before, in one process', async () => {
    const { first, twin, wide, head, merged } = runs
    const pids = new Set<number>()
    for (const folder of [first, twin, wide, first, head, merged, twin, first]) {
      const told = await standby.perform(answerBy(folder))
      expect(told, folder).toMatchObject({ event: 'finished', answers: { length: TEXTS.length } })
      expect(told, folder).toEqual(await fresh(answerBy(folder)))
      for (const pid of await trainers()) pids.add(pid)
    }
    expect(await standby.perform(wordsBy(twin))).toEqual(await fresh(wordsBy(twin)))
    expect([...pids].filter((pid) => pid !== process.pid)).toHaveLength(1)
  })

  test('says what a fresh one says of what cannot answer, and goes on', async () => {
    const gone = join(root, 'gone')
    expect(bare(await standby.perform(answerBy(gone)))).toEqual(bare(await fresh(answerBy(gone))))
    expect(await standby.perform(answerBy(runs.first))).toMatchObject({ event: 'finished' })
  })

  test('sees that a threshold was fixed, and that the base model was exchanged', async () => {
    const run = join(root, 'project/runs/changing')
    await cp(runs.first, run, { recursive: true })
    await standby.perform(answerBy(run))
    const person = { below: 0.999, fixedAt: '2026-01-01T00:00:00Z' }
    await writeFile(join(run, 'decision.json'), JSON.stringify({ format: 'attune-decision-1', alarm: null, person, labels: [] }))
    expect(await standby.perform(answerBy(run))).toMatchObject({ answers: [{ needs_person: true }, {}, {}, {}] })
    const tokenizer = join(project.folder, 'model/tokenizer.json')
    const before = await readFile(tokenizer, 'utf8')
    const json = JSON.parse(before) as { model: { vocab: Record<string, number> } }
    const [word = ''] = Object.keys(json.model.vocab).slice(-1)
    await writeFile(tokenizer, before.replace(JSON.stringify(word), '"other"'))
    const told = await standby.perform(answerBy(run))
    expect(told).toMatchObject({ event: 'failed', code: 'run-base-changed' })
    expect(bare(told)).toEqual(bare(await fresh(answerBy(run))))
    await writeFile(tokenizer, before)
    expect(await standby.perform(answerBy(run))).toMatchObject({ event: 'finished' })
  })

  test('is started again where it was lost, and only the question that it was at fails', async () => {
    await standby.perform(answerBy(runs.first))
    const [pid = 0] = (await trainers()).filter((each) => each !== process.pid)
    process.kill(pid, 'SIGKILL')
    while ((await trainers()).includes(pid)) await new Promise((done) => setTimeout(done, 20))
    // The system knows that it is gone a moment before its parent does: a question in between is the one that fails.
    const first = await standby.perform(answerBy(runs.twin))
    if (first.event === 'failed') expect(first.code).toBe('trainer-crashed')
    const answer = first.event === 'failed' ? await standby.perform(answerBy(runs.twin)) : first
    expect(answer).toMatchObject({ event: 'finished' })
  })

  test('goes when nobody asks any more, and makes way for a training', async () => {
    const short = new Standby({ entry: trainerProgram, runTask, patience: 50 })
    await short.perform(answerBy(runs.first))
    while ((await trainers()).some((pid) => pid !== process.pid)) await new Promise((done) => setTimeout(done, 20))
    const seen: string[] = []
    const standing = standingBy(async (task) => {
      seen.push(`${task.kind}: ${(await trainers()).filter((pid) => pid !== process.pid).length}`)
      return { event: 'finished' }
    }, standby)
    await standing(answerBy(runs.first), { entry: trainerProgram, onEvent: () => undefined })
    await standing({ kind: 'try-device', device: 'cpu' }, { entry: trainerProgram, onEvent: () => undefined })
    await standing({ kind: 'plan', configFile: 'x', probes: false }, { entry: trainerProgram, onEvent: () => undefined })
    await standing(answerBy(runs.first), { entry: trainerProgram, priority: 'low', onEvent: () => undefined })
    expect(seen).toEqual(['try-device: 1', 'plan: 0', 'answer: 0'])
  })
})

describe('models that stay open', () => {
  /** A runtime that tells which graphs it was given. */
  function listening(runtime: Runtime, onLoad: (spec: ProgramSpec) => void): Runtime {
    return new Proxy(runtime, {
      get(target, name) {
        if (name === 'load')
          return (spec: ProgramSpec) => {
            onLoad(spec)
            return target.load(spec)
          }
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      }
    })
  }

  test('have one session on their base model where they are of one shape, and one copy of its weights in any case', async () => {
    const loads: ProgramSpec[] = []
    const signal = new AbortController().signal
    const models = new KeptModels({
      openRuntime: async (threads) => listening(await openRuntime({ threads }), (spec) => loads.push(spec)),
      input: { cacheFolderOf: (output) => join(output, '.cache'), keptIn: join(root, 'cache'), signal, emit: () => undefined }
    })
    const logits = (folder: string): Promise<Float32Array> =>
      models.with(folder, { mayBeUnfinished: true, takesPassages: false, takesQuestions: false }, async (model) =>
        model.evaluate(await model.encode(TEXTS, null, signal), signal, () => undefined)
      )
    const { first, twin, wide } = runs
    const [a, b] = [await logits(first), await logits(twin)]
    expect(a).not.toEqual(b)
    expect(loads).toHaveLength(1)
    await logits(wide)
    expect(loads).toHaveLength(2)
    expect(new Set(loads.map(({ folder }) => folder)).size).toBe(1)
    expect([await logits(first), await logits(twin)]).toEqual([a, b])
    expect(loads).toHaveLength(2)
    await models.dispose()
  })
})
