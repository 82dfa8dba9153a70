import fc from 'fast-check'
import { evaluate } from '../../../../src/main/engine/evaluation/index.ts'
import type { EvaluationInput } from '../../../../src/main/engine/evaluation/index.ts'
import type { ReportEvaluation, RunReport } from '../../../../src/main/report/run-report.ts'
import { maskedLm, reportOf } from './reports.ts'

/** Names as hostile as a person's files can hold: markup, terminal codes, direction overrides, wide and joined characters, nothing. */
const name = fc.oneof(
  fc.string({ maxLength: 60, unit: 'binary' }),
  fc.constantFrom(
    '',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    '&amp;',
    '\u001b[31mred\u001b[0m',
    '\u202egnp.exe',
    '診断書診断書診断書診断書診断書診断書',
    'e\u0301\u0301 👩‍⚕️',
    'x'.repeat(300),
    'a\nb\tc',
    '\ud800'
  )
)

const share = fc.double({ min: 0, max: 1, noNaN: true })
const size = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => Math.round(value * 1000) / 1000)
const count = fc.oneof(fc.nat(5), fc.nat(100_000_000))

const floats = (each: fc.Arbitrary<number>, length: number): fc.Arbitrary<Float64Array> =>
  fc.array(each, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values))

const rows = fc.integer({ min: 1, max: 40 })
const classes = fc.oneof(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 20, max: 60 }))

function normalised(weights: Float64Array, width: number): Float64Array {
  return weights.map((_, i) => {
    const start = i - (i % width)
    const all = weights.subarray(start, start + width).reduce((sum, each) => sum + each + 1e-3, 0)
    return ((weights[i] ?? 0) + 1e-3) / all
  })
}

const singleLabel = fc.tuple(rows, classes).chain(([n, width]) =>
  fc.record({
    kind: fc.constant('single-label' as const),
    labels: fc.array(fc.nat(width - 1), { minLength: n, maxLength: n }).map((labels) => Int32Array.from(labels)),
    probabilities: floats(share, n * width).map((weights) => normalised(weights, width)),
    classNames: fc.array(name, { minLength: width, maxLength: width })
  })
)

const multiLabel = fc.tuple(rows, fc.integer({ min: 1, max: 6 })).chain(([n, width]) =>
  fc.record({
    kind: fc.constant('multi-label' as const),
    labels: fc.array(fc.nat(1), { minLength: n * width, maxLength: n * width }).map((labels) => Uint8Array.from(labels)),
    probabilities: floats(share, n * width),
    labelNames: fc.array(name, { minLength: width, maxLength: width }),
    thresholds: floats(share, width)
  })
)

const regression = rows.chain((n) =>
  fc.record({ kind: fc.constant('regression' as const), targets: floats(size, n), predictions: floats(size, n) })
)

/** What `evaluate` says of random answers, beside a baseline that gives the same answers in reverse. */
function evaluated(input: EvaluationInput, title: string): ReportEvaluation {
  const answers = input.kind === 'regression' ? input.predictions : input.probabilities
  const width =
    input.kind === 'single-label' ? input.classNames.length : input.kind === 'multi-label' ? input.labelNames.length : 1
  const lines = Array.from({ length: answers.length / width }, (_, i) => [...answers.subarray(i * width, (i + 1) * width)])
  const predictions = Float64Array.from(lines.toReversed().flat())
  const baselines = [
    { id: 'tfidf', title: 'Keywords', predictions },
    { id: 'other', title, predictions: answers }
  ]
  return evaluate(input, { seed: 1, resamples: 20, baselines })
}

const evaluation: fc.Arbitrary<ReportEvaluation | null> = fc.oneof(
  fc.tuple(fc.oneof(singleLabel, multiLabel, regression), name).map(([input, title]) => evaluated(input, title)),
  fc.constant(maskedLm()),
  fc.constant(null)
)

const curves = fc.record({
  training: fc.array(size, { maxLength: 50 }).map((losses) => losses.map((loss, i) => ({ step: i + 1, loss }))),
  validation: fc
    .array(fc.dictionary(fc.constantFrom('macro_f1', 'mae', 'log_loss', 'loss', 'perplexity'), size, { maxKeys: 3 }), {
      maxLength: 12
    })
    .map((points) => points.map((metrics, i) => ({ step: (i + 1) * 4, metrics })))
})

const setting = fc.oneof(name, size, fc.boolean(), fc.constant(null))

/** Any report that a run could write, and many that none would. */
export const anyReport: fc.Arbitrary<RunReport> = fc
  .record({
    evaluation,
    names: fc.record({ run: name, folder: name, note: name, file: name, prefix: fc.option(name) }),
    settings: fc.dictionary(name, setting, { maxKeys: 4 }),
    curves,
    counts: fc.tuple(count, count, count, count, count),
    sizes: fc.tuple(size, size, share),
    hasGroups: fc.boolean(),
    hasSeeds: fc.boolean()
  })
  .map(({ evaluation, names, settings, curves, counts: [a, b, c, d, e], sizes: [x, y, z], hasGroups, hasSeeds }) => {
    const report = reportOf(evaluation)
    const { run, data, training, model, speed } = report
    return {
      ...report,
      run: {
        ...run,
        name: names.run,
        folder: names.folder,
        seconds: Math.abs(x),
        files: [{ title: names.note, path: names.file }]
      },
      model: {
        ...model,
        title: names.file,
        parameters: a,
        trainableParameters: b,
        method: { id: 'x', title: names.note, settings }
      },
      data: {
        ...data,
        files: [names.file],
        notes: [names.note],
        groupColumn: hasGroups ? names.note : null,
        groups: hasGroups ? data.groups : null,
        truncatedRows: c,
        truncatedTokens: d,
        totalTokens: e,
        duplicates: { sets: a, extraRows: b, conflictingSets: c % 3, conflictingRows: d }
      },
      training: {
        ...training,
        steps: c,
        prefix: names.prefix,
        skippedSteps: b,
        settings,
        curves,
        bestMetric: { name: 'macro_f1', value: z, greaterIsBetter: a % 2 === 0 }
      },
      speed: { ...speed, tokensPerSecond: Math.abs(y), peakRssBytes: d, predictedRssBytes: a % 2 === 0 ? null : e },
      testLooks: a,
      seeds: hasSeeds ? { seeds: [1, 2], metrics: { macro_f1: { values: [z, null], mean: z, deviation: null } } } : null
    }
  })
