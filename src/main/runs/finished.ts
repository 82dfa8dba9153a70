import { join } from 'node:path'
import { readFile } from '../base/sealed/fs.ts'
import type { RunRow } from '../tracker/queries/runs.ts'
import type { FinishedEvent } from '../worker/protocol.ts'

type TestValue = Pick<RunRow, 'test_metric' | 'test_value' | 'test_low' | 'test_high'>

/** The metric that decided, on test; the first of the others where the test does not have it. */
export function testOf({ metrics }: FinishedEvent, wanted: string | null): TestValue {
  const test = objectIn(objectIn(metrics)?.['test'])
  const names = [wanted, 'macro_f1', 'rmse', 'loss'].filter((name) => name !== null)
  const name = names.find((each) => objectIn(test?.[each]))
  if (name === undefined) return { test_metric: null, test_value: null, test_low: null, test_high: null }
  const { value, low, high } = objectIn(test?.[name]) ?? {}
  const number = (found: unknown): number | null => (typeof found === 'number' ? found : null)
  return { test_metric: name, test_value: number(value), test_low: number(low), test_high: number(high) }
}

type ValidationValue = Partial<Pick<RunRow, 'best_value' | 'best_low' | 'best_high'>>

/** What a run that is not tested says of its validation rows, with the interval that was drawn at its end; nothing where it was not. */
export async function validationOf(folder: string, metric: string | null): Promise<ValidationValue> {
  const text = await readFile(join(folder, 'validation.json'), 'utf8').catch(() => '{}')
  const found = metric === null ? null : objectIn(objectIn(objectIn(JSON.parse(text))?.['metrics'])?.[metric])
  const { value, low, high } = found ?? {}
  if (typeof value !== 'number') return {}
  const number = (bound: unknown): number | null => (typeof bound === 'number' ? bound : null)
  return { best_value: value, best_low: number(low), best_high: number(high) }
}

const objectIn = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null // JSON has text keys.
