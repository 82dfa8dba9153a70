import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { resolveInModel } from '../base/model-files.ts'
import { readFile, writeFile } from '../base/sealed/fs.ts'
import { shown } from '../base/wording.ts'
import { parseRunConfig } from '../config/run-config.ts'
import type { RunConfig } from '../config/config-types.ts'
import { loadTokenizer } from '../engine/text/tokenizer.ts'
import type { StartValues } from '../engine/training/initialise.ts'
import { selectParameters, type Parameter } from '../engine/training/model-definition.ts'
import { openModelFolder } from '../engine/training/model-folder.ts'
import { writeAside } from '../engine/weights/aside.ts'
import { saveCheckpoint } from '../engine/weights/run-checkpoint.ts'
import { noDecision, writeDecision } from '../report/fixed-decision.ts'
import { hashOfAdapter } from './adapter-look.ts'
import type { PackFacts } from '../export/pack/facts.ts'
import { adapterPapers, type AdapterPapers } from './adapter-papers.ts'
import { readingOfAdapter, type AdapterReading } from './adapter-reading.ts'
import { ADAPTER_INSIDE, openStart, valuesOf, type StartingAdapter } from './adapter-start.ts'
import { baseKeysOf, changedPart, type BaseKeys } from './base-keys.ts'
import { MODEL_FILE, type RunModel } from './run-model.ts'
import { modelDefinitionOf } from './model-definition.ts'
import type { FinishedEvent } from './protocol.ts'
import { writeRecord } from './run-folder.ts'

export interface ImportAdapterInput {
  readonly folder: string
  readonly modelFolder: string
  /** Its classes in the order of its outputs; empty where its folder or the model names them, or where it gives a number. */
  readonly labels: readonly string[]
  /** Whether a text may have several classes; null: as its folder says, else one. */
  readonly isMultiLabel: boolean | null
  /** The column with the text in tables that it will answer. */
  readonly text: string
  readonly outFolder: string
  /** Whether it is refused on any model but the one that its papers name; where left out, its papers count on that one alone. */
  readonly isBound?: boolean
  /** ISO 8601. */
  readonly createdAt: string
}

/** What its papers say of how an adapter was made. */
export type AdapterMaking = Pick<AdapterPapers, 'tested' | 'signedBy' | 'madeWith'>

const namedOutputs = ({ problem, labels }: AdapterPapers): readonly string[] =>
  problem === 'token-classification' || problem === 'question-answering' ? [] : labels

/**
 * Imports an adapter: its files are copied, and beside them lies what answers with it, in the form of a run that was never tested here.
 * @throws InputError where it does not fit the model, nothing names its classes, or the target is taken
 */
export async function importAdapter(input: ImportAdapterInput): Promise<FinishedEvent> {
  const { folder, modelFolder } = input
  const target = resolve(input.outFolder)
  await requireFree(target)
  const model = await openModelFolder(modelFolder)
  const base = await baseKeysOf(model, await loadTokenizer(modelFolder))
  const papers = await papersOn(input, base)
  // Papers name kinds of passages and questions; its own folder then names the outputs.
  const start = await openStart(folder, model, papers === null ? input.labels : namedOutputs(papers))
  const reading = readingOfAdapter(input, start, papers)
  const { problem, classNames } = reading
  const config = configOf(input, start, reading, papers)
  const { parameters } = selectParameters(modelDefinitionOf(config, model, classNames))
  const values = valuesOf(start, reading.order, { shift: 0, scale: 1 })
  const sha256 = await hashOfAdapter(folder)
  await mkdir(dirname(target), { recursive: true })
  await writeAside(target, async (aside) => {
    await mkdir(aside)
    await copyAdapter(folder, join(aside, ADAPTER_INSIDE))
    await saveWeights(aside, parameters, values)
    await writeJsonAtomic(join(aside, MODEL_FILE), runModelOf(base, reading, papers))
    await writeDecision(aside, papers?.decision ?? noDecision)
    await writeJsonAtomic(join(aside, 'config.json'), { text: '', config })
    const record = { format: 'attune-run-1', name: basename(target), configHash: sha256, state: 'finished' } as const
    await writeRecord(aside, { ...record, createdAt: input.createdAt })
  })
  const { config: own } = start.adapter
  return {
    event: 'finished',
    out: target,
    base: basename(modelFolder),
    base_name: own.baseName,
    rank: own.r,
    layers: start.fitted.options.target_modules.length,
    class_names: classNames,
    problem,
    sha256,
    made: papers && ({ tested: papers.tested, signedBy: papers.signedBy, madeWith: papers.madeWith } satisfies AdapterMaking)
  }
}

/** Its papers, where they speak of this model and the person says nothing else. @throws InputError where it is bound to the model that they name, and this is another */
async function papersOn({ folder, isBound = false, ...said }: ImportAdapterInput, base: BaseKeys): Promise<AdapterPapers | null> {
  const papers = await adapterPapers(folder, new AbortController().signal)
  const changed = papers ? changedPart(papers.base, base) : 'weights'
  if (papers && changed === null && (isBound || !contradicts(said, papers))) return papers
  if (!isBound) return null
  const name = papers ? shown(papers.base.name) : 'the model that it was made from'
  const sentence = `This adapter answers on ${name} alone, and this model is another one: they differ in their ${changed ?? 'weights'}. Name the model that it was made from.`
  throw new InputError('pack-base', sentence, { file: folder })
}

const contradicts = (
  { labels, isMultiLabel }: Pick<ImportAdapterInput, 'labels' | 'isMultiLabel'>,
  papers: AdapterPapers
): boolean =>
  (labels.length > 0 && labels.join('\n') !== papers.labels.join('\n')) ||
  (isMultiLabel !== null && isMultiLabel !== (papers.problem === 'multi_label_classification'))

async function requireFree(target: string): Promise<void> {
  const isThere = await stat(target).then(
    () => true,
    () => false
  )
  if (!isThere) return
  throw new InputError('import-exists', `${target} is there already. Name a folder that is new.`, { file: target })
}

/** The settings that answer as the adapter was meant to, by its papers where it has some: none of them was ever used to train here. */
function configOf(
  { modelFolder, text, outFolder }: ImportAdapterInput,
  { fitted }: StartingAdapter,
  { problem, head }: AdapterReading,
  papers: AdapterPapers | null
): RunConfig {
  const columns = { ...columnsOf(problem, text, papers), ...papers?.data }
  const settings = {
    ...taskOf(problem, head),
    model: resolve(modelFolder),
    // Answers need the name of the text's column alone; a run without files says that it was never tested.
    data: { ...columns, file: 'none' },
    method: { type: 'lora' },
    ...(papers && { training: papers.training }),
    output: dirname(resolve(outFolder))
  }
  const config = parseRunConfig(JSON.stringify(settings), 'config.json')
  const method = { ...fitted.options, type: 'lora' } as const
  switch (config.task) {
    case 'masked-lm':
      throw new Error('an adapter answers texts')
    case 'question-answering':
      return { ...config, method, data: { ...config.data, file: null } }
    case 'regression':
      return { ...config, method, data: { ...config.data, file: null } }
    case 'token-classification':
      return { ...config, method, data: { ...config.data, file: null } }
    case 'text-classification':
      return { ...config, method, data: { ...config.data, file: null } }
  }
}

/** Columns that a configuration has to name. */
function columnsOf(problem: PackFacts['problem'], text: string, papers: AdapterPapers | null): Readonly<Record<string, string>> {
  if (problem !== 'question-answering') return { text, label: `${text}-label` }
  const isNamed = papers !== null && ('question' in papers.data || 'questions' in papers.data)
  return { text, answers: `${text}-answers`, ...(!isNamed && { question: 'question' }) }
}

function taskOf(problem: PackFacts['problem'], head: AdapterReading['head']): object {
  if (problem === 'regression') return { task: 'regression', target_scaling: 'none' }
  if (problem === 'token-classification' || problem === 'question-answering') return { task: problem, head: head ?? {} }
  return { task: 'text-classification', problem_type: problem }
}

/** Files that an adapter consists of and what speaks of it. */
const adapterFile =
  /^(?:adapter_config\.json|adapter_model\.safetensors|config\.json|manifest\.json|marks\.json|answering\.json|README\.md|(?:licen[cs]e|notice)(?:[.-][\w-]{1,20})?)$/i

async function copyAdapter(from: string, to: string): Promise<void> {
  await mkdir(to)
  for (const name of (await readdir(from)).filter((each) => adapterFile.test(each)).sort()) {
    const path = await resolveInModel(from, name)
    if (path !== undefined) await writeFile(join(to, name), await readFile(path))
  }
}

async function saveWeights(folder: string, parameters: readonly Parameter[], values: StartValues): Promise<void> {
  const valueOf = async ({ name, shape }: Parameter): Promise<Float32Array> => {
    const found = await values(name, shape)
    if (found) return found
    const sentence = `Neither the adapter nor its model holds ${name}, without which it cannot answer. Train it further on your data: name it as method.from_adapter in run.yaml.`
    const inApp = `Neither the adapter nor its model holds ${name}, without which it cannot answer. Train it further on your data.`
    throw new InputError('adapter-incomplete', sentence, { tensor: name, inApp })
  }
  const tensors = parameters.map((parameter) => ({
    name: parameter.name,
    dtype: 'F32' as const,
    shape: parameter.shape,
    read: async (offset: number, length: number) => (await valueOf(parameter)).subarray(offset, offset + length)
  }))
  await saveCheckpoint(folder, { series: 'best', step: 0, tensors, state: { imported: true } }, { keepPrevious: 0 })
}

function runModelOf(
  base: BaseKeys,
  { classNames, problem, outputs, answering }: AdapterReading,
  papers: AdapterPapers | null
): RunModel {
  const isMulti = problem === 'multi_label_classification'
  const each = (value: number): number[] => classNames.map(() => value)
  return {
    classNames,
    // Without papers nothing is known of how sure it is: its probabilities are read as they come.
    calibration: papers?.calibration ?? { temperatures: isMulti ? each(1) : [1], thresholds: isMulti ? each(0.5) : null },
    shift: 0,
    scale: 1,
    problem,
    base,
    splitHash: '',
    ...(outputs && { outputs }),
    ...(answering && { answering })
  }
}
