import type { OpenModel } from '../../runs/serving/open-model.ts'
import { servingLimits, type Answering } from '../../shell/loopback/serving/answering.ts'
import type { FailedEvent, ModelFacts } from '../../worker/protocol.ts'

/** An open model as a prediction server asks it. */
export function answeringBy(model: OpenModel, facts: ModelFacts): Answering {
  return {
    model: { ...facts },
    answer(rows, signal) {
      const isAsked = facts.questions !== undefined || facts.columns.pair !== null
      const pairs = isAsked ? rows.map(({ pair }) => pair) : null
      const texts = rows.map(({ text }) => text)
      return model.ask<'rows'>({ kind: 'rows', texts, pairs, mostTokens: servingLimits.tokens }, signal)
    }
  }
}

/** Resolves when it is to stop, or to why the model can answer no more. */
export async function untilEnded(model: OpenModel, stop: AbortSignal): Promise<FailedEvent | null> {
  const { promise, resolve } = Promise.withResolvers<null>()
  if (stop.aborted) resolve(null)
  stop.addEventListener('abort', () => resolve(null), { once: true })
  return Promise.race([promise, model.ended])
}
