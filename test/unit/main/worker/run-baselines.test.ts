import { describe, expect, it } from 'vitest'
import { StoppedError } from '../../../../src/main/base/errors.ts'
import { areFittedBeside, judgedSize } from '../../../../src/main/engine/training/run-memory.ts'
import { RunBaselines } from '../../../../src/main/worker/run-baselines.ts'
import { draw } from '../../../helpers/samples.ts'

type Input = ConstructorParameters<typeof RunBaselines>[0]
type Prepared = ConstructorParameters<typeof RunBaselines>[1]
type Run = Parameters<RunBaselines['look']>[0]

const rows = 60
const width = 3
const words = ['rent', 'notice', 'deposit', 'repair', 'guest', 'garden']
const texts = Array.from(
  { length: rows },
  (_, row) => `the ${words[row % 6] ?? ''} of the ${words[(row * 5) % 6] ?? ''} ${row % 7}`
)
const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i)
const split = { train: range(0, 36), validation: range(36, 48), test: range(48, 60) }

/** What is prepared of a small table, whose texts are said to have so many tokens. */
function prepared(tokens: number): Prepared {
  const part = (own: Int32Array) => ({ rows: own, lengths: new Int32Array(own.length).fill(tokens) })
  const labels = Int32Array.from(texts, (_, row) => row % 3)
  return {
    targets: { kind: 'single-label', labels, classes: 3 },
    dataset: { classNames: ['a', 'b', 'c'], texts, pairs: null },
    split,
    share: null,
    settings: { classWeights: 'none' },
    examples: { train: part(split.train), validation: part(split.validation), test: part(split.test) },
    definition: { config: { width } }
  } as unknown as Prepared // The rest is for the base model, which is not asked here.
}

const input = (signal = new AbortController().signal): Input =>
  ({ config: { training: { baselines: true } }, selection: null, signal }) as unknown as Input // As above.

const of = ({ examples }: Prepared): Run => examples as unknown as Run // Only its parts are read.
const features = (_run: Run, { rows: own }: { readonly rows: Int32Array }): Promise<Float32Array> =>
  Promise.resolve(Float32Array.from([...own].flatMap((row) => [...draw(`row ${row}`, width)])))

const small = prepared(10)
const large = prepared(10_000)

describe('the baselines of a run', () => {
  it('are the same beside other work as after it', async () => {
    expect([small, large].map(({ examples }) => areFittedBeside(judgedSize(Object.values(examples), width)))).toEqual([
      true,
      false
    ])
    const all = await Promise.all(
      [small, large].map(async (each) => {
        const baselines = new RunBaselines(input(), each, features)
        baselines.begin()
        baselines.begin()
        return (await baselines.look(of(each))).fitted
      })
    )
    expect(all[0]?.map(({ id }) => id)).toEqual(['majority', 'tfidf', 'base'])
    expect(all[1]).toEqual(all[0])
  })

  it('are fitted where nothing was begun before', async () => {
    const { fitted } = await new RunBaselines(input(), small, features).look(of(small))
    expect(await fitted).toHaveLength(3)
  })

  it('are not fitted to their end once the run has ended or is stopped', async () => {
    const ended = new RunBaselines(input(), small, features)
    ended.begin()
    ended.dispose()
    await expect((await ended.look(of(small))).fitted).rejects.toThrow(StoppedError)
    const stopping = new AbortController()
    const stopped = new RunBaselines(input(stopping.signal), small, features)
    stopped.begin()
    stopping.abort()
    await expect((await stopped.look(of(small))).fitted).rejects.toThrow(StoppedError)
  })

  it('are none where none are wanted', async () => {
    const unwanted = { ...input(), config: { training: { baselines: false } } } as unknown as Input
    expect(await (await new RunBaselines(unwanted, small, features).look(of(small))).fitted).toEqual([])
  })
})
