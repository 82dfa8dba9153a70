import type { RunId } from '../../../src/preload/contract/common.ts'
import type { SupervisionApi } from '../../../src/preload/contract/supervision.ts'
import { effortOf } from './results.ts'
import type { SimulatedRun } from './simulation.ts'

type Handlers = { readonly [Name in keyof SupervisionApi]: (argument: never) => unknown }

interface Simulated {
  readonly runOf: (id: RunId) => SimulatedRun
  readonly all: () => readonly SimulatedRun[]
  readonly tell: (run: SimulatedRun) => void
  readonly resume: (id: RunId) => void
  /** Milliseconds that a measurement takes; 0 never ends. */
  readonly beat: number
}

/** What a run can be helped with, for simulated runs. */
export function supervisionHandlers({ runOf, all, tell, resume, beat }: Simulated): Handlers {
  const waiting = (): SimulatedRun[] =>
    all()
      .filter(({ summary }) => summary.place !== null)
      .toSorted((a, b) => (a.summary.place ?? 0) - (b.summary.place ?? 0))
  return {
    origin: (id: RunId) => ({ draft: runOf(id).draft, problem: null }),
    smaller: (id: RunId) => (runOf(id).summary.failure?.detail.includes('SIGKILL') ? 8 : null),
    resumeSmaller: ({ id }: { id: RunId }) => resume(id),
    move: ({ id, place }: { id: RunId; place: number }) => {
      const order = waiting().filter(({ summary }) => summary.id !== id)
      order.splice(place - 1, 0, runOf(id))
      order.forEach((run, at) => {
        run.summary = { ...run.summary, place: at + 1 }
        tell(run)
      })
    },
    power: () => 'mains',
    measure: () => (beat === 0 ? new Promise(() => undefined) : { seconds: 720, spread: 180 }),
    stopMeasuring: () => undefined,
    guessDevice: () => ({
      device: 'webgpu',
      why: 'GPU (WebGPU) would take about 28 ms for a step of this run, the processor 240 ms, by the rates measured on this PC: GPU (WebGPU) computes.',
      steps: [
        { device: 'cpu', seconds: 0.24 },
        { device: 'webgpu', seconds: 0.028 }
      ]
    }),
    effort: effortOf,
    stopEffort: () => undefined,
    evaluate: () => ({
      rows: 210,
      looks: 1,
      metrics: [
        { name: 'accuracy', measured: { value: 0.83, low: 0.78, high: 0.88 } },
        { name: 'macro_f1', measured: { value: 0.81, low: 0.75, high: 0.86 } }
      ],
      notes: ['2 rows have no text and were left out.']
    }),
    yaml: (id: RunId) => `# ${runOf(id).summary.name}\ntask: text-classification\n`
  }
}
