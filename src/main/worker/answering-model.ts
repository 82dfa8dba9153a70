import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { isAdapterFolder } from '../engine/training/adapter-folder.ts'
import { sweepAside } from '../engine/weights/aside.ts'
import { PACK_ENDING } from '../export/pack/layout.ts'
import {
  isRunFolder,
  loneAdapter,
  openAnswering,
  type AnsweringInput,
  type AnsweringModel,
  type OpenedModel
} from './open-answering.ts'
import type { ModelFacts } from './protocol.ts'

export type { AnsweringModel } from './open-answering.ts'

export interface Opened {
  readonly model: AnsweringModel
  readonly about: ModelFacts
}

/**
 * Opens the model in `folder` for as long as `work` takes. Of an export every file is checked against its manifest first.
 * @throws InputError where it is neither a finished run nor a whole export, or an adapter without its base model
 */
export async function withAnsweringModel<T>(input: AnsweringInput, work: (opened: Opened) => Promise<T>): Promise<T> {
  return open(input, async ({ model, about }) => work({ model, about: await about() }))
}

/** The same where nobody asks about the model itself. */
export async function withModel<T>(input: AnsweringInput, work: (model: AnsweringModel) => Promise<T>): Promise<T> {
  return open(input, ({ model }) => work(model))
}

async function open<T>(input: AnsweringInput, work: (opened: OpenedModel) => Promise<T>): Promise<T> {
  await refusePack(input.folder)
  const isLoose = !(await isRunFolder(input.folder)) && (await isAdapterFolder(input.folder))
  if (isLoose) return withAdapter(input, work)
  if (input.base != null) throw wholeModel(input.folder)
  return withOpened(input, work)
}

async function withOpened<T>(input: AnsweringInput, work: (opened: OpenedModel) => Promise<T>): Promise<T> {
  const { openRuntime } = await import('../engine/runtime/index.ts')
  const runtimes: Runtime[] = []
  try {
    const opened = await openAnswering(input, async (threads) => {
      const runtime = await openRuntime({ threads })
      runtimes.push(runtime)
      return runtime
    })
    try {
      return await work(opened)
    } finally {
      await opened.dispose()
    }
  } finally {
    for (const runtime of runtimes) await runtime.dispose()
  }
}

/** An adapter and its base model, put together as importing it does, for as long as it takes. */
async function withAdapter<T>(input: AnsweringInput, work: (opened: OpenedModel) => Promise<T>): Promise<T> {
  const { folder, base = null } = input
  if (base === null) throw loneAdapter(folder)
  const { importAdapter } = await import('./import-adapter.ts')
  await sweepAside(tmpdir())
  const scratch = await mkdtemp(join(tmpdir(), `.writing-${process.pid}-0-attune-`))
  try {
    const outFolder = join(scratch, basename(resolve(folder)))
    const reading = { labels: [], isMultiLabel: null, text: 'text' }
    const task = { folder, modelFolder: base, ...reading, outFolder, createdAt: new Date().toISOString() }
    await importAdapter(task).catch((error: unknown) => {
      throw withoutLabels(error, folder)
    })
    return await withOpened({ ...input, folder: outFolder, base: null }, work)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Names of classes are given where an adapter is imported. */
function withoutLabels(error: unknown, folder: string): unknown {
  if (!(error instanceof InputError) || error.code !== 'adapter-labels') return error
  const sentence = `Nothing in ${folder} names its classes. Import it with attune import and --labels, and name the folder that comes of it.`
  return new InputError(error.code, sentence, error.where, { cause: error })
}

function wholeModel(folder: string): InputError {
  const inApp = 'This is no adapter: it answers by itself.'
  return new InputError('answer-form', `${folder} is no adapter: it answers by itself. Leave --base out.`, {
    file: folder,
    inApp
  })
}

async function refusePack(path: string): Promise<void> {
  const found = path.endsWith(PACK_ENDING) ? await stat(path).catch(() => null) : null
  if (found?.isFile() !== true) return
  throw new InputError('answer-form', `${path} is a pack. Import it first, and name the folder that comes of it.`, { file: path })
}
