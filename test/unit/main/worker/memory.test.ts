import { describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../../src/main/config/config-types.ts'
import type { Batches, Preflight } from '../../../../src/main/engine/training/preflight.ts'
import type { MemoryPlan } from '../../../../src/main/engine/training/run-memory.ts'
import { checkMemory, type MemoryCheck } from '../../../../src/main/worker/memory.ts'
import type { Outcome } from '../../../../src/main/worker/protocol.ts'

const own: Batches = { batchSize: 16, evaluationBatchSize: 32, accumulation: 2, maxLength: 512 }
const megabyte = 1e6

/** A run of 200 MB besides 100 MB for each text of a micro-batch and 10 for each of an evaluation, less where texts are shorter. */
const totalOf = ({ batchSize, evaluationBatchSize, maxLength }: Batches): number =>
  200 * megabyte + ((100 * batchSize + 10 * evaluationBatchSize) * megabyte * maxLength) / 512

/** Each layer made again takes 10 MB off what a text of a micro-batch takes. */
class FakePreflight {
  readonly own = own
  recomputed = 0
  readonly recomputable: number

  constructor(recomputable: number) {
    this.recomputable = recomputable
  }

  recompute(layers: number): void {
    this.recomputed = layers
  }

  worthwhile(): number {
    return this.recomputable
  }

  extraWork(): number {
    return 1 + this.recomputed / 20
  }

  memory(_held: number, _isJudged: boolean, batches: Batches, layers: number): Partial<MemoryPlan> {
    const total = totalOf(batches) - (10 * layers * batches.batchSize * megabyte * batches.maxLength) / 512
    return { total, judgingTotal: 0, otherShapes: 0, beside: 0 }
  }
}

type Checkpointing = RunConfig['training']['gradient_checkpointing']

function check(
  limit: number | null,
  {
    layers = 0,
    checkpointing = 'auto',
    ...options
  }: Partial<MemoryCheck> & { layers?: number; checkpointing?: Checkpointing } = {}
): MemoryCheck {
  const training = { memory_limit: limit, baselines: true, gradient_checkpointing: checkpointing }
  return {
    preflight: new FakePreflight(layers) as unknown as Preflight, // The members that are used.
    config: { training } as unknown as RunConfig, // As above.
    probe: null,
    isProbedAlways: false,
    onNote: () => undefined,
    onProbe: () => undefined,
    ...options
  }
}

const probing = (outcome: Outcome) => {
  const asked: number[] = []
  const probe = (): Promise<Outcome> => {
    asked.push(1)
    return Promise.resolve(outcome)
  }
  return { asked, probe }
}

const measured = (bytes: number): Outcome => ({ event: 'finished', own_bytes: bytes, mapped_bytes: 0 })

describe('a run that cannot fit', () => {
  it('is cut to the largest micro-batch that does, its step staying the same, and that is told', async () => {
    const notes: string[] = []
    const onNote = (_code: string, message: string): void => void notes.push(message)
    expect(await checkMemory(check(1500 * megabyte, { onNote }))).toMatchObject({ bytes: 1320 * megabyte, microBatch: 8 })
    expect(notes).toEqual([
      'This run would take about 2.1 GB of memory; 1.5 GB memory_limit allows. So 8 rows instead of 16 are computed at a time, which takes about 1.3 GB; the steps keep their rows, and what is learned stays what was asked for.'
    ])
    expect(await checkMemory(check(5000 * megabyte))).toMatchObject({ microBatch: null })
  })

  it('is refused with smaller evaluations where smaller micro-batches are not enough', async () => {
    await expect(checkMemory(check(500 * megabyte))).rejects.toThrow(
      'per_device_train_batch_size: 2, gradient_accumulation_steps: 16, per_device_eval_batch_size: 2.'
    )
  })

  it('is refused with shorter texts where no batch is small enough', async () => {
    await expect(checkMemory(check(250 * megabyte))).rejects.toThrow(/per_device_train_batch_size: 1, .*max_length: 192\./)
  })

  it('is refused with other ways where nothing would do', async () => {
    await expect(checkMemory(check(150 * megabyte))).rejects.toThrow('No batch size makes it fit. Use method: lora or head')
  })

  it('is named by what bounds it where that is the machine or a container', async () => {
    // What this process holds already counts as the run's own, and other tests have filled it.
    const bytes = -process.memoryUsage().rss
    const free = (bound: 'machine' | 'container') => () => Promise.resolve({ bytes, bound })
    await expect(checkMemory(check(null, { free: free('machine') }))).rejects.toThrow(/ [MG]B is free\./)
    await expect(checkMemory(check(null, { free: free('container') }))).rejects.toThrow(/ [MG]B is what the container leaves\./)
  })

  it('is refused on what the probe measured, not on what was worked out', async () => {
    const { probe } = probing(measured(3000 * megabyte))
    // The trial took 1.42 times of what was worked out, and so will the half of it.
    expect(await checkMemory(check(2500 * megabyte, { probe }))).toMatchObject({
      microBatch: 8,
      bytes: expect.closeTo(1.87e9, -7)
    })
    const smaller = probing(measured(1800 * megabyte))
    expect(await checkMemory(check(2000 * megabyte, { probe: smaller.probe }))).toMatchObject({ bytes: 1800 * megabyte })
  })
})

describe('layers made again in the backward pass', () => {
  const settled = async (limit: number, options: Parameters<typeof check>[1]): Promise<readonly unknown[]> => {
    const notes: string[] = []
    const asked = check(limit * megabyte, { ...options, onNote: (_code, message) => void notes.push(message) })
    const { bytes, recomputing } = await checkMemory(asked)
    expect(asked.preflight.recomputed).toBe(recomputing.layers)
    return [recomputing.layers, Math.round(bytes / megabyte), ...notes]
  }

  it('are none where the run fits without', async () => {
    expect(await settled(2120, { layers: 5 })).toEqual([0, 2120])
    expect(await settled(2120, { layers: 5, checkpointing: 0 })).toEqual([0, 2120])
  })

  it.each([
    [2119, 1],
    [1960, 1],
    [1959, 2],
    [1400, 5],
    [1320, 5]
  ])('are the fewest with which it fits into %d MB: %d', async (limit, layers) => {
    expect((await settled(limit, { layers: 5 })).slice(0, 2)).toEqual([layers, 2120 - 160 * layers])
  })

  it('are said with what they save and cost', async () => {
    expect(await settled(1800, { layers: 5 })).toContain(
      'So that the run fits into memory, what 2 of 5 layers give is computed again in the backward pass instead of being kept: ' +
        'about 1.8 GB instead of 2.1 GB, and 10 % more arithmetic a step. The result stays the same.'
    )
  })

  it.each([
    [true, 5],
    [3, 3],
    [99, 5]
  ])('are as many as asked for, whatever would fit: %s', async (checkpointing, layers) => {
    const [found, , note] = await settled(9000, { layers: 5, checkpointing })
    expect([found, note]).toEqual([
      layers,
      expect.stringMatching(new RegExp(`^What ${layers} of 5 layers give is computed again`))
    ])
  })

  it('come before smaller micro-batches, which draw other dropout masks: those are cut only where all layers are not enough, or none may be', async () => {
    expect(await checkMemory(check(1300 * megabyte, { layers: 5 }))).toMatchObject({
      ...{ bytes: 920 * megabyte, microBatch: 8 },
      recomputing: { layers: 5, of: 5, bytes_without: 1320 * megabyte }
    })
    expect(await checkMemory(check(1400 * megabyte, { layers: 5, checkpointing: false }))).toMatchObject({
      ...{ bytes: 1320 * megabyte, microBatch: 8 },
      recomputing: { layers: 0, work: 1 }
    })
  })

  it('are told to the probe, and are more where it measures more than there is', async () => {
    const asked: number[] = []
    const probe = (layers: number): Promise<Outcome> => {
      asked.push(layers)
      return Promise.resolve(measured(1.25 * (2120 - 160 * layers) * megabyte))
    }
    expect((await settled(1900, { layers: 5, probe })).slice(0, 2)).toEqual([4, 1850])
    expect(asked).toEqual([2])
  })

  it('are none where no layer keeps anything, which is said where they were asked for', async () => {
    expect(await settled(9000, { checkpointing: true })).toEqual([0, 2120, expect.stringContaining('changes nothing here')])
  })
})

describe('the probe', () => {
  it('is left out where the run surely fits, and made where it takes more than half of what is free', async () => {
    const { asked, probe } = probing(measured(2000 * megabyte))
    expect(await checkMemory(check(5000 * megabyte, { probe }))).toMatchObject({ bytes: totalOf(own), probed: null })
    expect(asked).toHaveLength(0)
    expect(await checkMemory(check(4000 * megabyte, { probe }))).toMatchObject({ bytes: 2000 * megabyte })
    expect(asked).toHaveLength(1)
    await checkMemory(check(5000 * megabyte, { probe, isProbedAlways: true }))
    expect(asked).toHaveLength(2)
  })

  it('is left out where the run is far out of reach', async () => {
    const { asked, probe } = probing(measured(0))
    expect(await checkMemory(check(1000 * megabyte, { probe, isProbedAlways: true }))).toMatchObject({ microBatch: 4 })
    await expect(checkMemory(check(300 * megabyte, { probe, isProbedAlways: true }))).rejects.toThrow('would take about 2.1 GB')
    expect(asked).toHaveLength(0)
  })

  it('leaves what was worked out standing where it fails, with a note', async () => {
    const { probe } = probing({ event: 'failed', exitCode: 1, code: 'trainer-crashed', message: 'It stopped.', detail: '' })
    const notes: string[] = []
    const onNote = (_code: string, message: string): void => void notes.push(message)
    expect(await checkMemory(check(4000 * megabyte, { probe, onNote }))).toMatchObject({ bytes: totalOf(own), probed: null })
    expect(notes.join()).toContain('It stopped.')
  })

  it('that the system ends for want of memory cuts the run to half of what is said to be free, or refuses it', async () => {
    const message = 'The trainer stopped unexpectedly (signal SIGKILL). Run the command again.'
    const { probe } = probing({ event: 'failed', exitCode: 1, code: 'trainer-crashed', message, detail: '' })
    const notes: string[] = []
    const onNote = (_code: string, note: string): void => void notes.push(note)
    expect(await checkMemory(check(3000 * megabyte, { probe, onNote }))).toMatchObject({ microBatch: 8 })
    expect(notes.join()).toMatch(/^The system ended the trial step of this run for want of memory\. So 8 rows instead of 16 /)
    await expect(checkMemory(check(1200 * megabyte, { probe }))).rejects.toThrow(
      'for want of memory. Try per_device_train_batch_size: 2, gradient_accumulation_steps: 16, per_device_eval_batch_size: 2, or close other programs.'
    )
  })

  it('that the person stopped stops the run', async () => {
    const { probe } = probing({ event: 'failed', exitCode: 130, code: 'stopped', message: 'Stopped.', detail: '' })
    await expect(checkMemory(check(4000 * megabyte, { probe }))).rejects.toMatchObject({ name: 'StoppedError' })
  })
})
