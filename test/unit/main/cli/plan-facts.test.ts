import { expect, test } from 'vitest'
import { resultPage } from '../../../../src/main/cli/results.ts'
import type { TrainerTask } from '../../../../src/main/worker/protocol.ts'

const task: TrainerTask = { kind: 'plan', configFile: 'run.yaml', probes: false }
const page = (finished: object): Promise<string> =>
  resultPage(task, { event: 'finished', ...finished }, { width: 120, color: false })

const card = { needed_bytes: 1.84e9, free_bytes: 8e9, seconds_per_step: 0.0153, expected_seconds: 42 }

test('a plan for a card says what it is estimated to take of it, and how long', async () => {
  const lines = (await page({ card })).split('\n').map((line) => line.replace(/ +/g, ' '))
  expect(lines).toContain('Card memory about 1.8 GB (estimated), where 8.0 GB are free')
  expect(lines.find((line) => line.startsWith('Time'))).toBe(
    'Time about 42 s (0.015 s a step, estimated from the test of the card), with baselines and report a little more'
  )
})

test('what a trial step measured counts more than an estimate', async () => {
  const text = await page({ card, expected_seconds: 61, seconds_per_step: 0.02 })
  expect(text).toMatch(/^Time +about 1 min/m)
  expect(text).not.toContain('estimated from')
})

test('a plan for the processor says nothing of a card', async () => {
  expect(await page({})).not.toContain('Card')
})
