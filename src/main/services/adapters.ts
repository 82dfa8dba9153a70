import { join } from 'node:path'
import type { Attribution } from '../../preload/contract/results.ts'
import type { AdapterServices } from '../ipc/routes/adapters.ts'
import type { LookedAdapter } from '../library/adapter-base.ts'
import { Adapters, type AdapterModels, type MadeAdapter } from '../library/adapters.ts'
import { answerWith } from '../runs/answers.ts'
import { finishedOf } from '../runs/outcome.ts'
import type { RunTask } from '../runs/serving/standby.ts'
import { metricTitle } from '../report/metrics.ts'
import type { AdapterMaking } from '../worker/import-adapter.ts'
import type { TrainerTask } from '../worker/protocol.ts'

interface AdapterParts {
  readonly dataFolder: string
  readonly quarantine: string
  readonly trainer: string
  readonly runTask: RunTask
  readonly models: AdapterModels
}

/** Adapters that were made elsewhere. Their files are opened by trainers alone. */
export function makeAdapters({ dataFolder, quarantine, trainer, runTask, models }: AdapterParts): AdapterServices {
  const ask = async (task: TrainerTask): Promise<Readonly<Record<string, unknown>>> =>
    finishedOf(await runTask(task, { entry: trainer, onEvent: () => undefined }))
  const imported = new Adapters({
    folder: join(dataFolder, 'adapters'),
    quarantine,
    models,
    look: async (folder, bases) => (await ask({ kind: 'look-adapter', folder, models: bases }))['look'] as LookedAdapter, // Made by lookAtAdapter.
    make: async (request) => madeOf(await ask({ kind: 'import-adapter', text: 'text', ...request })),
    now: () => new Date().toISOString()
  })
  return {
    imported,
    answerAdapter: async (id, texts) => answerWith({ entry: trainer, runTask }, await imported.folderOf(id), { texts }, false),
    attributeAdapter: async (id, text) => {
      const found = await ask({ kind: 'attribute', runFolder: await imported.folderOf(id), text, pair: null })
      const { label, words } = found as unknown as Attribution // Made by the trainer.
      return { label, words }
    }
  }
}

function madeOf(finished: Readonly<Record<string, unknown>>): MadeAdapter {
  // Made by importAdapter.
  const { layers, class_names, problem, made } = finished as unknown as Omit<MadeAdapter, 'made'> & {
    readonly made: AdapterMaking | null
  }
  const metrics = Object.entries(made?.tested.metrics ?? {}).map(([id, value]) => ({ id, title: metricTitle(id), value }))
  return { layers, class_names, problem, made: made && { ...made, tested: { ...made.tested, metrics } } }
}
