import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }

/** What becomes of runs that stand still. */
export const SUPERVISION_SCENES: readonly Scene[] = [
  { name: 'home-restarted', hash: '#/', options: { ...still, cutShort: 'pc-restarted' } },
  { name: 'run-restarted', hash: '#/runs/r5', options: { ...still, cutShort: 'pc-restarted' } },
  { name: 'run-battery', hash: '#/runs/r5', options: { ...still, cutShort: 'battery' } },
  { name: 'run-ended-early', hash: '#/runs/r5', options: { ...still, cutShort: 'poorer' } },
  { name: 'sweep-full', hash: '#/runs/sweep/s-1', options: still },
  { name: 'sweep-gone', hash: '#/runs/sweep/s-9', options: still },
  { name: 'sweep-loading', hash: '#/runs/sweep/s-1', options: { ...still, silent: ['sweeps:get'] } },
  { name: 'train-sweep', hash: '#/train/letters', options: still, act: chooseValues },
  { name: 'train-sweep-few', hash: '#/train/letters', options: still, act: chooseFew },
  { name: 'train-sweep-known', hash: '#/train/letters', options: still, act: takeKnown },
  { name: 'train-sweep-many', hash: '#/train/letters', options: still, act: chooseMany },
  {
    name: 'result-elsewhere',
    hash: '#/runs/r3',
    options: still,
    act: testElsewhere
  },
  { name: 'runs-waiting', hash: '#/runs', options: { ...still, queued: true } }
]

async function testElsewhere(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^More/ }).click()
  await page.getByRole('menuitem', { name: 'Test on another file' }).click()
}

const openSweep = (page: Page): Promise<void> => page.getByRole('button', { name: 'Try several values' }).click()

async function chooseValues(page: Page): Promise<void> {
  await openSweep(page)
  await page.getByRole('textbox', { name: 'Values of training.learning_rate' }).fill('0.001; 0.002; 0.004')
  await page.getByRole('combobox', { name: 'A second setting' }).selectOption('method.r')
  await page.getByRole('textbox', { name: 'Values of method.r' }).fill('8, 16')
  await page
    .getByText(/^6 runs/)
    .first()
    .waitFor()
}

async function chooseMany(page: Page): Promise<void> {
  await openSweep(page)
  const many = Array.from({ length: 30 }, (_, i) => `0.00${i + 1}`)
  await page.getByRole('textbox', { name: 'Values of training.learning_rate' }).fill(many.join(' '))
  await page.getByText('That would be 30 runs').first().waitFor()
}

async function chooseFew(page: Page): Promise<void> {
  await openSweep(page)
  await page.getByRole('textbox', { name: 'Values of training.learning_rate' }).fill('0.001; 0.002')
  await page.getByText('Fewer than 5 runs').first().waitFor()
}

async function takeKnown(page: Page): Promise<void> {
  await openSweep(page)
  await page.getByRole('button', { name: /^Try 0\.002/ }).click()
  await page
    .getByText(/^5 runs/)
    .first()
    .waitFor()
}
