import { stat } from 'node:fs/promises'
import { InputError } from '../base/errors.ts'
import type { Architecture, EncoderConfig, HeadKind } from '../engine/architectures/define-architecture.ts'
import { checkTokenizerFits } from '../engine/text/check.ts'
import { loadTokenizer, type Tokenizer } from '../engine/text/tokenizer.ts'
import { architectureOf, openModelFolder, readConfigJson, type ModelFolder } from '../engine/training/model-folder.ts'
import { openCheckpoint, type Checkpoint } from '../engine/weights/checkpoint-folder.ts'

export interface FoundHead {
  readonly kind: HeadKind
  readonly isComplete: boolean
  /** Outputs of a stored classification head; null for the others. */
  readonly labels: number | null
  /** Its tensors that the weights lack: they start new when a run needs them. */
  readonly missing: readonly string[]
}

/** What a model folder holds. A part that could not be read is null and has its sentence in `problems`. */
export interface Inspection {
  readonly folder: string
  readonly family: string | null
  readonly config: EncoderConfig | null
  /** Longest text in tokens, special tokens included. */
  readonly max_tokens: number | null
  readonly class_names: readonly string[] | null
  readonly weights: {
    readonly parameters: number
    readonly bytes: number
    readonly files: readonly { readonly file: string; readonly bytes: number }[]
    readonly dtypes: Readonly<Record<string, { readonly tensors: number; readonly parameters: number; readonly bytes: number }>>
  } | null
  readonly heads: readonly FoundHead[]
  /** Tensors that the family does not know; they are left alone. */
  readonly extra: readonly string[]
  readonly tokenizer: {
    readonly vocabulary_size: number
    readonly highest_id: number
    readonly special_tokens: Readonly<Record<string, number | null>>
    readonly pairs: boolean
  } | null
  readonly problems: readonly { readonly code: string; readonly message: string }[]
}

/** Reads everything about a model folder but the values of its weights. What cannot be used is listed, not thrown. */
export async function inspectModel(folder: string): Promise<Inspection> {
  const problems: { readonly code: string; readonly message: string }[] = []
  const attempt = async <T>(work: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      const { code, message } = error
      if (!problems.some((problem) => problem.message === message)) problems.push({ code, message })
      return null
    }
  }
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false
  )
  // Throws the one sentence that there is to say then.
  if (!isFolder) await openCheckpoint(folder)
  const model = await attempt(() => openModelFolder(folder))
  const architecture = model?.architecture ?? (await attempt(async () => architectureOf(await readConfigJson(folder))))
  const config =
    model?.config ?? (architecture && (await attempt(async () => architecture.readConfig(await readConfigJson(folder), {}))))
  const checkpoint = model?.checkpoint ?? (await attempt(() => openCheckpoint(folder)))
  const tokenizer = await attempt(() => loadTokenizer(folder))
  const maxTokens = architecture && config ? config.maxPositions - architecture.positionOffset(config) : null
  if (tokenizer && config && maxTokens !== null) {
    await attempt(() => checkTokenizerFits(tokenizer, { vocabSize: config.vocabularySize, maxPositions: maxTokens }))
  }
  return {
    folder,
    family: architecture?.title ?? null,
    config,
    max_tokens: maxTokens,
    class_names: model?.classNames ?? null,
    weights: checkpoint && weightsOf(checkpoint),
    heads: model ? headsOf(model, (await readConfigJson(folder))['architectures']) : [],
    extra: model?.unknown ?? [],
    tokenizer: tokenizer && tokenizerOf(tokenizer),
    problems
  }
}

function weightsOf({ dtypes, totalBytes, files }: Checkpoint): NonNullable<Inspection['weights']> {
  return {
    parameters: [...dtypes.values()].reduce((sum, { parameters }) => sum + parameters, 0),
    bytes: totalBytes,
    files: files.map(({ file, size }) => ({ file, bytes: size })),
    dtypes: Object.fromEntries(dtypes)
  }
}

function tokenizerOf(tokenizer: Tokenizer): NonNullable<Inspection['tokenizer']> {
  const { vocabularySize, highestId, specialTokens, template } = tokenizer
  return { vocabulary_size: vocabularySize, highest_id: highestId, special_tokens: specialTokens, pairs: template.pair !== null }
}

/** The heads of texts and of tokens may have tensors of one name: what `config.json` declares says which of them is stored. */
function headsOf(model: ModelFolder, declared: unknown): FoundHead[] {
  const { architecture, config, storedNames } = model
  const isOfTokens = Array.isArray(declared) && declared.some((name) => String(name).endsWith('ForTokenClassification'))
  const kinds = Object.keys(architecture.heads) as HeadKind[] // The keys of a record of heads.
  return kinds.map((kind) => {
    const names = architecture.heads[kind].tensors(config, 2).map(({ name }) => name)
    if (kind === 'token-classification' && !isOfTokens) return { kind, isComplete: false, labels: null, missing: names }
    const missing = names.filter((name) => !storedNames.has(name))
    return { kind, isComplete: missing.length === 0, labels: labelsOf(kind, architecture, model), missing }
  })
}

/** The first dimension of the stored tensor whose shape depends on the number of labels. */
function labelsOf(kind: HeadKind, architecture: Architecture, { config, storedNames, checkpoint }: ModelFolder): number | null {
  const shapes = (labels: number): Map<string, string> =>
    new Map(architecture.heads[kind].tensors(config, labels).map(({ name, shape }) => [name, shape.join()]))
  const three = shapes(3)
  const depending = [...shapes(2)].find(([name, shape]) => three.get(name) !== shape)?.[0]
  if (depending === undefined) return null
  return checkpoint.tensors.get(storedNames.get(depending) ?? '')?.shape[0] ?? null
}
