import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { readFile } from '../../base/sealed/fs.ts'
import { resolveInModel } from '../../base/model-files.ts'
import { shown } from '../../base/wording.ts'
import { architectures } from '../architectures/index.ts'
import type { Architecture, DropoutOverrides, EncoderConfig, HeadKind } from '../architectures/define-architecture.ts'
import type { TensorSpec } from '../blocks/tensor-spec.ts'
import type { HeadOptions } from '../tasks/options.ts'
import { openCheckpoint, type Checkpoint } from '../weights/checkpoint-folder.ts'
import { isFloat } from '../weights/elements.ts'
import { integerProblem } from '../weights/prepared.ts'
import { namesOfMap } from './class-names.ts'
import { headOf } from './custom-head.ts'

/** A model on disk, recognised and checked against its family's tensor list. */
export interface ModelFolder {
  readonly folder: string
  readonly architecture: Architecture
  readonly config: EncoderConfig
  /** config.json as it was read. */
  readonly json: Readonly<Record<string, unknown>>
  readonly checkpoint: Checkpoint
  /** Names in the checkpoint by the family's own names. */
  readonly storedNames: ReadonlyMap<string, string>
  /** Tensors of the checkpoint that the family does not know. */
  readonly unknown: readonly string[]
  /** Class names that config.json gives (`id2label`), in order; null where they are transformers' stand-ins or absent. */
  readonly classNames: readonly string[] | null
  /** Longest sequence in tokens. */
  readonly maxTokens: number
}

/** Largest config.json that is read. */
const maxConfigBytes = 4 << 20

/** Reads and checks config.json of a model folder. */
export async function readConfigJson(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const path = await resolveInModel(folder, 'config.json')
  if (path === undefined) {
    const sentence = `${folder} has no config.json. Choose a Hugging Face model folder: config.json, *.safetensors and tokenizer.json.`
    throw new InputError('model-incomplete', sentence, { file: folder })
  }
  const { size } = await stat(path)
  if (size > maxConfigBytes)
    throw new InputError('config-invalid', `config.json is ${size} bytes; a model's configuration is a few thousand.`, {
      file: path
    })
  try {
    const json: unknown = JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown> // A JSON object has text keys.
  } catch (error) {
    throw new InputError(
      'config-invalid',
      `${join(folder, 'config.json')} is not valid JSON. Copy the model again.`,
      { file: path },
      { cause: error }
    )
  }
  throw new InputError('config-invalid', `${join(folder, 'config.json')} does not hold a JSON object. Copy the model again.`, {
    file: path
  })
}

/** The family of a config.json. Throws an InputError that names it and those that Attune reads. */
export function architectureOf(json: Readonly<Record<string, unknown>>): Architecture {
  const type = json['model_type']
  const found = architectures.find(({ modelTypes }) => typeof type === 'string' && modelTypes.includes(type))
  if (found) return found
  const known = architectures.flatMap(({ modelTypes }) => modelTypes).join(', ')
  const what = typeof type === 'string' ? `config.json: model_type is ${shown(type)}` : 'config.json has no model_type'
  throw new InputError('model-unsupported', `${what}. Choose a model of a type that Attune can train: ${known}.`, {
    file: 'config.json',
    key: 'model_type'
  })
}

/** Opens a Hugging Face model folder: family, configuration and weights, every tensor checked by name and shape. */
export async function openModelFolder(folder: string, overrides: DropoutOverrides = {}): Promise<ModelFolder> {
  const json = await readConfigJson(folder)
  const architecture = architectureOf(json)
  const config = architecture.readConfig(json, overrides)
  const checkpoint = await openCheckpoint(folder)
  const { storedNames, unknown } = matchNames(architecture, config, checkpoint)
  checkTensors(architecture.tensors(config), storedNames, checkpoint, unknown)
  return {
    folder,
    architecture,
    config,
    json,
    checkpoint,
    storedNames,
    unknown,
    classNames: namesOfMap(json['id2label']),
    maxTokens: config.maxPositions - architecture.positionOffset(config)
  }
}

/** Prefixes that wrappers put before a checkpoint's own names. */
const wrappers = /^(?:module\.|base_model\.model\.|base_model\.|model\.(?=(?:bert|roberta|distilbert)\.))/

/** Finds each tensor's name in the family's terms: wrappers stripped, old names renamed, the base prefix added where it was left out. */
function matchNames(
  architecture: Architecture,
  config: EncoderConfig,
  checkpoint: Checkpoint
): { storedNames: Map<string, string>; unknown: string[] } {
  const base = new Set(architecture.tensors(config).map(({ name }) => name))
  const heads = Object.values(architecture.heads).flatMap((head) => head.tensors(config, 2).map(({ name }) => name))
  const known = new Set([...base, ...heads])
  const storedNames = new Map<string, string>()
  const unknown: string[] = []
  for (const stored of checkpoint.tensors.keys()) {
    const name = canonicalName(stored, architecture, known)
    if (known.has(name)) {
      const other = storedNames.get(name)
      if (other !== undefined) {
        throw new InputError('weights-ambiguous', `The weights hold "${name}" twice: as ${other} and as ${stored}.`, {
          tensor: stored
        })
      }
      storedNames.set(name, stored)
    } else if (!architecture.ignored.some((pattern) => pattern.test(name))) unknown.push(stored)
  }
  const [alias, words] = architecture.tied
  const stored = [...checkpoint.tensors.keys()].find((name) => canonicalName(name, architecture, known) === alias)
  if (stored !== undefined && !storedNames.has(words)) storedNames.set(words, stored)
  return { storedNames, unknown }
}

function canonicalName(stored: string, { prefix, renames }: Architecture, known: ReadonlySet<string>): string {
  let name = stored
  for (let next = name.replace(wrappers, ''); next !== name; next = name.replace(wrappers, '')) name = next
  for (const [pattern, replacement] of renames) name = name.replace(pattern, replacement)
  return !known.has(name) && known.has(`${prefix}.${name}`) ? `${prefix}.${name}` : name
}

/** Lists missing and mis-shaped base tensors in one sentence. */
function checkTensors(
  specs: readonly TensorSpec[],
  storedNames: ReadonlyMap<string, string>,
  checkpoint: Checkpoint,
  unknown: readonly string[]
): void {
  const missing = specs.filter(({ name }) => !storedNames.has(name)).map(({ name }) => name)
  if (missing.length > 0) {
    const extra =
      unknown.length === 0 ? '' : ` It also holds ${unknown.length} that do not belong to it, such as ${some(unknown)}.`
    const sentence = `The weights lack ${missing.length} of the ${specs.length} tensors that config.json calls for, such as ${some(missing)}.${extra}`
    throw new InputError('weights-missing', `${sentence} Ask for the complete model.`, {
      file: checkpoint.folder,
      tensor: missing[0] ?? ''
    })
  }
  const stored = specs.map((spec) => ({ ...spec, stored: storedNames.get(spec.name) ?? spec.name }))
  checkShapes(stored, checkpoint)
  for (const { stored: tensor } of stored) {
    const entry = checkpoint.tensors.get(tensor)
    if (entry && !isFloat(entry.dtype)) throw integerProblem(tensor, entry)
  }
}

function checkShapes(specs: readonly (TensorSpec & { readonly stored: string })[], { folder, tensors }: Checkpoint): void {
  const shapeOf = (tensor: string): readonly number[] => tensors.get(tensor)?.shape ?? []
  const wrong = specs.filter(({ stored, shape }) => shapeOf(stored).join() !== shape.join())
  const [first] = wrong
  if (!first) return
  const each = wrong
    .slice(0, 3)
    .map(({ stored, shape }) => `${stored} is [${shapeOf(stored).join(', ')}], not [${shape.join(', ')}]`)
  const rest = wrong.length > 3 ? `; and ${wrong.length - 3} more` : ''
  const sentence = `The weights do not have the shapes that config.json calls for: ${each.join('; ')}${rest}. The two files are not of one model: copy both again.`
  throw new InputError('weights-shape', sentence, { file: folder, tensor: first.stored })
}

const some = (names: readonly string[]): string => names.slice(0, 3).join(', ')

/**
 * Names of the tensors that a run takes from the checkpoint. A head counts as stored when all its tensors are there with the right shapes and,
 * for classification, its classes are the run's, in the run's order. A head that finds answers has no classes.
 */
export function storedTensors(
  model: ModelFolder,
  head: HeadKind,
  labels: number,
  classNames: readonly string[] | null,
  headOptions?: HeadOptions
): ReadonlySet<string> {
  const { architecture, config, storedNames, checkpoint } = model
  const specs = headOf({ architecture, head, ...(headOptions ? { headOptions } : {}) }).tensors(config, labels)
  const fits = ({ name, shape }: TensorSpec): boolean =>
    checkpoint.tensors.get(storedNames.get(name) ?? '')?.shape.join() === shape.join()
  const inBase = ({ name }: TensorSpec): boolean => name.startsWith(`${architecture.prefix}.`)
  const outer = specs.filter((spec) => !inBase(spec))
  const isNamed = head === 'sequence-classification' || head === 'token-classification'
  const isSameTask = !isNamed || (classNames !== null && model.classNames?.join('\n') === classNames.join('\n'))
  const reusesHead = isSameTask && outer.every(fits)
  const heads = specs.filter((spec) => (inBase(spec) ? fits(spec) : reusesHead))
  return new Set([...architecture.tensors(config), ...heads].map(({ name }) => name))
}
