import { InputError } from '../../../base/errors.ts'
import { shown } from '../../../base/wording.ts'
import { largestRank } from './options.ts'

/** `adapter_config.json` of a LoRA adapter as PEFT writes it, checked: what changes the arithmetic is here or was refused. */
export interface AdapterConfig {
  /** Whether it answers whole texts, tags words, or answers questions. */
  readonly task: AdapterTask
  /** The base model's name, the last part of `base_model_name_or_path`. A name to look for, never a path to open. */
  readonly baseName: string | null
  readonly r: number
  readonly alpha: number
  readonly dropout: number
  readonly isStabilised: boolean
  readonly bias: 'none' | 'all' | 'lora_only'
  /** Names, or a regular expression from somebody else; `all-linear` stands for every linear layer of the base model. */
  readonly targets: string | readonly string[]
  readonly excluded: string | readonly string[]
  /** Layers that have adapters; null: all. */
  readonly layers: readonly number[] | null
  /** Ranks and strengths that differ, by patterns from somebody else. */
  readonly ranks: Readonly<Record<string, number>>
  readonly alphas: Readonly<Record<string, number>>
  /** Modules that were trained in full. */
  readonly saved: readonly string[]
}

const tasks = ['SEQ_CLS', 'TOKEN_CLS', 'QUESTION_ANS'] as const
export type AdapterTask = (typeof tasks)[number]

const file = 'adapter_config.json'

/** Most characters of a regular expression, and most names of a list: no real adapter comes near. */
const longestPattern = 2000
const mostNames = 20_000

/** Keys that say nothing about the arithmetic, or are read below. */
const read = new Set([
  ...['peft_type', 'task_type', 'base_model_name_or_path', 'revision', 'inference_mode', 'auto_mapping', 'peft_version'],
  ...['r', 'lora_alpha', 'lora_dropout', 'use_rslora', 'bias', 'target_modules', 'exclude_modules', 'modules_to_save'],
  ...['layers_to_transform', 'layers_pattern', 'rank_pattern', 'alpha_pattern', 'init_lora_weights', 'runtime_config'],
  // For layers that store their weight the other way round, which no family here has; PEFT leaves it out of account too.
  'fan_in_fan_out',
  // These only decide how A and B start.
  ...['eva_config', 'megatron_core', 'qalora_group_size', 'ensure_weight_tying']
])

/** Starts that leave the base model as it is. The others (PiSSA, OLoRA, …) change its weights, which the adapter then counts on. */
const starts: readonly unknown[] = [undefined, null, true, false, 'gaussian', 'eva', 'orthogonal']

const refusal = (key: string, value: unknown, wanted: string): InputError => {
  const text = value === undefined ? 'missing' : JSON.stringify(value)
  return new InputError('adapter-config', `${file}: ${key} is ${text.length > 60 ? `${text.slice(0, 60)}…` : text}; ${wanted}`, {
    file,
    key
  })
}

/** Checks a LoRA adapter's configuration. @throws InputError naming the key that cannot be followed */
export function readAdapterConfig(json: Readonly<Record<string, unknown>>): AdapterConfig {
  if (json['peft_type'] !== 'LORA')
    throw refusal('peft_type', json['peft_type'], 'Attune reads LoRA adapters (LORA), also rsLoRA and LoRA+.')
  const named = json['task_type'] ?? 'SEQ_CLS'
  const task = tasks.find((one) => one === named)
  if (task === undefined)
    throw refusal(
      'task_type',
      named,
      'Attune reads adapters that classify texts or give them a number (SEQ_CLS), mark passages (TOKEN_CLS), or answer questions (QUESTION_ANS).'
    )
  if (!starts.includes(json['init_lora_weights']))
    throw refusal(
      'init_lora_weights',
      json['init_lora_weights'],
      'it changes the base model. Ask for the adapter converted to plain LoRA.'
    )
  for (const [key, value] of Object.entries(json)) if (!read.has(key) && !isOff(value)) throw unfollowed(key, value)
  return {
    task,
    baseName: baseNameOf(json['base_model_name_or_path']),
    r: whole(json['r'] ?? 8, 'r'),
    alpha: positive(json['lora_alpha'] ?? 8, 'lora_alpha'),
    dropout: rate(json['lora_dropout'] ?? 0),
    isStabilised: flagOf(json, 'use_rslora'),
    bias: biasOf(json['bias'] ?? 'none'),
    targets: targetsOf(json['target_modules']),
    excluded: modulesOf(json['exclude_modules'], 'exclude_modules') ?? [],
    layers: layersOf(json['layers_to_transform']),
    ranks: patternsOf(json['rank_pattern'], 'rank_pattern', whole),
    alphas: patternsOf(json['alpha_pattern'], 'alpha_pattern', positive),
    saved: savedOf(json['modules_to_save'])
  }
}

/** A switch of PEFT that is left as it was: such a key changes nothing, whatever it is. */
function isOff(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function unfollowed(key: string, value: unknown): InputError {
  const what = key === 'use_dora' ? 'Attune does not follow DoRA' : 'Attune does not follow it'
  return refusal(key, value, `${what}, so that the adapter would answer otherwise. Ask for a plain LoRA adapter.`)
}

/** Its last part alone, as a name for sentences and to compare with. */
function baseNameOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const last = value
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .at(-1)
  return last === undefined ? null : shown(last).slice(1, -1)
}

function whole(value: unknown, key: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= largestRank) return value
  throw refusal(key, value, `Attune reads ranks from 1 to ${largestRank}.`)
}

function positive(value: unknown, key: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw refusal(key, value, 'it must be a number above 0.')
}

function rate(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value < 1) return value
  throw refusal('lora_dropout', value, 'it must be a rate from 0 to below 1.')
}

function flagOf(json: Readonly<Record<string, unknown>>, key: string): boolean {
  const value = json[key] ?? false
  if (typeof value === 'boolean') return value
  throw refusal(key, value, 'it must be true or false.')
}

function biasOf(value: unknown): AdapterConfig['bias'] {
  if (value === 'none' || value === 'all' || value === 'lora_only') return value
  throw refusal('bias', value, 'it must be none, all or lora_only.')
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= mostNames && value.every((name) => typeof name === 'string' && name !== '')

function modulesOf(value: unknown, key: string): string | readonly string[] | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && value !== '' && value.length <= longestPattern) return value
  if (isNames(value)) return value
  throw refusal(
    key,
    value,
    `it must be a list of up to ${mostNames} names, or a regular expression of up to ${longestPattern} characters.`
  )
}

function targetsOf(value: unknown): string | readonly string[] {
  const targets = modulesOf(value, 'target_modules')
  if (targets !== null && targets.length > 0) return targets
  throw refusal('target_modules', value, 'it must name the layers that have adapters.')
}

function layersOf(value: unknown): readonly number[] | null {
  if (value === undefined || value === null) return null
  const layers: unknown[] = Array.isArray(value) ? value : [value]
  if (layers.length === 0) return null
  if (layers.every((layer): layer is number => Number.isSafeInteger(layer) && Number(layer) >= 0)) return layers
  throw refusal('layers_to_transform', value, 'it must be numbers of layers, counted from 0.')
}

function patternsOf(
  value: unknown,
  key: string,
  check: (each: unknown, key: string) => number
): Readonly<Record<string, number>> {
  if (value === undefined || value === null) return {}
  const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : null
  if (!entries || entries.length > mostNames || entries.some(([pattern]) => pattern.length > longestPattern))
    throw refusal(key, value, 'it must be numbers by the names of layers.')
  return Object.fromEntries(entries.map(([pattern, number]) => [pattern, check(number, key)]))
}

function savedOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (isNames(value)) return value
  throw refusal('modules_to_save', value, 'it must be a list of names.')
}
