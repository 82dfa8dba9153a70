import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCase, replay, type CaseRecord } from '../../test/helpers/reference-case.ts'
import { openNamed } from './device.ts'

// Every fixture of torch's against a device, with the largest difference of each case: `fidelity.ts [PART OF A NAME …]`. Goes on after a failure.
// ATTUNE_GPU_RECOMPUTED=1: the lower of the two layers is made again in the backward pass.

const fixtures = join(import.meta.dirname, '../../test/fixtures')
const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values))
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.hypot(...Array.from(a, (value, i) => value - (b[i] ?? NaN)))
const wanted = process.argv.slice(2)

const runtime = await openNamed({
  tf32: process.env['ATTUNE_GPU_TF32'] === '1',
  isStrict: process.env['ATTUNE_GPU_STRICT'] === '1'
})
console.log(`provider ${runtime.provider}, ONNX Runtime ${runtime.version}`)
let failed = 0
for (const folder of ['encoders/cases', 'methods/cases', 'tokens/cases', 'questions/cases'].map((name) => join(fixtures, name)))
  for (const name of readdirSync(folder)
    .filter((each) => wanted.length === 0 || wanted.some((part) => each.includes(part)))
    .sort()) {
    const record = JSON.parse(readFileSync(join(folder, name, 'case.json'), 'utf8')) as CaseRecord // Our own fixture.
    try {
      const started = performance.now()
      const expected = await readCase(join(folder, name))
      const found = await replay(runtime, record, expected, Number(process.env['ATTUNE_GPU_RECOMPUTED'] ?? 0))
      const logits = expected.get('logits') ?? []
      const of = (parameter: string): ArrayLike<number> => expected.get(`grad.${parameter}`) ?? []
      const whole = norm(record.trained.map((parameter) => norm(of(parameter))))
      const off = norm(record.trained.map((parameter) => distance(found.gradients.get(parameter) ?? [], of(parameter))))
      const losses = found.losses.map((loss, i) => Math.abs(loss / (record.losses[i] ?? NaN) - 1))
      const after = record.trained.map((parameter) =>
        Math.max(
          ...Array.from(found.after.get(parameter) ?? [], (value, i) =>
            Math.abs(value - (expected.get(`after.${parameter}`)?.[i] ?? NaN))
          )
        )
      )
      console.log(
        [
          name.padEnd(44),
          `logits ${found.logits ? (distance(found.logits, logits) / norm(logits)).toExponential(1) : '-'}`,
          `loss ${Math.max(...losses).toExponential(1)}`,
          `gradients ${(off / whole).toExponential(1)}`,
          `weights ${(Math.max(...after) / record.learning_rate).toFixed(3)} lr`,
          `${((performance.now() - started) / 1000).toFixed(1)} s`
        ].join('  ')
      )
    } catch (error) {
      failed++
      console.log(`${name}  FAILED ${error instanceof Error ? error.message : String(error)}`)
    }
  }
console.log(failed === 0 ? 'all cases ran' : `${failed} cases failed`)
await runtime.dispose()
process.exitCode = failed === 0 ? 0 : 1
