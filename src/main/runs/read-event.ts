import type { Outcome, ProbeEvent, TimeThreadsEvent, TrainerEvent } from '../worker/protocol.ts'

/** Every other event that is told on; what a trainer asks for is answered by the supervisor itself. */
export type LiveEvent = Exclude<TrainerEvent, Outcome | ProbeEvent | TimeThreadsEvent>

type Kind = 'number' | 'string' | 'object'

/** Fields that the parent relies on, by event. An event that is not listed is not one of ours. */
const fieldsOf: Readonly<Record<TrainerEvent['event'], Readonly<Record<string, Kind>>>> = {
  step: { step: 'number', totalSteps: 'number', loss: 'number' },
  evaluation: { step: 'number', metric: 'string', metrics: 'object' },
  checkpoint: { step: 'number', kind: 'string' },
  skipped: { step: 'number', reason: 'string' },
  'smaller-batches': { step: 'number', sentence: 'string' },
  phase: { step: 'number', phase: 'number' },
  'early-stop': { step: 'number', metric: 'string' },
  progress: { phase: 'string', done: 'number', total: 'number' },
  note: { code: 'string', message: 'string' },
  cost: { step: 'number', operations: 'number', rate: 'number', memory: 'number' },
  probe: { configFile: 'string' },
  'time-threads': { candidates: 'object', width: 'number', inner: 'number', tokens: 'number' },
  started: { run: 'string', device: 'string', totalSteps: 'number', trainable_parameters: 'number', total_parameters: 'number', rows: 'object' },
  ready: { model: 'object' },
  answered: { id: 'number', result: 'object' },
  unanswered: { id: 'number', failure: 'object' },
  finished: {},
  failed: { code: 'string', message: 'string', detail: 'string' }
}

const exitCodes: readonly unknown[] = [1, 2, 130]

/** What a trainer sent, or null where it is no event: a trainer that is falling apart may send anything. */
export function readEvent(message: unknown): TrainerEvent | null {
  if (typeof message !== 'object' || message === null || !('event' in message)) return null
  const { event } = message
  if (typeof event !== 'string' || !Object.hasOwn(fieldsOf, event)) return null
  const known = event as TrainerEvent['event'] // It is a key of the table.
  const values = new Map<string, unknown>(Object.entries(message))
  const isWhole = Object.entries(fieldsOf[known]).every(([name, kind]) => isOf(kind, values.get(name)))
  if (!isWhole || (known === 'failed' && !exitCodes.includes(values.get('exitCode')))) return null
  return message as TrainerEvent // The fields that the parent relies on have been looked at.
}

function isOf(kind: Kind, value: unknown): boolean {
  // JSON has no NaN: a loss that is not finite arrives as null.
  if (kind === 'number') return typeof value === 'number' || value === null
  return typeof value === kind && value !== null
}

/** Whether an event is the last of its task. */
export function isOutcome(event: TrainerEvent): event is Outcome {
  return event.event === 'finished' || event.event === 'failed'
}
