import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { Attributor, buildAttributionGraph, type AttributorOptions } from '../../../../../src/main/engine/training/attribution.ts'
import { collate, type Sequence } from '../../../../../src/main/engine/training/batches.ts'
import { loadGraph } from '../../../../../src/main/engine/training/feeding.ts'
import { buildEvaluationGraph } from '../../../../../src/main/engine/training/graphs.ts'
import { cramped } from '../../../../helpers/cramped.ts'
import { GraphMemory } from '../../../../../src/main/engine/training/memory.ts'
import { openCase, readCase, type CaseRecord, type OpenedCase } from '../../../../helpers/reference-case.ts'

// Written by scripts/reference/attributions.py: torch's gradient × input at the word embeddings of the cases of encoders.py.
const fixtures = join(import.meta.dirname, '../../../../fixtures')
const { cases } = JSON.parse(readFileSync(join(fixtures, 'attributions/attributions.json'), 'utf8')) as {
  cases: { case: string; rows: { label: number; logits: number[]; attribution: number[] }[] }[]
}

const norm = (values: readonly number[]): number => Math.hypot(...values)
const signal = new AbortController().signal

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ threads: 2 })
})
afterAll(() => runtime.dispose())

interface Opened extends OpenedCase {
  readonly options: AttributorOptions
  readonly sequences: readonly Sequence[]
}

async function open(name: string): Promise<Opened> {
  const folder = join(fixtures, 'encoders/cases', name)
  const record = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseRecord // Our own fixture.
  const opened = await openCase(runtime, record, await readCase(folder))
  const { model, definition, selection, arena, weights } = opened
  const settings = { padId: model.config.padId, positionOffset: model.architecture.positionOffset(model.config) }
  const sequences = record.lengths.map((length, row) => ({
    ids: Int32Array.from(record.input_ids[row]?.slice(0, length) ?? []),
    typeIds: Uint8Array.from(record.token_type_ids[row]?.slice(0, length) ?? [])
  }))
  const options = { definition, selection, weights, state: (slot: string) => arena.weight(slot), collate: settings }
  return { ...opened, options: { ...options, pooling: 'mean' }, sequences }
}

/** One logit of a sequence, with every word embedding scaled. */
async function logitAt(
  { definition, selection, weights, arena, options }: Opened,
  sequence: Sequence,
  label: number,
  scale: number
): Promise<number> {
  const { name } = arena.slots.find(({ parameter }) => parameter.name.endsWith('word_embeddings.weight'))!.parameter
  const table = Float32Array.from((await arena.read(arena.weights, name)) as Float32Array)
  await arena.write(
    arena.weights,
    name,
    table.map((value) => value * scale)
  )
  const graph = buildEvaluationGraph(definition, selection, { loss: { kind: 'cross_entropy' } as never })
  const loaded = await loadGraph(runtime, graph, { name: 'scaled', weights, state: (slot) => arena.weight(slot) })
  const { logits } = await loaded.program.run({ inputs: loaded.feed(collate([sequence], options.collate)), fetch: ['logits'] })
  await loaded.program.dispose()
  await arena.write(arena.weights, name, table)
  return Number(logits?.data[label])
}

describe.each(cases)('attributions of $case', ({ case: name, rows }) => {
  it('equal torch’s gradient times input', async () => {
    const { options, sequences } = await open(name)
    const attributor = await Attributor.open(runtime, options)
    for (const [row, { label, attribution }] of rows.entries()) {
      const [found] = await attributor.attribute([sequences[row]!], label, signal)
      expect(found).toHaveLength(attribution.length)
      const error = norm(attribution.map((value, i) => value - (found?.[i] ?? NaN)))
      expect(error, `row ${row}`).toBeLessThanOrEqual(1e-4 * norm(attribution))
    }
    await attributor.dispose()
  })
})

describe('attributions', () => {
  it.each(['bert-single-label', 'roberta-single-label', 'distilbert-single-label'])(
    'of %s add up to what scaling every word embedding changes in the logit',
    async (name) => {
      const opened = await open(name)
      const attributor = await Attributor.open(runtime, opened.options)
      for (const [row, sequence] of opened.sequences.entries()) {
        const label = row % 3
        const [found] = await attributor.attribute([sequence], label, signal)
        const sum = found!.reduce((total, value) => total + value, 0)
        const step = 1e-2
        const up = await logitAt(opened, sequence, label, 1 + step)
        const down = await logitAt(opened, sequence, label, 1 - step)
        // Central differences of float32: some 1e-3 of the sizes that cancel in the sum.
        const size = norm([...found!])
        expect(Math.abs((up - down) / (2 * step) - sum), `row ${row}`).toBeLessThan(5e-3 * size)
      }
      await attributor.dispose()
    }
  )

  it('of windows are their mean, or those of the window that decides', async () => {
    const { options, sequences } = await open('bert-single-label')
    const [a, b] = sequences as [Sequence, Sequence]
    const mean = await Attributor.open(runtime, options)
    const [aloneA] = await mean.attribute([a], 1, signal)
    const [aloneB] = await mean.attribute([b], 1, signal)
    const both = await mean.attribute([a, b], 1, signal)
    expect([...both[0]!]).toEqual([...aloneA!].map((value) => value / 2))
    await mean.dispose()
    const largest = await Attributor.open(runtime, { ...options, pooling: 'max' })
    const one = await largest.attribute([a, b], 1, signal)
    const isFirst = one[1]!.every((value) => value === 0)
    expect([...one[isFirst ? 0 : 1]!]).toEqual([...(isFirst ? aloneA : aloneB)!])
    expect(one[isFirst ? 1 : 0]!.every((value) => value === 0)).toBe(true)
    await largest.dispose()
  })

  it('for which memory does not suffice are worked out without keeping the layers’ values: the same numbers', async () => {
    const { options, sequences } = await open('bert-single-label')
    const [a, b] = sequences as [Sequence, Sequence]
    const roomy = await Attributor.open(runtime, options)
    const small = cramped(runtime, { program: 'attribution', isRefused: (run) => run === 0 })
    const attributor = await Attributor.open(small.runtime, options)
    expect(await attributor.attribute([a, b], 1, signal)).toEqual(await roomy.attribute([a, b], 1, signal))
    expect(small.refused()).toBe(1)
    await attributor.dispose()
    await roomy.dispose()
    const sizes = { rows: 1, time: 512, tokens: 512, texts: 1, examples: 1 }
    const [kept, again] = [false, true].map((isSmall) =>
      new GraphMemory(buildAttributionGraph(options.definition, options.selection, isSmall)).need(sizes)
    )
    expect(again).toBeLessThan(0.75 * kept!)
  })

  it('for which memory does not suffice at all end with a sentence', async () => {
    const { options, sequences } = await open('bert-single-label')
    const small = cramped(runtime, { program: 'attribution', isRefused: () => true })
    const attributor = await Attributor.open(small.runtime, options)
    await expect(attributor.attribute([sequences[0]!], 1, signal)).rejects.toMatchObject({
      code: 'memory-short',
      message: expect.stringMatching(/^Memory ran out while the words of this text were weighed\./)
    })
    await attributor.dispose()
  })
})
