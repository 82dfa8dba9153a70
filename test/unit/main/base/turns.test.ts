import { expect, test } from 'vitest'
import { atOnce, inTurns, type Turns } from '../../../../src/main/base/turns.ts'

/** Works for `parts` times some three milliseconds. */
function* working(parts: number): Turns<number> {
  let done = 0
  while (done < parts) {
    for (const until = performance.now() + 3; performance.now() < until;);
    done++
    yield
  }
  return done
}

test('work in turns comes to the same, and others have their turn meanwhile', async () => {
  let others = 0
  const timer = setInterval(() => others++, 1)
  const done = await inTurns(working(40))
  clearInterval(timer)
  expect([done, atOnce(working(2))]).toEqual([40, 2])
  expect(others).toBeGreaterThan(3)
})

test('what the work throws is what the caller gets', async () => {
  function* failing(): Turns<never> {
    yield
    throw new Error('no more')
  }
  await expect(inTurns(failing())).rejects.toThrow('no more')
  expect(() => atOnce(failing())).toThrow('no more')
})
