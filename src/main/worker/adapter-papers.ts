import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { readAnswering } from '../export/answering/answering-file.ts'
import { checkFiles, factOf } from '../export/check-files.ts'
import { canonical, MANIFEST, type Fact, type Manifest } from '../export/manifest.ts'
import { packFacts, type PackFacts } from '../export/pack/facts.ts'
import { readManifest } from '../export/read-manifest.ts'
import { decisionOf, noDecision, type FixedDecision } from '../report/fixed-decision.ts'
import type { Calibration } from './judge.ts'
import type { AnsweringFacts } from './run-model.ts'

/** What an adapter's signed manifest says: of what it was made, how it is read and how it was tested. */
export interface AdapterPapers extends PackFacts {
  readonly calibration: Calibration
  readonly decision: FixedDecision
  /** Columns of the data, by their keys in run.yaml. */
  readonly data: Readonly<Record<string, unknown>>
  /** Of one that marks passages, how they are told by tags, or that answers questions, how answers are read, by its keys in run.yaml; null of any other. */
  readonly head: Readonly<Record<string, unknown>> | null
  /** When one that answers questions says that there is none; null of any other. */
  readonly answering: AnsweringFacts | null
  /** How texts are cut, by their keys in run.yaml. */
  readonly training: Readonly<Record<string, unknown>>
  /** Over all that decides how it is read: papers of two exports of one run have the same. */
  readonly sha256: string
}

/** Settings that decide how an answer is worked out, and those that say more of each way to cut long texts; nothing else of a run. */
const READING = ['truncation', 'per_device_eval_batch_size']
const CUTTING: Readonly<Record<string, readonly string[]>> = {
  head: [],
  head_tail: ['head_share'],
  windows: ['stride', 'window_pooling']
}
const TAGGING = ['scheme', 'labelled', 'decoding', 'crf', 'init']
const ANSWERING = ['max_answer_length', 'n_best_size', 'init']
const COLUMNS = ['text', 'text_pair', 'label', 'label_separator', 'question', 'questions', 'answers']

/**
 * The papers of an adapter that Attune exported, its files as they were signed; null for a folder without them, or with others in it by now: that is an
 * adapter made elsewhere.
 */
export async function adapterPapers(folder: string, signal: AbortSignal): Promise<AdapterPapers | null> {
  const isThere = await stat(join(folder, MANIFEST)).then(
    (found) => found.isFile(),
    () => false
  )
  if (!isThere) return null
  try {
    const manifest = await readManifest(folder)
    if (factOf(manifest, 'tools')['format'] !== 'peft') return null
    await checkFiles(folder, manifest, signal)
    const isAsked = factOf(manifest, 'config')['task'] === 'question-answering'
    const { threshold } = isAsked ? await readAnswering(folder) : { threshold: null }
    return papersOf(manifest, isAsked ? { threshold } : null)
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

function papersOf(manifest: Manifest, answering: AnsweringFacts | null): AdapterPapers {
  const facts = packFacts(manifest, 'adapter')
  const [config, reading] = [factOf(manifest, 'config'), factOf(manifest, 'reading')]
  const { max_length: longest } = reading
  // Looked at by packFacts.
  const { truncation } = config['training'] as { readonly truncation: string }
  const ways = {
    calibration: reading['calibration'] as Calibration, // As above.
    decision: decisionOf(reading['decision']) ?? noDecision,
    data: picked(config['data'], COLUMNS),
    head: HEADS[facts.problem] ? picked(config['head'], HEADS[facts.problem] ?? []) : null,
    answering,
    training: { ...picked(config['training'], [...READING, ...(CUTTING[truncation] ?? [])]), max_length: longest }
  }
  const decisive = canonical([facts.base, facts.problem, facts.labels, ways])
  return { ...facts, ...ways, sha256: createHash('sha256').update(decisive).digest('hex') }
}

const HEADS: Readonly<Partial<Record<PackFacts['problem'], readonly string[]>>> = {
  'token-classification': TAGGING,
  'question-answering': ANSWERING
}

/** What is null is left out, as in run.yaml. */
function picked(section: Fact[string], keys: readonly string[]): Readonly<Record<string, unknown>> {
  const all = section as Readonly<Record<string, unknown>> // Looked at by packFacts.
  const given = Object.entries(all).filter(([key, value]) => keys.includes(key) && value !== null && value !== undefined)
  return Object.fromEntries(given)
}
