import { readdir, stat } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { basename, join } from 'node:path'
import { sha256OfFile } from '../base/files.ts'
import type { Licence } from '../base/licence/read-licence.ts'
import type { RunConfig } from '../config/config-types.ts'
import { isTokenizerFile } from '../export/carried-files.ts'
import type { Exporter } from '../export/define-exporter.ts'
import { exporters } from '../export/index.ts'
import type { Fact } from '../export/manifest.ts'
import type { Memorisation } from '../export/paper/memorisation.ts'
import { libraryHash } from '../engine/runtime/index.ts'
import type { RunReport } from '../report/run-report.ts'
import type { Replay } from './compare-answers.ts'
import type { ExportInput } from './export-run.ts'
import type { OwnRows } from './own-rows.ts'
import { markingOf } from './prepare-marks.ts'
import type { AdapterLineage } from './adapter-lineage.ts'
import type { TrainedParts } from './trained-run.ts'

export interface FactsInput {
  readonly input: ExportInput
  readonly parts: TrainedParts
  readonly rows: OwnRows
  readonly licence: Licence
  /** What the run went on from besides its base model. */
  readonly adapter: AdapterLineage | null
  readonly report: RunReport
  readonly replayed: Replay
  readonly memorisation: Memorisation | null
}

/** What the export was made from: every input by its hash. Paths and rows are left out. */
export async function exportFacts({
  input,
  parts,
  rows,
  licence,
  adapter,
  report,
  replayed,
  memorisation
}: FactsInput): Promise<Fact[]> {
  const { config, facts, settings, decision } = parts
  const marking = markingOf(config, facts.classNames)
  const { signal } = input
  const content = await sha256OfFile(join(input.runFolder, 'config.json'), signal)
  return [
    await toolsOf(input),
    { kind: 'model', ...facts.base, name: basename(parts.base.folder), files: await filesOf(parts, signal) },
    ...(adapter === null ? [] : [adapterFact(adapter)]),
    { kind: 'licence', name: licence.name, class: licence.class, obligations: licence.obligations, files: licence.files },
    {
      kind: 'data',
      ...{ content: rows.content, split: facts.splitHash },
      ...{ part: rows.part, rows: rows.places.length, of: rows.of, tested: rows.hash }
    },
    { kind: 'config', content, seed: settings.seed, ...withoutPaths(config) },
    {
      kind: 'run',
      ...{ weights: await weightsOf(parts, signal), trained_on: report.speed.device, created_at: report.run.createdAt },
      ...{ report: await sha256OfFile(join(input.runFolder, 'report.json'), signal) }
    },
    {
      kind: 'reading',
      ...{ problem: facts.problem, class_names: facts.classNames, calibration: facts.calibration, decision },
      // Outputs of one that marks passages, whose classes are kinds of passages.
      ...(marking && { tags: marking.tags.names }),
      ...{ max_length: settings.maxLength, window_pooling: settings.windowPooling }
    },
    ...quantizationFacts(input, rows),
    { kind: 'replay', ...replayed },
    ...(memorisation === null ? [] : [memorisationFact(memorisation)])
  ]
}

/** What was rounded, and on which rows ranges were measured. */
function quantizationFacts({ format, quantization }: ExportInput, { calibrating }: OwnRows): Fact[] {
  const { rounding }: Exporter = exporters[format]
  if (rounding === undefined) return []
  const isStatic = quantization === 'static' && calibrating !== null
  const calibration = isStatic
    ? { part: 'validation', rows: calibrating.texts.length, of: calibrating.of, hash: calibrating.hash }
    : null
  const activations = rounding === 'int4' ? 'float32' : isStatic ? 'static' : 'dynamic'
  return [{ kind: 'quantization', weights: rounding, activations, calibration }]
}

function adapterFact({ name, licence, files }: AdapterLineage): Fact {
  return { kind: 'adapter', name, licence: licence.name, class: licence.class, files }
}

function memorisationFact({ trainingRows, nearDuplicates, ...found }: Memorisation): Fact {
  return { kind: 'memorisation', ...found, training_rows: trainingRows, near_duplicates: nearDuplicates }
}

async function toolsOf({ version, runtime, format, dtype }: ExportInput): Promise<Fact> {
  return {
    kind: 'tools',
    ...{ attune: version, onnxruntime: runtime.version, onnxruntime_library: await libraryHash(), node: process.versions.node },
    ...{ platform: `${process.platform}-${process.arch}`, device: runtime.provider },
    ...{ processor: cpus()[0]?.model.trim() ?? '', threads: runtime.threads, processors: availableParallelism() },
    // Of a pack, what the files in it are: they are an export of that form.
    ...{ format: exporters[format].id, dtype }
  }
}

/** The base model's own files, each by its SHA-256: configuration, tokenizer and weights. */
async function filesOf({ base }: TrainedParts, signal: AbortSignal): Promise<readonly object[]> {
  const weights = base.checkpoint.files.map(({ file, path }) => ({ name: file, path }))
  const names = (await readdir(base.folder)).filter((name) => name === 'config.json' || isTokenizerFile(name)).sort()
  const files: object[] = []
  for (const { name, path } of [...names.map((name) => ({ name, path: join(base.folder, name) })), ...weights])
    files.push({ name, bytes: (await stat(path)).size, sha256: await sha256OfFile(path, signal) })
  return files
}

const weightsOf = ({ checkpoint }: TrainedParts, signal: AbortSignal): Promise<readonly string[]> =>
  Promise.all(checkpoint.checkpoint.files.map(({ path }) => sha256OfFile(path, signal)))

/** What a replay needs of the configuration; where things lay is nobody's business. */
function withoutPaths(config: RunConfig): object {
  const { task, data, training } = config
  const { method: own } = config
  // Runs that were made before there were adapters to start from have no such key.
  const isFurther = own.type === 'lora' && typeof own.from_adapter === 'string'
  const method = isFurther ? { ...own, from_adapter: basename(own.from_adapter) } : own
  const files = ['file', 'train', 'validation', 'test'] as const
  const parts = Object.fromEntries(Object.entries(data).filter(([name]) => !(files as readonly string[]).includes(name)))
  const problem = 'problem_type' in config ? config.problem_type : null
  const head = 'head' in config ? config.head : null
  const isSplitByFile = 'train' in data && data.train !== null
  return { task, data: parts, is_split_by_file: isSplitByFile, training, method, head, problem_type: problem }
}
