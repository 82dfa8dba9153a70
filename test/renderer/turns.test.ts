import { expect, test, vi } from 'vitest'
import { inTurn } from '../../src/renderer/src/lib/turns.ts'

/** Lets one frame pass at a time. */
function frames(): () => void {
  const waiting: FrameRequestCallback[] = []
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => waiting.push(callback))
  return () => waiting.splice(0).forEach((callback) => callback(0))
}

test('one is drawn in each frame, in the order in which they asked, however often they do', () => {
  const pass = frames()
  const drawn: string[] = []
  const [loss, metric, speed] = ['loss', 'metric', 'speed'].map((name) => inTurn(() => drawn.push(name))) as [
    ...[ReturnType<typeof inTurn>, ReturnType<typeof inTurn>, ReturnType<typeof inTurn>] // As many as names.
  ]
  loss.ask()
  metric.ask()
  loss.ask()
  speed.ask()
  expect(drawn).toEqual([])
  pass()
  expect(drawn).toEqual(['loss'])
  // Whoever has drawn waits behind the others.
  loss.ask()
  metric.leave()
  pass()
  expect(drawn).toEqual(['loss', 'speed'])
  pass()
  expect(drawn).toEqual(['loss', 'speed', 'loss'])
  pass()
  expect(drawn).toHaveLength(3)
  metric.ask()
  pass()
  expect(drawn.at(-1)).toBe('metric')
})

test('who has left while a frame was awaited does not hold up the others', () => {
  const pass = frames()
  const drawn: string[] = []
  const [gone, here] = [inTurn(() => drawn.push('gone')), inTurn(() => drawn.push('here'))]
  gone.ask()
  gone.leave()
  pass()
  here.ask()
  pass()
  expect(drawn).toEqual(['here'])
})
