import { describe, type Attribute, type Graph, type Value } from './types.ts'

const attributeText = (value: Attribute): string =>
  typeof value === 'object' && 'float' in value ? String(value.float) : JSON.stringify(value)

const valueText = (value: Value | null): string => {
  if (value === null) return '-'
  if (value.source.kind !== 'constant') return value.name
  const { data } = value.source
  return data.length > 6 ? `${value.dtype}(${data.length} numbers)` : `${value.dtype}(${data.join(' ')})`
}

/** One line a node: `outputs = Op(inputs) {attributes} : types`. Meant for people and for diffs. */
export function printGraph(graph: Graph): string {
  const lines = graph.nodes.map((node) => {
    const attributes = Object.entries(node.attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${attributeText(value)}`]
    )
    const suffix = attributes.length === 0 ? '' : ` {${attributes.join(', ')}}`
    const outputs = node.outputs.map((output) => `${output.name}: ${describe(output)}`).join(', ')
    return `${outputs} = ${node.op.type}(${node.inputs.map(valueText).join(', ')})${suffix}`
  })
  const outputs = [...graph.outputs].map(([name, value]) => `output ${name} = ${value.name}: ${describe(value)}`)
  return [...lines, ...outputs].join('\n')
}
