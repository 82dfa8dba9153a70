import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { resolveInModel } from '../../base/model-files.ts'
import { readFile } from '../../base/sealed/fs.ts'
import { readAdapterConfig, type AdapterConfig } from '../peft/lora/adapter-config.ts'
import { openSafetensors, type Checkpoint } from '../weights/checkpoint-folder.ts'
import { programProblem } from '../weights/safetensors.ts'
import { namesOfMap } from './class-names.ts'

export const ADAPTER_CONFIG = 'adapter_config.json'
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors'

/** A PEFT adapter as it lies on disk, before it is put to a base model. */
export interface AdapterFolder {
  readonly folder: string
  readonly config: AdapterConfig
  readonly checkpoint: Checkpoint
  /** Names in the file by the plain names of modules: `bert.….query.lora_A.weight`, `classifier.weight`. */
  readonly storedNames: ReadonlyMap<string, string>
  /** Classes in the order of its outputs, where its folder names them. */
  readonly classNames: readonly string[] | null
  /** config.json's `problem_type`, where its folder has one; `token-classification` or `question-answering` where its task is that. */
  readonly problem: string | null
}

/** Whether a folder holds an adapter of PEFT, readable or not. */
export async function isAdapterFolder(folder: string): Promise<boolean> {
  return stat(join(folder, ADAPTER_CONFIG)).then(
    (found) => found.isFile(),
    () => false
  )
}

/** Largest JSON file that is read: 20,000 names of modules have less. */
const maxJsonBytes = 4 << 20

/** Opens an adapter: configuration and the names of its weights, all checked as far as that goes without the base model. */
export async function openAdapterFolder(folder: string): Promise<AdapterFolder> {
  const json = await readJson(folder, ADAPTER_CONFIG)
  if (!json) {
    const sentence = `${folder} has no ${ADAPTER_CONFIG}. Choose a folder that PEFT's save_pretrained wrote.`
    throw new InputError('adapter-incomplete', sentence, { file: folder })
  }
  const config = readAdapterConfig(json)
  const checkpoint = await openSafetensors(await weightsOf(folder))
  const { classNames, problem } = await namesIn(folder)
  const own = { classNames, problem: problemOfTask[config.task] ?? problem }
  return { folder, config, checkpoint, storedNames: plainNames(checkpoint), ...own }
}

/** What the task alone tells of the problem. */
const problemOfTask: Readonly<Partial<Record<AdapterConfig['task'], string>>> = {
  TOKEN_CLS: 'token-classification',
  QUESTION_ANS: 'question-answering'
}

async function weightsOf(folder: string): Promise<string> {
  const path = await resolveInModel(folder, ADAPTER_WEIGHTS)
  if (path !== undefined) return path
  const program = (await readdir(folder)).sort().find((name) => /^adapter_model\.(bin|pt|pth|ckpt|pkl)$/i.test(name))
  if (program !== undefined) throw programProblem(join(folder, program))
  throw new InputError('adapter-incomplete', `${folder} has no ${ADAPTER_WEIGHTS}. Copy the whole adapter.`, { file: folder })
}

async function readJson(folder: string, name: string): Promise<Readonly<Record<string, unknown>> | null> {
  const path = await resolveInModel(folder, name)
  if (path === undefined) return null
  const where = { file: join(folder, name) }
  if ((await stat(path)).size > maxJsonBytes)
    throw new InputError('adapter-config', `${name} is too large for an adapter's. Ask for the adapter as PEFT saved it.`, where)
  try {
    const json: unknown = JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown> // A JSON object has text keys.
  } catch (error) {
    throw new InputError('adapter-config', `${name} is not valid JSON. Copy the adapter again.`, where, { cause: error })
  }
  throw new InputError('adapter-config', `${name} does not hold a JSON object. Copy the adapter again.`, where)
}

/** What PEFT adds to the names of a model: its own wrappers, and in some versions the adapter's name. */
const wrapped: readonly (readonly [RegExp, string])[] = [
  [/^base_model\.model\./, ''],
  [/\.base_layer\./g, '.'],
  [/\.modules_to_save(?:\.default)?\./g, '.'],
  [/\.(lora_[A-Za-z]\w*)\.default(?=\.|$)/g, '.$1']
]

/** With `bias: all` PEFT also writes the biases of a module that it replaced, and those of the new one a second time. */
const isRepeated = (stored: string, tensors: Checkpoint['tensors']): boolean =>
  stored.includes('.original_module.') ||
  (stored.includes('.modules_to_save.') && tensors.has(stored.replace(/\.modules_to_save(?:\.default)?\./, '.')))

function plainNames({ folder, tensors }: Checkpoint): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const stored of tensors.keys()) {
    if (isRepeated(stored, tensors)) continue
    const plain = wrapped.reduce((name, [pattern, replacement]) => name.replace(pattern, replacement), stored)
    const other = names.get(plain)
    if (other !== undefined) {
      const sentence = `The adapter's weights hold ${plain} twice: as ${other} and as ${stored}. Ask for the adapter as PEFT saved it.`
      throw new InputError('adapter-incomplete', sentence, { file: folder, tensor: stored })
    }
    names.set(plain, stored)
  }
  return names
}

/** Classes (of an adapter that marks passages, tags) and problem that the folder's own files name: marks.json, config.json, or the manifest of an export of Attune. */
async function namesIn(folder: string): Promise<Pick<AdapterFolder, 'classNames' | 'problem'>> {
  const { tags } = (await readJson(folder, 'marks.json')) ?? {}
  if (isNames(tags)) return { classNames: tags, problem: 'token-classification' }
  const config = await readJson(folder, 'config.json')
  const problem = textIn(config?.['problem_type'])
  const named = namesOfMap(config?.['id2label'])
  if (named) return { classNames: named, problem }
  const entries = (await readJson(folder, 'manifest.json'))?.['entries']
  if (!Array.isArray(entries)) return { classNames: null, problem }
  const reading = entries.find(
    (entry: unknown): entry is Readonly<Record<string, unknown>> =>
      typeof entry === 'object' && entry !== null && 'kind' in entry && entry.kind === 'reading'
  )
  const names = reading?.['class_names']
  return { classNames: isNames(names) ? names : null, problem: problem ?? textIn(reading?.['problem']) }
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null)
