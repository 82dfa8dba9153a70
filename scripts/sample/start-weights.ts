import { Random } from '../../src/main/base/random.ts'
import type { TensorSpec } from '../../src/main/engine/blocks/tensor-spec.ts'

export interface StartSettings {
  readonly width: number
  readonly heads: number
  readonly seed: number
}

/** Sharpness of the position heads: the score of the right neighbour is about 8·sharpness². */
const sharpness = 2
/** Standard deviation of words and positions in the embedding sum. */
const embeddingScale = 0.05

/**
 * The values that pre-training begins with. A model this small, on a corpus this small, spends most of its training on finding out that the
 * words beside a gap say what is missing; so it is given that: positions are sinusoids in the first head's dimensions, and two heads of each of
 * the first three layers begin by looking 1, 2 and 3 tokens to the left and to the right (a mimetic start, after arXiv:2305.09828). Everything
 * else is random and everything is trained.
 */
export function startValues({ name, shape, init }: TensorSpec, settings: StartSettings): Float32Array {
  const random = new Random(settings.seed, `pretrain/${name}`)
  const size = shape.reduce((product, length) => product * length, 1)
  if (init.kind === 'zeros') return new Float32Array(size)
  if (init.kind === 'ones') return new Float32Array(size).fill(1)
  const { width, heads } = settings
  const headWidth = width / heads
  if (name.endsWith('position_embeddings.weight')) return positions(shape[0] ?? 0, width, headWidth)
  const isTable = name.includes('embeddings')
  const deviation = isTable ? embeddingScale : 1 / Math.sqrt(shape[1] ?? width)
  const values = Float32Array.from({ length: size }, () => deviation * random.normal())
  // Words leave the position dimensions nearly free.
  if (isTable) values.forEach((value, i) => (values[i] = i % width < headWidth ? value / 8 : value))
  const place = /layer\.(\d+)\.attention\.self\.(query|key)\.weight$/.exec(name)
  if (place) aimHeads(values, Number(place[1]), place[2] === 'query', width, headWidth)
  return values
}

/** Angular frequencies of the position sinusoids, from fast to slow. */
const frequency = (pair: number, pairs: number): number => 1.5 * (1 / 60) ** (pair / pairs)

function positions(count: number, width: number, headWidth: number): Float32Array {
  const values = new Float32Array(count * width)
  const pairs = headWidth / 2
  for (let position = 0; position < count; position++) {
    for (let pair = 0; pair < pairs; pair++) {
      const angle = position * frequency(pair, pairs)
      values[position * width + 2 * pair] = Math.SQRT2 * embeddingScale * Math.cos(angle)
      values[position * width + 2 * pair + 1] = Math.SQRT2 * embeddingScale * Math.sin(angle)
    }
  }
  return values
}

/** Makes heads 0 and 1 of the first layers look `layer + 1` tokens to the left and to the right: the query turns a position's sinusoid by that. */
function aimHeads(values: Float32Array, layer: number, isQuery: boolean, width: number, headWidth: number): void {
  if (layer > 2) return
  for (const [head, direction] of [-1, 1].entries()) {
    for (let row = 0; row < headWidth; row++)
      values.fill(0, (head * headWidth + row) * width, (head * headWidth + row + 1) * width)
    for (let pair = 0; pair < headWidth / 2; pair++) {
      const turn = isQuery ? direction * (layer + 1) * frequency(pair, headWidth / 2) : 0
      const at = (row: number, column: number): number => (head * headWidth + 2 * pair + row) * width + 2 * pair + column
      values[at(0, 0)] = sharpness * Math.cos(turn)
      values[at(0, 1)] = -sharpness * Math.sin(turn)
      values[at(1, 0)] = sharpness * Math.sin(turn)
      values[at(1, 1)] = sharpness * Math.cos(turn)
    }
  }
}
