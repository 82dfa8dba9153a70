import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { runTask, runTaskBehind } from '../runs/supervisor.ts'
import { makeAdapters } from '../services/adapters.ts'
import type { PackSummary } from '../worker/unpack-pack.ts'
import { libraryModels } from './library-models.ts'

/** Where what a pack holds goes to, and the way there. */
export interface PackPlace {
  /** What is shown of it beside the pack's own facts. */
  readonly facts: readonly (readonly [title: string, value: string])[]
  readonly take: () => Promise<{ readonly event: Readonly<Record<string, unknown>>; readonly sentence: string }>
}

interface UnpackedAdapter {
  readonly pack: PackSummary
  readonly name: string
  readonly folder: string
  readonly dataFolder: string
  /** The trainer's program. */
  readonly entry: string
  readonly signal: AbortSignal
}

/**
 * An adapter goes into the library, onto the model there that it was made from, or with --model and --out into a folder of its own.
 * @throws InputError where that model is not there, or only one of the two is named
 */
export async function adapterPlace(
  about: UnpackedAdapter,
  values: ReadonlyMap<string, string>,
  recordKey: string | undefined
): Promise<PackPlace> {
  const [modelFolder, outFolder] = [values.get('model'), values.get('out')]
  if ((modelFolder === undefined) !== (outFolder === undefined)) {
    const sentence =
      'attune import of a packed adapter takes both --model FOLDER and --out FOLDER, or neither: then it goes into the library.'
    throw new InputError('usage', sentence)
  }
  if (modelFolder !== undefined && outFolder !== undefined) return folderPlace(about, modelFolder, outFolder)
  return libraryPlace(about, recordKey)
}

async function libraryPlace(
  { pack, name, folder, dataFolder, entry }: UnpackedAdapter,
  key: string | undefined
): Promise<PackPlace> {
  const models = await libraryModels(dataFolder, key)
  const quarantine = join(dataFolder, 'quarantine')
  const { imported } = makeAdapters({ dataFolder, quarantine, trainer: entry, runTask: runTaskBehind, models })
  const { model, problem } = await imported.baseOf(folder)
  if (!model) throw new InputError('pack-base', `${problem ?? ''} Or name its folder with --model, and a new folder with --out.`)
  return {
    facts: [['Answers on', `${model.name}, in the library`]],
    async take() {
      const isMultiLabel = pack.problem === 'multi_label_classification'
      const wanted = { model: model.id, classNames: [], isMultiLabel, isBound: true }
      const { adapter, isKnown } = await imported.bring({ path: folder, name }, wanted)
      const home = join(dataFolder, 'adapters', adapter.id)
      const sentence = isKnown ? `It was in the library already: ${home}` : `In the library as ${name}, on ${model.name}: ${home}`
      return { event: { adapter: adapter.id, folder: home, is_known: isKnown, on: model.name }, sentence }
    }
  }
}

function folderPlace({ folder, entry, signal }: UnpackedAdapter, modelFolder: string, outFolder: string): PackPlace {
  return {
    facts: [['Answers on', modelFolder]],
    async take() {
      const task = {
        kind: 'import-adapter',
        ...{ folder, modelFolder, labels: [], isMultiLabel: null, text: 'text', outFolder, isBound: true },
        createdAt: new Date().toISOString()
      } as const
      const outcome = await runTask(task, { entry, signal, onEvent: () => undefined })
      if (outcome.event === 'failed' && outcome.exitCode === 2) throw new InputError(outcome.code, outcome.message)
      if (outcome.event === 'failed') throw new Error(outcome.detail)
      const out = String(outcome['out'])
      return {
        event: { folder: out, is_known: false },
        sentence: `Ready in ${out}: predict, serve and evaluate take it as a RUN.`
      }
    }
  }
}
