import { Ops } from '../../src/main/engine/graph/operations.ts'
import type { HostTensor, Runtime } from '../../src/main/engine/runtime/port.ts'
import { drawMasks, hashNumbers, thresholdOf } from '../../src/main/engine/training/device-masks.ts'
import { loadGraph } from '../../src/main/engine/training/feeding.ts'

/** Eleven sites of three shapes and two probabilities: two groups of one shape, since a group has eight sites at most. */
const sites = Array.from({ length: 11 }, (_, i) => ({
  name: `dropout/site.${i}`,
  shape: i === 10 ? (['rows', 4, 'time', 'time'] as const) : (['rows', 'time', 64] as const),
  probability: i % 2 === 0 ? 0.1 : 0.5
}))
const sizes = { rows: 16, time: 48 }

/** One site's mask as a device drew it, and what plain arithmetic makes of the same numbers. */
export interface DrawnMask {
  readonly name: string
  readonly probability: number
  readonly width: number
  readonly drawn: Uint8Array
  readonly expected: Uint8Array
}

/** Draws the masks of `step` on a device, and again in JavaScript. */
export async function drawnMasks(runtime: Runtime, step: number): Promise<readonly DrawnMask[]> {
  const g = new Ops({ training: true })
  for (const { name, shape } of sites) g.output(`out/${name}`, g.cast(g.input(name, 'uint8', shape), 'float32'))
  const { graph, feed } = drawMasks({ graph: g.build(), masks: sites })
  const loaded = await loadGraph(runtime, graph, { name: 'masks', weights: null, state: unused })
  const fed = feed(sizes, { seed: 3, step, microStep: 0 })
  const found = await loaded.program.run({
    inputs: loaded.feed({ sizes, inputs: fed }),
    fetch: sites.map(({ name }) => `out/${name}`)
  })
  await loaded.program.dispose()
  return sites.map(({ name, probability }, i) => {
    const first = sites[i === 10 ? 10 : i - (i % 8)]?.name ?? ''
    const [r, c] = [whole(fed[`${first}/rows`]), whole(fed[`${first}/columns`])]
    const perSite = i === 10 ? r.length : sizes.rows * sizes.time
    const expected = maskOf(r.subarray(i === 10 ? 0 : (i % 8) * perSite).subarray(0, perSite), c, probability)
    return { name, probability, width: c.length, drawn: Uint8Array.from(found[`out/${name}`]?.data as Float32Array), expected }
  })
}

const unused = (): never => {
  throw new Error('the graph of masks has no state')
}

// What is fed are int32 tensors.
const whole = (tensor: HostTensor | undefined): Int32Array => tensor?.data as Int32Array

function maskOf(rows: Int32Array, columns: Int32Array, probability: number): Uint8Array {
  const mask = new Uint8Array(rows.length * columns.length)
  rows.forEach((r, i) => {
    columns.forEach((c, j) => {
      const x = (r + c) | 0
      const mixed = Math.imul(x, (x + hashNumbers.first) | 0)
      const folded = (mixed + Math.trunc(mixed / 65_536)) | 0
      mask[i * columns.length + j] = Math.imul(folded, (folded + hashNumbers.second) | 0) >= thresholdOf(probability) ? 1 : 0
    })
  })
  return mask
}
