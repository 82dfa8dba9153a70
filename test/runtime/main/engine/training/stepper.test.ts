import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PeftMethod } from '../../../../../src/main/engine/peft/define-method.ts'
import { full } from '../../../../../src/main/engine/peft/full/index.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Program, ProgramSpec, Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { Arena } from '../../../../../src/main/engine/training/arena.ts'
import { buildTrainingGraph } from '../../../../../src/main/engine/training/graphs.ts'
import { selectParameters, type ModelDefinition } from '../../../../../src/main/engine/training/model-definition.ts'
import { openModelFolder, storedTensors } from '../../../../../src/main/engine/training/model-folder.ts'
import { layOut } from '../../../../../src/main/engine/training/parameter-groups.ts'
import { Stepper } from '../../../../../src/main/engine/training/stepper.ts'
import { replacing } from '../../../../helpers/cramped.ts'

const folder = join(import.meta.dirname, '../../../../fixtures/encoders/models/bert-3-dropout')

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ threads: 2 })
})
afterAll(() => runtime.dispose())

/** A runtime that cannot load the program `refused`, from its `from`-th copy on; `open` holds the names of those that are loaded. */
function refusing(refused: string, from: number): { readonly runtime: Runtime; readonly open: readonly string[] } {
  const open: string[] = []
  let asked = 0
  const load = async (spec: ProgramSpec): Promise<Program> => {
    if (spec.name === refused && asked++ >= from) throw new Error(`${refused} cannot be loaded`)
    const program = await runtime.load(spec)
    open.push(spec.name)
    const dispose = async (): Promise<void> => {
      open.splice(open.indexOf(spec.name), 1)
      await program.dispose()
    }
    return replacing(program, 'dispose', dispose)
  }
  return { runtime: replacing(runtime, 'load', load), open }
}

async function openStepper(on: Runtime): Promise<Stepper> {
  const model = await openModelFolder(folder)
  const head = 'sequence-classification'
  const definition: ModelDefinition = {
    ...{ architecture: model.architecture, config: model.config, head, labels: 3 },
    ...{ method: full as PeftMethod<unknown>, options: { freeze: [], freeze_embeddings: false } },
    stored: storedTensors(model, head, 3, null)
  }
  const selection = selectParameters(definition)
  const { groups, size } = layOut(selection.parameters, () => ({ learningRateScale: 1, weightDecay: 0, schedule: 0, phase: 0 }))
  const loss = { kind: 'cross_entropy', focalGamma: 2, huberDelta: 1 } as const
  const built = buildTrainingGraph(definition, selection, { loss, accumulate: false })
  const weights = { folder, locate: (tensor: string): never => expect.fail(`${tensor} is frozen`) }
  const update = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 }
  return Stepper.open(on, new Arena(on, groups, size, 'adam'), built, weights, { optimizer: 'adam', update, accumulate: false })
}

it.each([
  ['training_model', 0],
  ['optimizer_model', 1],
  ['gradient_norm', 0],
  ['gradient_norm', 1]
])('closes what it opened where %s cannot be loaded, be it its copy %i', async (name, from) => {
  const { runtime: on, open } = refusing(name, from)
  await expect(openStepper(on)).rejects.toThrow(`${name} cannot be loaded`)
  expect(open).toEqual([])
})

it('keeps open what it works with until it is closed', async () => {
  const { runtime: on, open } = refusing('none', 0)
  const stepper = await openStepper(on)
  expect(open).toEqual(expect.arrayContaining(['training_model', 'optimizer_model', 'optimizer_model', 'gradient_norm']))
  await stepper.dispose()
  expect(open).toEqual([])
})
