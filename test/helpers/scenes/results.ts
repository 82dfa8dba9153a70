import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 } as const

/** The Result screen's parts in their states. */
export const RESULT_SCENES: readonly Scene[] = [
  { name: 'result-groups', hash: '#/runs/r3/groups', options: still },
  {
    name: 'result-groups-failed',
    hash: '#/runs/r3/groups',
    options: { ...still, failing: { 'results:groups': 'This run did not keep its answers to the test rows. Train it again.' } }
  },
  { name: 'result-report', hash: '#/runs/r3/report', options: still },
  {
    name: 'result-chart-menu',
    hash: '#/runs/r3/calibration',
    options: still,
    act: (page) =>
      page
        .getByRole('button', { name: /^Save / })
        .first()
        .click()
  },
  {
    name: 'result-more',
    hash: '#/runs/r3',
    options: still,
    act: (page) => page.getByRole('button', { name: /^More/ }).click()
  },
  { name: 'result-cell', hash: '#/runs/r3/confusion', options: still, act: openCell },
  {
    name: 'result-rows-failed',
    hash: '#/runs/r3',
    options: { ...still, failing: { 'results:rows': 'The predictions of this run cannot be read.' } }
  },
  { name: 'result-hints', hash: '#/runs/r3', options: still, act: shade },
  { name: 'result-verdict', hash: '#/runs/r3', options: still, act: judge },
  { name: 'result-revised', hash: '#/runs/r3', options: still, act: revise },
  { name: 'result-curve', hash: '#/runs/r3/curve', options: { ...still, curved: true } },
  { name: 'result-eight-bits', hash: '#/runs/r3', options: { ...still, eightBits: 0 } },
  { name: 'result-eight-bits-changed', hash: '#/runs/r3', options: { ...still, eightBits: 2 } },
  { name: 'result-threshold', hash: '#/runs/r3/threshold', options: still },
  { name: 'result-threshold-fixed', hash: '#/runs/r3/threshold', options: still, act: fixThreshold },
  { name: 'result-threshold-several', hash: '#/runs/r1/threshold', options: still },
  { name: 'result-threshold-every', hash: '#/runs/r1/threshold', options: still, act: fixEvery },
  {
    name: 'result-threshold-failed',
    hash: '#/runs/r3/threshold',
    options: {
      ...still,
      failing: { 'results:thresholds': 'This run did not keep its answers to the validation rows. Train it again.' }
    }
  }
]

async function openCell(page: Page): Promise<void> {
  await page.getByRole('button', { name: /rows of routine read as routine/ }).click()
  await page.getByText('routine, read right').first().waitFor()
}

async function fixThreshold(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fix threshold' }).click()
  await page.getByText(/^On the test it found/).waitFor()
}

async function fixEvery(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fix for every class' }).click()
  await page.getByRole('cell', { name: 'Miss at most 1 in 20' }).first().waitFor()
}

async function shade(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /^Shade the words/ }).check()
  await page.getByText('Hints, not reasons.').waitFor()
}

async function judge(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Label wrong' }).click()
  await page.getByRole('textbox', { name: 'Note' }).fill('The letter was sent twice.')
  await page.keyboard.press('Tab')
}

async function revise(page: Page): Promise<void> {
  await judge(page)
  await page.getByRole('button', { name: /^Correct 1 label/ }).click()
  await page.getByRole('button', { name: 'Retrain' }).waitFor()
}
