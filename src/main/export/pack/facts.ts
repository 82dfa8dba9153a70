import { InputError } from '../../base/errors.ts'
import { factOf } from '../check-files.ts'
import { MANIFEST, type Fact, type Manifest } from '../manifest.ts'
import { fingerprint } from '../signing-key.ts'
import { count, isRecord, list, number, object, oneOf, orNull, record, text, truth, type Check } from '../../report/shape.ts'
import type { PackContent } from './layout.ts'

/** The model that a run was made from: its name where it was made, what `baseKeysOf` says of it, and the SHA-256 of its (first) file of weights. */
export interface BaseFacts {
  readonly name: string
  readonly weights: string
  readonly configuration: string
  readonly tokenizer: string
  readonly sha256: string | null
}

const problems = [
  ...(['single_label_classification', 'multi_label_classification', 'regression'] as const),
  ...(['token-classification', 'question-answering'] as const)
] as const

/** What a manifest says of a trained model, looked at field by field: whoever signed it may be anybody. */
export interface PackFacts {
  readonly holds: PackContent
  readonly problem: (typeof problems)[number]
  /** Classes, kinds of passages, or names of questions that are asked of every text; empty for a regression. */
  readonly labels: readonly string[]
  /** Whether it reads two texts together. */
  readonly pairs: boolean
  readonly maxLength: number
  readonly base: BaseFacts
  readonly method: string
  readonly dtype: string
  /** Metrics of the exported files on the rows that the run was tested on. */
  readonly tested: {
    readonly part: 'test' | 'validation'
    readonly rows: number
    readonly metrics: Readonly<Record<string, number>>
  }
  /** Version of Attune that made it. */
  readonly madeWith: string
  /** The start of the signing key's hash. */
  readonly signedBy: string
}

/** Runs that mark passages or answer questions have no such key. */
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value == null ? null : check(value)

const poolingHead = object<{ pooling: string; hidden_sizes: number[] }>({
  pooling: oneOf('default', 'cls', 'mean', 'max'),
  hidden_sizes: list(count)
})
const taggingHead = object<{ scheme: string; labelled: string; decoding: string; crf: boolean }>({
  scheme: oneOf('BIO', 'BILOU'),
  labelled: oneOf('first', 'all'),
  decoding: oneOf('constrained', 'independent'),
  crf: truth
})
const answeringHead = object<{ max_answer_length: number; n_best_size: number }>({ max_answer_length: count, n_best_size: count })
function checkHead(value: unknown): string | null {
  if (isRecord(value) && 'scheme' in value) return taggingHead(value)
  return isRecord(value) && 'n_best_size' in value ? answeringHead(value) : poolingHead(value)
}

const shapes: Readonly<Partial<Record<Fact['kind'], Check>>> = {
  tools: object<{ attune: string; dtype: string }>({ attune: text, dtype: text }),
  model: object<Omit<BaseFacts, 'sha256'>>({ name: text, weights: text, configuration: text, tokenizer: text }),
  config: object<{ task: string; method: unknown; training: unknown; data: unknown; head: unknown }>({
    head: orNull(checkHead),
    task: oneOf('text-classification', 'regression', 'token-classification', 'question-answering'),
    method: object<{ type: string }>({ type: text }),
    training: object<{ truncation: string; window_pooling: string }>({ truncation: text, window_pooling: text }),
    data: object<{ text: string; text_pair: string }>({ text: orNull(text), text_pair: orAbsent(text) })
  }),
  reading: object<{ problem: string; class_names: string[]; calibration: unknown; max_length: number }>({
    problem: oneOf(...problems),
    class_names: list(text),
    calibration: object<{ temperatures: number[]; thresholds: number[] | null }>({
      temperatures: list(number),
      thresholds: orNull(list(number))
    }),
    max_length: count
  }),
  replay: object<{ part: string; rows: number; after: Record<string, number> }>({
    part: oneOf('test', 'validation'),
    rows: count,
    after: record(number)
  })
}

/** @throws InputError where a part is missing or not as Attune writes it */
export function packFacts(manifest: Manifest, holds: PackContent): PackFacts {
  const read = (kind: Fact['kind']): Fact => {
    const fact = factOf(manifest, kind)
    const fault = shapes[kind]?.(fact) ?? null
    if (fault === null) return fact
    const sentence = `manifest.json does not say what Attune needs to know: ${kind}${fault}. Have the run exported again.`
    throw new InputError('pack-manifest', sentence, { file: MANIFEST })
  }
  const [tools, model, config, reading, replay] = [read('tools'), read('model'), read('config'), read('reading'), read('replay')]
  return {
    holds,
    // Looked at above, as is every field below.
    problem: reading['problem'] as PackFacts['problem'],
    labels: reading['class_names'] as readonly string[],
    pairs: typeof (config['data'] as { readonly text_pair?: unknown }).text_pair === 'string',
    maxLength: reading['max_length'] as number,
    base: {
      name: String(model['name']),
      weights: String(model['weights']),
      configuration: String(model['configuration']),
      tokenizer: String(model['tokenizer']),
      sha256: weightsHash(model['files'])
    },
    method: (config['method'] as { readonly type: string }).type,
    dtype: String(tools['dtype']),
    tested: {
      part: replay['part'] as 'test' | 'validation',
      rows: replay['rows'] as number,
      metrics: replay['after'] as Readonly<Record<string, number>>
    },
    madeWith: String(tools['attune']),
    signedBy: fingerprint(manifest.signature.public_key)
  }
}

function weightsHash(files: unknown): string | null {
  const listed: readonly unknown[] = Array.isArray(files) ? files : []
  const weights = listed.find((file) => isRecord(file) && /\.safetensors$/.test(String(file['name'])))
  const hash = isRecord(weights) ? weights['sha256'] : null
  return typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) ? hash : null
}
