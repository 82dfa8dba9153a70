import { stringify } from 'yaml'
import type { SettingValue } from '../../../preload/contract/common.ts'
import type { Roles } from '../../../preload/contract/data.ts'
import type { RunDraft } from '../../../preload/contract/runs.ts'
import { InputError } from '../../base/errors.ts'
import type { Option, Shape } from '../../base/options.ts'
import type { RunConfig, SplitConfig } from '../config-types.ts'
import { parseRunConfig } from '../run-config.ts'
import { runSchema } from '../schema.ts'
import { toYaml } from '../to-yaml.ts'
import { choicesFor, DEVICE, type Choice, type Circumstances } from './thoroughness.ts'

/** What the ids of a draft stand for. */
export interface DraftPlace extends Omit<Circumstances, 'task' | 'mustNotMiss' | 'threads'> {
  readonly dataFile: string
  readonly roles: Roles
  /** The keys of the data section that say how rows are divided. */
  readonly division: DivisionKeys
  readonly modelFolder: string
  /** An imported adapter that the run starts from. */
  readonly adapterFolder?: string | null
  /** The folder below which run folders are made. */
  readonly output: string
  /** Threads of a run that works quietly. */
  readonly halfThreads: number
}

export interface DivisionKeys {
  readonly split: SplitConfig
  readonly split_seed: number
  readonly split_column: string | null
  readonly split_date: string | null
  readonly folds: number | null
  readonly cap_per_class: number | null
  readonly oversample: 'none' | 'balanced'
}

type Settings = Record<string, unknown>

/** The run that a draft asks for, checked as a run.yaml is. Throws an InputError for settings that cannot be meant. */
export function configOfDraft(draft: RunDraft, place: DraftPlace): RunConfig {
  return checked(settingsOfDraft(draft, place))
}

/** The same without what was changed by hand. */
export function standardConfig(draft: RunDraft, place: DraftPlace): RunConfig {
  return checked(settingsOfDraft({ ...draft, changed: {} }, place))
}

/** The run.yaml of a draft, naming what differs from the defaults. */
export function yamlOfDraft(draft: RunDraft, place: DraftPlace): string {
  const name = draft.name === null ? '' : `# ${draft.name.replace(/[\r\n]+/g, ' ')}\n`
  return `${name}${toYaml(configOfDraft(draft, place))}`
}

export function choicesOfDraft(draft: RunDraft, place: DraftPlace): readonly Choice[] {
  const threads = draft.quietly ? place.halfThreads : null
  return choicesFor(draft.thoroughness, { ...place, task: place.roles.task, mustNotMiss: draft.mustNotMiss, threads })
}

function settingsOfDraft(draft: RunDraft, place: DraftPlace): Settings {
  const { roles, modelFolder, output } = place
  const settings: Settings = {
    task: roles.task,
    ...(isMulti(roles) ? { problem_type: 'multi_label_classification' } : {}),
    model: modelFolder,
    data: dataOfDraft(place),
    output
  }
  const startsFromAdapter = place.adapterFolder != null
  // An adapter decides what it is; a person changes how it learns on.
  const isDecided = (path: string): boolean => startsFromAdapter && path.startsWith('method.') && !ownBesideAdapter.has(path)
  if (startsFromAdapter) settings['method'] = { type: 'lora', from_adapter: place.adapterFolder }
  const choices = choicesOfDraft(draft, place)
  const chosen = choices.find(({ path }) => path === 'method.type')?.value
  const method = startsFromAdapter ? undefined : draft.changed['method.type']
  for (const { path, value } of choices) {
    // Another method has other options, and a usual learning rate of its own.
    const isOfChosen = path.startsWith('method.') || path === 'training.learning_rate'
    const isOfOther = method !== undefined && method !== chosen && isOfChosen
    if (
      !isOfOther &&
      !isDecided(path) &&
      !(path === DEVICE && needsProcessor(draft)) &&
      !(roles.task === 'regression' && path === 'training.class_weights')
    )
      put(settings, path, value)
  }
  for (const [path, value] of Object.entries(draft.changed)) {
    refusePath(path, settings)
    if (!isDecided(path)) put(settings, path, asWritten(path, value, settings))
  }
  return settings
}

const isMulti = ({ task, separator }: Roles): boolean => task === 'text-classification' && separator !== null

const isSingle = ({ task, separator }: Roles): boolean => task === 'text-classification' && separator === null

/** The data section. */
function dataOfDraft({ roles, division, dataFile }: DraftPlace): Settings {
  return {
    file: dataFile,
    text: roles.text ?? '',
    ...(roles.task === 'question-answering' ? questionsOfDraft(roles) : labelsOfDraft(roles)),
    split: division.split,
    split_seed: division.split_seed,
    ...(division.split_column === null ? {} : { split_column: division.split_column }),
    ...(division.split_date === null ? {} : { split_date: division.split_date }),
    ...(division.folds === null ? {} : { folds: division.folds }),
    // Only where a row has exactly one class there is something to even out.
    ...(isSingle(roles) ? { cap_per_class: division.cap_per_class, oversample: division.oversample } : {}),
    ...(roles.belonging === 'column' && roles.group !== null ? { group: roles.group } : {})
  }
}

function labelsOfDraft(roles: Roles): Settings {
  const areMarks = roles.task === 'token-classification'
  return {
    ...(roles.textPair === null || areMarks ? {} : { text_pair: roles.textPair }),
    label: roles.answer ?? '',
    ...(isMulti(roles) ? { label_separator: roles.separator } : {}),
    // As the report on the data reads them.
    ...(areMarks ? { overlapping: 'outermost' } : {})
  }
}

function questionsOfDraft({ textPair, questions, answer }: Roles): Settings {
  const asked = Object.entries(questions ?? {}).map(([kind, wordings]) => [kind, wordings.length === 1 ? wordings[0] : wordings])
  return {
    ...(questions == null ? { question: textPair ?? '' } : { questions: Object.fromEntries(asked) }),
    answers: answer ?? ''
  }
}

/** Whether a person chose what the processor alone computes. */
const needsProcessor = ({ changed }: RunDraft): boolean =>
  changed['training.optim'] === 'adamw_8bit' || changed['training.frozen_weights'] === 'int8'

/** Settings of a method that stand beside an adapter. */
const ownBesideAdapter = new Set(['method.lora_dropout', 'method.loraplus_lr_ratio'])

/** A page names files and folders by handles alone. */
function refusePath(path: string, settings: Settings): void {
  const option = optionAt(path, settings)
  if (option && takesPath(option.shape))
    throw new InputError('bad-request', 'The page asked for something that Attune does not understand. Reload it.', { key: path })
}

/** Whether a setting is the path of a file or folder. */
export const takesPath = (shape: Shape): boolean =>
  shape.kind === 'text' ? shape.format === 'path' : shape.kind === 'either' && shape.of.some(takesPath)

function put(settings: Settings, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop()
  if (last === undefined || keys.concat(last).some((key) => key === '__proto__' || key === '')) return
  let inside = settings
  for (const key of keys) {
    const next = inside[key]
    const group = typeof next === 'object' && next !== null ? (next as Settings) : {} // A plain map of ours.
    inside[key] = group
    inside = group
  }
  inside[last] = value
}

/** A value from a form as run.yaml has it: lists come joined by commas. */
function asWritten(path: string, value: SettingValue, settings: Settings): unknown {
  if (typeof value !== 'string') return value
  const option = optionAt(path, settings)
  if (option && takesFlag(option.shape) && (value === 'true' || value === 'false')) return value === 'true'
  if (!option || !takesList(option.shape) || takesText(option.shape, value)) return value
  const items = value.split(',').map((item) => item.trim())
  const isNumeric = items.every((item) => item !== '' && Number.isFinite(Number(item)))
  return items.filter((item) => item !== '').map((item) => (isNumeric ? Number(item) : item))
}

/** A form has a field of text where a number or a name would do as well. */
const takesFlag = (shape: Shape): boolean => shape.kind === 'flag' || (shape.kind === 'either' && shape.of.some(takesFlag))

const takesList = (shape: Shape): boolean => shape.kind === 'list' || (shape.kind === 'either' && shape.of.some(takesList))

/** `all-linear` is a text where a list would do as well; a text with commas in it is meant as a list. */
const takesText = (shape: Shape, value: string): boolean =>
  shape.kind === 'either' && shape.of.some(({ kind }) => kind === 'text') && !value.includes(',')

/** The declaration of the option at a dotted path, for the task and method that the settings name. */
export function optionAt(path: string, settings: Readonly<Record<string, unknown>>): Option<unknown> | null {
  let option: Option<unknown> = runSchema
  let here: unknown = settings
  for (const key of path.split('.')) {
    const fields = fieldsOf(option.shape, here)
    const next: Option<unknown> | undefined = fields && Object.hasOwn(fields, key) ? fields[key] : undefined
    if (!next) return null
    option = next
    here = typeof here === 'object' && here !== null ? (here as Settings)[key] : undefined // Plain data, read by name.
  }
  return option
}

/** The options of a group, whatever it is wrapped in; of variants those that the settings choose. */
export function fieldsOf(shape: Shape, settings: unknown): Readonly<Record<string, Option<unknown>>> | null {
  if (shape.kind === 'group') return shape.fields
  if (shape.kind === 'either') return shape.of.map((each) => fieldsOf(each, settings)).find((fields) => fields !== null) ?? null
  if (shape.kind !== 'variants') return null
  const tag: unknown = typeof settings === 'object' && settings !== null ? (settings as Settings)[shape.tag] : undefined // As above.
  return (typeof tag === 'string' && Object.hasOwn(shape.of, tag) && shape.of[tag]) || null
}

const fileName = 'run.yaml'

/** Checks settings as those of a file are checked; a person who fills in a form has no lines. */
function checked(settings: Settings): RunConfig {
  try {
    return parseRunConfig(stringify(settings, { lineWidth: 0 }), fileName)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const message = error.message.replace(new RegExp(`^${fileName.replace('.', '\\.')} line \\d+: `), '')
    throw new InputError(error.code, message, error.where, { cause: error })
  }
}
