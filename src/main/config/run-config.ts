import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { open } from '../base/sealed/fs.ts'
import { shown } from '../base/wording.ts'
import type { DeviceSetting, RunConfig } from './config-types.ts'
import { besideAdapter } from './beside-adapter.ts'
import { contradictionsIn } from './contradictions.ts'
import { pathText, sentenceFor } from './problem-sentence.ts'
import { readOption, type Path, type Problem } from './read-options.ts'
import { resolveRun } from './resolve.ts'
import { learningRates, runSchema } from './schema.ts'
import { largestSource, readSource, type SettingsSource } from './yaml-source.ts'

export type { RunConfig } from './config-types.ts'

/** What a command asks for beside its file. */
export interface Asked {
  readonly folds?: number | undefined
  readonly curve?: boolean | undefined
  readonly device?: DeviceSetting | undefined
}

/**
 * The run that a run.yaml (or .json) asks for, every default filled in; paths stay as they are written. Throws an `InputError` that names the
 * file, the line, the key and what would be allowed. `asked` stands for what the file says of the same keys.
 */
export function parseRunConfig(source: string | Uint8Array, fileName: string, asked: Asked = {}): RunConfig {
  const settings = withAsked(readSource(source, fileName), asked)
  const { value, problems } = readOption(runSchema, settings.value)
  refuseFirst(settings, problems)
  const [first] = [...contradictionsIn(value), ...besideAdapter(value, settings.value)]
  if (first) throw refusal(settings, 'config_contradiction', first.path, first.message)
  return resolveRun(value)
}

/** The same for a file on disk, with the paths in it made absolute: they are meant from the folder that the file lies in. */
export async function readRunConfig(path: string, asked: Asked = {}): Promise<RunConfig> {
  const config = parseRunConfig(await readSettings(path), basename(path), asked)
  return withAbsolutePaths(config, dirname(resolve(path)))
}

/** The settings with other keys of data and training; those that have no section of data are refused as they are. */
function withAsked(settings: SettingsSource, { folds, curve = false, device }: Asked): SettingsSource {
  const { value } = settings
  if (!isMap(value) || !isMap(value['data'])) return settings
  const asked = { ...(folds === undefined ? {} : { folds }), ...(curve ? { learning_curve: true } : {}) }
  const training = isMap(value['training']) ? value['training'] : {}
  const there = device === undefined ? {} : { training: { ...training, device } }
  return { ...settings, value: { ...value, ...there, data: { ...value['data'], ...asked } } }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A misspelt key is named before anything that may follow from it; else the first line with a problem. */
function refuseFirst(settings: SettingsSource, problems: readonly Problem[]): void {
  const rank = (problem: Problem): number => (problem.reason === 'unknown' ? 0 : 1)
  const lineOf = ({ path }: Problem): number => settings.lineOf(path)
  const [first] = problems.toSorted((a, b) => rank(a) - rank(b) || lineOf(a) - lineOf(b))
  if (!first) return
  const { code, message } = sentenceFor(first, runSchema)
  throw refusal(settings, code, first.path, message)
}

function refusal({ fileName, lineOf }: SettingsSource, code: string, path: Path, message: string): InputError {
  const line = lineOf(path)
  return new InputError(code, `${fileName} line ${line}: ${message}`, { file: fileName, line, key: pathText(path) })
}

/** The bytes of a file of settings, no more than a file of settings has. */
export async function readSettings(path: string): Promise<Uint8Array> {
  const name = basename(path)
  try {
    const handle = await open(path, 'r')
    try {
      const stat = await handle.stat()
      if (!stat.isFile())
        throw new InputError('config_not_a_file', `${shown(name)} is a folder, not a file. Name the run.yaml in it.`, {
          file: path
        })
      // One byte too many is enough for the size to be refused.
      const buffer = Buffer.alloc(Math.min(stat.size, largestSource + 1))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === undefined) throw error
    const why = unreadable[code] ?? `The system says ${code}.`
    throw new InputError('config_unreadable', `${path} cannot be read. ${why}`, { file: path }, { cause: error })
  }
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file: check its name and folder.',
  ENOTDIR: 'A part of its path is a file, not a folder.',
  EISDIR: 'It is a folder: name the run.yaml in it.',
  EACCES: 'You may not read it.',
  EPERM: 'You may not read it.'
}

function withAbsolutePaths(config: RunConfig, folder: string): RunConfig {
  const absolute = (path: string): string => (/^~[\\/]/.test(path) ? join(homedir(), path.slice(2)) : resolve(folder, path))
  const located = (path: string | null): string | null => (path === null ? null : absolute(path))
  const { file, train, validation, test } = config.data
  const data = { file: located(file), train: located(train), validation: located(validation), test: located(test) }
  const { method: own } = config
  const method = 'from_adapter' in own ? { ...own, from_adapter: located(own.from_adapter) } : own
  const ends = { model: absolute(config.model), output: absolute(config.output), method }
  switch (config.task) {
    case 'text-classification':
      return { ...config, ...ends, data: { ...config.data, ...data } }
    case 'token-classification':
      return { ...config, ...ends, data: { ...config.data, ...data } }
    case 'question-answering':
      return { ...config, ...ends, data: { ...config.data, ...data } }
    case 'regression':
      return { ...config, ...ends, data: { ...config.data, ...data } }
    case 'masked-lm':
      return { ...config, ...ends, data: { ...config.data, ...data } }
  }
}

/** Options that came later, at their defaults: left out they leave the hash as it was, and a run that was stopped before is still the same run. */
const NEWER: Readonly<Record<string, unknown>> = {
  split_date: null,
  folds: null,
  cap_per_class: null,
  oversample: 'none',
  learning_curve: false,
  device: 'cpu',
  tf32: false,
  precision: 'float32',
  frozen_weights: 'float32'
}

/**
 * SHA-256 (hex) of all that decides a run's results, but for where things lie: model and data have hashes of their contents, and a moved run
 * is the same run.
 */
export function configHash({ model: _model, output: _output, data, ...rest }: RunConfig): string {
  const method =
    'from_adapter' in rest.method && rest.method.from_adapter !== null ? { ...rest.method, from_adapter: true } : rest.method
  const { file, train, validation, test, ...all } = data
  const columns = Object.fromEntries(Object.entries(all).filter(([key, value]) => NEWER[key] !== value))
  const training = Object.fromEntries(Object.entries(rest.training).filter(([key, value]) => NEWER[key] !== value))
  const files = { file, train, validation, test }
  const given = Object.fromEntries(Object.entries(files).map(([role, path]) => [role, path !== null]))
  return createHash('sha256')
    .update(canonical({ ...rest, training, method, data: { ...columns, given } }))
    .digest('hex')
}

/** JSON with keys in alphabetical order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** Models with fewer parameters learn with rates that larger ones forget by (docs/decisions/0035). */
const smallModel = 10e6
const smallModelRates = 20

/**
 * A sentence when the learning rate lies outside of what usually works for the method and a model of so many parameters, else null.
 */
export function learningRateNote({ method, training: { learning_rate: rate } }: RunConfig, parameters: number): string | null {
  const [low, usualHigh] = learningRates[method.type].usual
  const high = parameters < smallModel ? usualHigh * smallModelRates : usualHigh
  if (rate >= low && rate <= high) return null
  const effect = rate < low ? 'The model may hardly learn' : 'The model may forget what it knows'
  return `The learning rate ${rate} is ${rate < low ? 'lower' : 'higher'} than usual for ${method.type} (${low} to ${high}). ${effect}.`
}
