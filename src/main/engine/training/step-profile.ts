import { nodeFlop } from '../graph/passes/count-operations.ts'
import type { Graph, Node } from '../graph/types.ts'

/** When a node computes: on the way to the loss, once more for the gradient what was not kept, or the gradient itself. */
export type StepPart = 'forward' | 'recomputed' | 'backward'

/** Milliseconds of one step, by part. */
export type PartTimes = Readonly<Record<StepPart, number>>

/** What some operators of a step take, per step. */
export interface ProfileRow {
  readonly name: string
  /** Runs of a kernel. */
  readonly calls: number
  readonly parts: PartTimes
  readonly milliseconds: number
  /** Of all operators' time. */
  readonly share: number
  /** 10⁹ floating-point operations of matrix products a second; null where there is none among them. */
  readonly gflopPerSecond: number | null
}

/** Where the time of a step's operators goes. */
export interface OperatorProfile {
  readonly parts: PartTimes
  readonly milliseconds: number
  readonly gflopPerSecond: number | null
  /** In the order in which a text goes through the model. */
  readonly blocks: readonly ProfileRow[]
  /** The longest first. */
  readonly operators: readonly ProfileRow[]
}

/** Microseconds that each node took in each run, by its name. */
export type NodeTimes = ReadonlyMap<string, readonly number[]>

const suffix = '_kernel_time'

/**
 * Reads what ONNX Runtime's profiler wrote (events of Chrome's trace format), without the first `skipped` runs.
 * @throws Error where it is something else
 */
export function readNodeTimes(text: string, skipped: number): { readonly runs: number; readonly times: NodeTimes } {
  const events: unknown = JSON.parse(text)
  if (!Array.isArray(events)) throw new Error('the profile is no list of events')
  const read = events.filter(isEvent)
  const starts = read.filter(({ cat, name }) => cat === 'Session' && name === 'model_run').map(({ ts }) => ts)
  const first = starts.sort((a, b) => a - b)[skipped] ?? Infinity
  const times = new Map<string, number[]>()
  for (const { cat, name, ts, dur } of read) {
    if (cat !== 'Node' || !name.endsWith(suffix) || ts < first) continue
    const node = name.slice(0, -suffix.length)
    const known = times.get(node)
    if (known) known.push(dur)
    else times.set(node, [dur])
  }
  return { runs: Math.max(0, starts.length - skipped), times }
}

interface ProfileEvent {
  readonly cat: string
  readonly name: string
  /** Microseconds. */
  readonly ts: number
  readonly dur: number
}

function isEvent(value: unknown): value is ProfileEvent {
  if (typeof value !== 'object' || value === null) return false
  const { cat, name, ts, dur } = value as Readonly<Record<string, unknown>> // An object has text keys.
  return typeof cat === 'string' && typeof name === 'string' && typeof ts === 'number' && typeof dur === 'number'
}

/** What was measured of one node. */
interface NodeRow {
  readonly node: Node
  readonly part: StepPart
  readonly calls: number
  readonly milliseconds: number
  readonly flop: number
}

/** Sums a training graph's node times, of `steps` steps on batches of these sizes, by block and by operator. */
export function tabulate(
  graph: Graph,
  sizes: Readonly<Record<string, number>>,
  times: NodeTimes,
  steps: number
): OperatorProfile {
  const rows = graph.nodes.flatMap((node): NodeRow[] => {
    const taken = times.get(node.name)
    if (!taken) return []
    const calls = taken.length / steps
    const milliseconds = taken.reduce((sum, micro) => sum + micro, 0) / 1000 / steps
    return [{ node, part: partOf(node), calls, milliseconds, flop: calls * nodeFlop(node, sizes) }]
  })
  const whole = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const by = (nameOf: (node: Node) => string): ProfileRow[] =>
    [...Map.groupBy(rows, ({ node }) => nameOf(node))].map(([name, own]) => rowOf(name, own, whole))
  const { parts, gflopPerSecond } = rowOf('', rows, whole)
  return {
    ...{ parts, milliseconds: whole, gflopPerSecond },
    blocks: by(({ scope }) => blockOf(scope)),
    operators: by(({ op }) => op.branches?.[0].at(-1)?.type ?? op.type).sort((a, b) => b.milliseconds - a.milliseconds)
  }
}

function rowOf(name: string, rows: readonly NodeRow[], whole: number): ProfileRow {
  const sum = (of: (row: NodeRow) => number): number => rows.reduce((total, row) => total + of(row), 0)
  const inPart = (part: StepPart): number => sum((row) => (row.part === part ? row.milliseconds : 0))
  const milliseconds = sum((row) => row.milliseconds)
  const flop = sum((row) => row.flop)
  return {
    ...{ name, calls: sum(({ calls }) => calls), milliseconds },
    parts: { forward: inPart('forward'), recomputed: inPart('recomputed'), backward: inPart('backward') },
    share: whole > 0 ? milliseconds / whole : 0,
    gflopPerSecond: flop > 0 && milliseconds > 0 ? flop / milliseconds / 1e6 : null
  }
}

/** Scopes end in `grad` where a gradient is made, and in `again` or `recomputed` where a value is computed once more for it. */
function partOf({ scope }: Node): StepPart {
  const steps = scope.split('/')
  if (steps.includes('again') || steps.includes('recomputed')) return 'recomputed'
  return steps.includes('grad') ? 'backward' : 'forward'
}

/** The part of the model that a scope belongs to. */
function blockOf(scope: string): string {
  const [layer] = /\blayer\.\d+(?=\.|\/|$)/.exec(scope) ?? []
  if (layer !== undefined) return layer.replace('.', ' ')
  if (/\bembeddings?\b|_embeddings\b/.test(scope)) return 'embeddings'
  if (scope === 'loss' || scope.startsWith('loss/')) return 'loss'
  return scope === '' || scope === 'grad' ? 'inputs and gradients' : 'head'
}
