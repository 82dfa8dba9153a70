import { defined } from '../../base/assert.ts'
import { eliminateDead } from '../graph/passes/eliminate-dead.ts'
import { sizeAt } from '../graph/shapes.ts'
import type { Graph } from '../graph/types.ts'
import { buildKeepGraph, scalarNames, updatedOutput } from '../optimizers/update-graphs.ts'
import type { HostTensor, Program, Runtime, StateTensor } from '../runtime/port.ts'
import type { Arena } from './arena.ts'
import { loadGraph, type Batch } from './feeding.ts'
import { gradientOutput, type TrainingGraph } from './graphs.ts'
import { without, type ParameterGroup } from './parameter-groups.ts'
import { inHost, leavesZeroRows, rowSlotsOf, rowsNamed, type RowSlot, type SparseRows } from './sparse-rows.ts'
import type { StepperOptions } from './stepper.ts'

/** The rows that a batch reaches, one for each token, by table. */
export type NamedRows = ReadonlyMap<string, readonly number[]>

interface Table extends RowSlot {
  readonly rows: SparseRows
}

/** The output of a training graph with what is added to a table's rows. */
const addedOutput = (parameter: string): string => `added/${parameter}`

/**
 * Embedding tables of which a step touches only the rows that its batch names (sparse-rows.ts). The stepper leaves them to this class wherever it goes
 * over the arena's flat arrays. Empty where the optimizer or the place of the memory does not allow it.
 */
export class RowGradients {
  readonly #runtime: Runtime
  readonly #arena: Arena
  readonly #tables: readonly Table[]
  readonly #names: ReadonlySet<string>
  /** Multiplies a table by its weight decay; null where there is no table. */
  readonly #keep: Program | null
  /** Memory for what is added, as large as the largest batch so far needs. */
  readonly #room = new Map<string, StateTensor>()

  private constructor(runtime: Runtime, arena: Arena, tables: readonly Table[], keep: Program | null) {
    this.#runtime = runtime
    this.#arena = arena
    this.#tables = tables
    this.#names = new Set(tables.map(({ parameter }) => parameter))
    this.#keep = keep
  }

  static async open(
    runtime: Runtime,
    arena: Arena,
    { graph }: TrainingGraph,
    { optimizer, update }: StepperOptions
  ): Promise<RowGradients> {
    const isPossible = runtime.provider === 'cpu' && leavesZeroRows(optimizer, update.epsilon)
    const tables = (isPossible ? rowSlotsOf(graph) : []).flatMap((slot): Table[] => {
      const rows = arena.rows(slot.parameter)
      return rows ? [{ ...slot, rows }] : []
    })
    if (tables.length === 0) return new RowGradients(runtime, arena, [], null)
    const state = (): Arena['weights'] => arena.weights
    const { program } = await loadGraph(runtime, buildKeepGraph(), { name: 'weight_decay', weights: null, state })
    return new RowGradients(runtime, arena, tables, program)
  }

  /**
   * The training graph with what is added to these tables given out as it is, for `add`: the library's ScatterElements takes 25 ns for each element, on one
   * thread.
   */
  withoutSums(graph: Graph): Graph {
    const outputs = new Map(graph.outputs)
    for (const { parameter, added } of this.#tables) {
      outputs.delete(gradientOutput(parameter))
      outputs.set(addedOutput(parameter), added)
    }
    return this.#tables.length === 0 ? graph : eliminateDead({ nodes: graph.nodes, outputs })
  }

  /** Where that graph writes what these rows get. */
  targets(named: NamedRows): Readonly<Record<string, StateTensor>> {
    return Object.fromEntries(
      this.#tables.map(({ parameter, added }): [string, StateTensor] => {
        const [uses, width] = [named.get(parameter)?.length ?? 0, sizeAt(added.shape, -1)]
        const size = uses * width
        const known = this.#room.get(parameter)
        const room = known && known.size >= size ? known : this.#runtime.allocate('float32', [size])
        this.#room.set(parameter, room)
        return [addedOutput(parameter), room.view(0, [uses, width])]
      })
    )
  }

  /** Adds what a micro-batch wrote to the `targets` of its rows. */
  add(named: NamedRows): void {
    for (const { parameter, rows } of this.#tables) {
      const added = inHost(defined(this.#room.get(parameter), parameter))
      rows.add(named.get(parameter) ?? [], defined(added, parameter))
    }
  }

  has(parameter: string): boolean {
    return this.#names.has(parameter)
  }

  /** The rest of the groups: the stretches that hold no such table. */
  rest(groups: readonly ParameterGroup[]): readonly ParameterGroup[] {
    return this.#tables.length === 0 ? groups : groups.flatMap((group) => without(group, this.#names))
  }

  namedBy(batch: Batch): NamedRows {
    return new Map(this.#tables.map(({ parameter, input }) => [parameter, rowsNamed(defined(batch.inputs[input], input).data)]))
  }

  /** Says that a micro-batch is about to add to these rows. */
  fill(named: NamedRows): void {
    for (const { parameter, rows } of this.#tables) rows.fill(named.get(parameter) ?? [])
  }

  clear(): void {
    for (const { rows } of this.#tables) rows.clear()
  }

  /** Sums of squares of the tables of these groups. */
  squares(groups: readonly ParameterGroup[]): readonly number[] {
    return groups.flatMap((group) => this.#of(group).map(({ rows }) => rows.sumOfSquares()))
  }

  /** One optimizer step on the tables of a group, with the scalars of `updateScalars`. */
  async update(
    group: ParameterGroup,
    scalars: Readonly<Record<string, number>>,
    fed: Readonly<Record<string, HostTensor>>
  ): Promise<void> {
    const { keep } = scalarNames
    for (const { parameter, rows } of this.#of(group)) {
      const weight = this.#arena.weight(parameter)
      const state = weight.view(0, [weight.size])
      if (scalars[keep] !== 1) {
        const inputs = { weight: state, [keep]: defined(fed[keep], keep) }
        await this.#keep?.run({ inputs, outputs: { [updatedOutput('weight')]: state } })
      }
      rows.update(scalars)
    }
  }

  async dispose(): Promise<void> {
    await this.#keep?.dispose()
  }

  #of({ slots }: ParameterGroup): readonly Table[] {
    return this.#tables.filter((table) => slots.some((slot) => slot.parameter.name === table.parameter))
  }
}
