import { join } from 'node:path'
import type { Attribution } from '../../preload/contract/results.ts'
import type { AdapterServices } from '../ipc/routes/adapters.ts'
import { Adapters, type LookedAdapter, type MadeAdapter } from '../library/adapters.ts'
import type { Models } from '../library/models.ts'
import { answerWith } from '../runs/answers.ts'
import { finishedOf } from '../runs/outcome.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'
import type { TrainerTask } from '../worker/protocol.ts'

interface AdapterParts {
  readonly dataFolder: string
  readonly quarantine: string
  readonly trainer: string
  readonly models: Models
}

/** Adapters that were made elsewhere. Their files are opened by trainers alone. */
export function makeAdapters({ dataFolder, quarantine, trainer, models }: AdapterParts): AdapterServices {
  const ask = async (task: TrainerTask): Promise<Readonly<Record<string, unknown>>> =>
    finishedOf(await runTask(task, { entry: trainer, onEvent: () => undefined }))
  const imported = new Adapters({
    folder: join(dataFolder, 'adapters'),
    quarantine,
    models,
    look: async (folder, bases) => (await ask({ kind: 'look-adapter', folder, models: bases }))['look'] as LookedAdapter, // Made by lookAtAdapter.
    make: async (request) => (await ask({ kind: 'import-adapter', text: 'text', ...request })) as unknown as MadeAdapter, // Made by importAdapter.
    now: () => new Date().toISOString()
  })
  return {
    imported,
    answerAdapter: async (id, texts) => answerWith({ entry: trainer, runTask }, await imported.folderOf(id), texts, false),
    attributeAdapter: async (id, text) => {
      const found = await ask({ kind: 'attribute', runFolder: await imported.folderOf(id), text, pair: null })
      const { label, words } = found as unknown as Attribution // Made by the trainer.
      return { label, words }
    }
  }
}
