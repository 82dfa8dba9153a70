import { describe, expect, it } from 'vitest'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import type { Graph, Node, Value } from '../../../../../src/main/engine/graph/types.ts'
import { verifyGraph, verifyInPlace } from '../../../../../src/main/engine/graph/verify.ts'

function small(): { g: Ops; x: Value } {
  const g = new Ops({ training: false })
  return { g, x: g.input('x', 'float32', ['rows', 3]) }
}

describe('verifyGraph', () => {
  it('accepts what the builder makes', () => {
    const { g, x } = small()
    g.output('y', g.softmax(g.add(x, g.scalar(1))))
    expect(() => {
      verifyGraph(g.build())
    }).not.toThrow()
  })

  it('finds a value used before it is made', () => {
    const { g, x } = small()
    g.output(
      'y',
      g.within('late', () => g.neg(g.exp(x)))
    )
    const { nodes, outputs } = g.build()
    expect(() => {
      verifyGraph({ nodes: [...nodes].reverse(), outputs })
    }).toThrow('Neg in late: late/Exp is used before it is made')
  })

  it('finds an output that no node makes', () => {
    const { g, x } = small()
    g.output('y', g.exp(x))
    expect(() => {
      verifyGraph({ nodes: [], outputs: g.build().outputs })
    }).toThrow('output "y" is never made')
  })

  it('finds two values of one name', () => {
    const { g, x } = small()
    const twin: Value = { ...x }
    g.output('y', g.add(x, twin))
    expect(() => {
      verifyGraph(g.build())
    }).toThrow('two values are named "x"')
  })

  it('finds an output with the name of another value', () => {
    const { g, x } = small()
    g.output('x', g.exp(x))
    expect(() => {
      verifyGraph(g.build())
    }).toThrow('output "x" has the name of another value')
    const fed = small()
    fed.g.output('x', fed.x)
    expect(() => {
      verifyGraph(fed.g.build())
    }).toThrow('output "x" has the name of the value it hands on')
  })

  it('names op, scope and both types where a node does not make what it says', () => {
    const { g, x } = small()
    g.output(
      'y',
      g.within('encoder', () => g.reduceSum(x, [1]))
    )
    const { nodes, outputs } = g.build()
    const wrong = nodes.map((node): Node => ({
      ...node,
      outputs: node.outputs.map((output) => ({ ...output, shape: ['rows', 3] }))
    }))
    expect(() => {
      verifyGraph({ nodes: wrong, outputs })
    }).toThrow('ReduceSum in encoder: output 0 should be float32[rows], the graph says float32[rows,3]')
  })
})

describe('verifyInPlace', () => {
  /** A graph with the slot `w` [3] and the output `new`. */
  const updating = (make: (g: Ops, w: Value) => Value): Graph => {
    const g = new Ops({ training: false })
    g.output('new', make(g, g.state('w', 'float32', [3])))
    return g.build()
  }
  const check = (graph: Graph) => () => {
    verifyInPlace(graph, 'w', 'new')
  }

  it('accepts an elementwise update, and readers that come before it', () => {
    expect(check(updating((g, w) => g.sub(w, g.input('d', 'float32', [3]))))).not.toThrow()
    expect(check(updating((g, w) => g.sub(w, g.mul(w, g.reduceSum(w, [0], true)))))).not.toThrow()
  })

  it('refuses a writer that is not elementwise', () => {
    expect(check(updating((g, w) => g.softmax(w)))).toThrow('Softmax may not update "w" in place: it is not elementwise')
  })

  it('refuses a reader that may come after', () => {
    const graph = updating((g, w) => {
      g.output(
        'other',
        g.within('side', () => g.exp(w))
      )
      return g.neg(w)
    })
    expect(check(graph)).toThrow('Exp in side may read "w" after it is overwritten')
  })

  it('refuses a reader of a reshaped view that may come after', () => {
    const graph = updating((g, w) => {
      const view = g.reshape(w, [3, 1])
      g.output(
        'other',
        g.within('side', () => g.exp(view))
      )
      return g.add(w, g.reshape(view, [3]))
    })
    expect(check(graph)).toThrow('Exp in side may read "w" after it is overwritten')
  })

  it('refuses a new value of another shape', () => {
    const wider = updating((g, w) => g.add(w, g.input('d', 'float32', [2, 3])))
    expect(check(wider)).toThrow('"w" is float32[3], its new value float32[2,3]: it cannot be updated in place')
  })

  it('refuses an output that is not there', () => {
    const graph = updating((g, w) => g.neg(w))
    expect(() => {
      verifyInPlace(graph, 'w', 'old')
    }).toThrow('output "old" does not exist')
  })
})
