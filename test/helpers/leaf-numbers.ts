import { leavesOf } from '../../src/main/engine/graph/leaves.ts'
import { bindShape } from '../../src/main/engine/graph/shapes.ts'
import type { Graph } from '../../src/main/engine/graph/types.ts'
import { draw } from './samples.ts'

/** Numbers for all leaves of a graph, drawn by their names: indices and masks are 0 or 1. `bound` gives the named dims. */
export function numbersFor(graph: Graph, bound: Readonly<Record<string, number>>): Record<string, Float64Array> {
  return Object.fromEntries(
    leavesOf(graph).map(({ name, dtype, shape }) => {
      const count = bindShape(shape, bound).reduce((product, size) => product * size, 1)
      return [name, dtype === 'float32' ? draw(name, count) : draw(name, count, (random) => random.below(2))]
    })
  )
}
