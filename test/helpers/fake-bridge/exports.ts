import type { RunId } from '../../../src/preload/contract/common.ts'
import type { ExportForm, ExportId, ExportReplay, ExportsApi, ExportSummary } from '../../../src/preload/contract/exports.ts'
import { MARKS_RUN } from './passages.ts'

type Emit = (channel: string, payload: unknown) => void

const FOLDER = '/media/anna/Exports'
const UNKNOWN_HEAD =
  'Its head reads the mean over all words (head.pooling: mean), which no class of transformers does. Export it as ONNX, or train again with head.pooling: default.'
const sizes = (bytes: number) =>
  (['fp32', 'fp16', 'bf16'] as const).map((dtype) => ({ dtype, bytes: dtype === 'fp32' ? bytes : bytes / 2 }))

const replay: ExportReplay = {
  part: 'test',
  rows: 122,
  of: 122,
  metrics: [
    { id: 'macro_f1', before: 0.8104, after: 0.8104 },
    { id: 'accuracy', before: 0.8525, after: 0.8525 },
    { id: 'log_loss', before: 0.4012, after: 0.4012 }
  ],
  largestDifference: 6.1e-7,
  allowedDifference: 4.2e-4,
  changedRows: 0,
  allowedRows: 0,
  ties: 0,
  loss: null
}

const CONFLICT =
  'The result is meant to be sold or given to others, and a licence speaks against that. Licence of MiniLM-L12-H384 (cc-by-nc-4.0): Does not allow commercial use, of the model or of what was made from it.'

const form = (format: string, all: ExportForm['sizes'], unsupported: string | null = null): ExportForm => ({
  ...{ format, unsupported, sizes: all, quantizations: [] }
})

/** Of a form that is judged by its metric. */
const rounded: ExportReplay = {
  ...replay,
  metrics: [
    { id: 'macro_f1', before: 0.8104, after: 0.8046 },
    { id: 'accuracy', before: 0.8525, after: 0.8443 },
    { id: 'log_loss', before: 0.4012, after: 0.4057 }
  ],
  largestDifference: 0.187,
  allowedDifference: null,
  changedRows: 3,
  allowedRows: null,
  loss: { metric: 'macro_f1', lost: 0.0058, allowed: 0.02, interval: [-0.009, 0.024] }
}

/** Of a run that marks passages. */
const marked: ExportReplay = {
  ...replay,
  metrics: [
    { id: 'micro_f1', before: 0.9103, after: 0.9103 },
    { id: 'micro_precision', before: 0.9051, after: 0.9051 },
    { id: 'micro_recall', before: 0.9156, after: 0.9156 }
  ],
  passages: { before: 455, after: 455, changed: 0, ties: 0, allowed: 0 }
}

const made = (next: Partial<ExportSummary>): ExportSummary => ({
  id: 'e-fake' as ExportId,
  run: 'r3' as RunId,
  format: 'huggingface',
  dtype: 'fp32',
  quantization: null,
  name: 'Urgency v3 (Hugging Face)',
  folder: FOLDER,
  state: 'done',
  madeAt: '2026-11-24T10:12:00.000Z',
  progress: null,
  bytes: 268_400_000,
  replay,
  memorisation: {
    level: 'some',
    sentence:
      'Some: training rows can be told from unseen rows better than by guessing, though not surely. Think twice before you give the model to people who must not learn whose rows were in the data.'
  },
  signedBy: '3f2a 91bc 04de 7721',
  failure: null,
  status: 'draft',
  ...next
})

/** Exports that are there at once; with `beat` 0 a new one stands still while its rows are replayed. bf16 does not answer as tested. */
export function exportsHandlers(
  emit: Emit,
  beat: number,
  isFilled: boolean,
  hasPacks: boolean
): {
  readonly [Name in keyof ExportsApi]: (argument: never) => unknown
} {
  let all: readonly ExportSummary[] = []
  const put = (one: ExportSummary): void => {
    all = [one, ...all.filter(({ id }) => id !== one.id)]
    emit('exports:changed', one)
  }
  return {
    options: (run: RunId) => ({
      forms: [
        run === 'bad' ? form('huggingface', [], UNKNOWN_HEAD) : form('huggingface', sizes(268e6)),
        form('onnx', [{ dtype: 'fp32', bytes: 268e6 }]),
        {
          ...form('onnx-int8', [{ dtype: 'fp32', bytes: 71e6 }]),
          quantizations: run === 'bad' ? ['dynamic'] : ['dynamic', 'static']
        },
        form('peft', sizes(1.3e6)),
        form('attune', sizes(269e6))
      ],
      purpose: run === 'bad' ? 'commercial' : 'unsaid',
      conflict: run === 'bad' ? CONFLICT : null,
      columns: ['clinic', 'urgency', 'sex'],
      base: 'MiniLM-L12-H384',
      licence: run === 'bad' ? 'cc-by-nc-4.0' : 'apache-2.0',
      notice:
        run === 'bad'
          ? 'Licence of MiniLM-L12-H384 (cc-by-nc-4.0): Does not allow commercial use, of the model or of what was made from it.'
          : null,
      last: isFilled ? { folder: FOLDER, free: 58e9 } : null
    }),
    place: () => ({ folder: '/media/anna/USB', free: 200e6 }),
    start: ({ run, format, dtype, quantization }: Pick<ExportSummary, 'run' | 'format' | 'dtype' | 'quantization'>) => {
      const one = made({
        id: `e-${all.length}` as ExportId,
        run,
        format,
        dtype,
        quantization,
        state: 'working',
        replay: null,
        memorisation: null,
        bytes: null,
        signedBy: null
      })
      put({ ...one, progress: { phase: 'testing', done: 61, total: 122 } })
      const differs =
        'The exported files do not answer as the run was tested: logits differ by up to 0.412 (0.1 allowed) and 9 of 122 rows are answered otherwise (2 allowed). Nothing was kept; export as fp32.'
      if (dtype === 'bf16')
        put({ ...one, state: 'failed', failure: { code: 'export-differs', message: differs, detail: 'bf16' } })
      else if (format === 'onnx-int8')
        put(
          made({
            id: one.id,
            run,
            format,
            dtype,
            quantization,
            name: `Urgency v3 (ONNX, int8${quantization === 'static' ? ' static' : ''})`,
            replay: rounded
          })
        )
      else if (beat > 0) setTimeout(() => put(made({ id: one.id, run, format, dtype })), beat)
      return one
    },
    stop: () => put({ ...all[0]!, state: 'stopped', progress: null }),
    list: (run: RunId) => {
      if (all.length === 0 && run === 'r3') all = [made({})]
      if (all.length === 0 && run === MARKS_RUN) all = [made({ run, name: 'Letters, names (Hugging Face)', replay: marked })]
      return all.filter((one) => one.run === run)
    },
    made: () => (isFilled ? [made({})] : []),
    verify: () => ({
      files: 8,
      signedBy: '3f2a 91bc 04de 7721',
      isOwn: true,
      status: 'draft',
      reviews: [],
      metrics: replay.metrics.map(({ id, after }) => ({ id, value: after }))
    }),
    packs: () => (hasPacks ? ['Letters.attune', 'Urgency v3.attune'] : []),
    check: () => ({ files: 8, signedBy: '77aa 0c12 9e9e 51d0', isOwn: false, metrics: null, status: 'draft', reviews: [] }),
    review: ({ of, status, name, note }: Parameters<ExportsApi['review']>[0]) => {
      if ('id' in of) all = all.map((one) => (one.id === of.id ? { ...one, status } : one))
      return { status, reviews: [{ status, name, note, date: '2026-11-24T11:00:00.000Z', signedBy: '0b1e 77d2 41aa 9c3f' }] }
    },
    forget: (id: ExportId) => void (all = all.filter((one) => one.id !== id))
  }
}
