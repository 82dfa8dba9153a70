import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }

const open = (page: Page): Promise<void> => page.getByRole('button', { name: 'Speed and memory', exact: true }).click()

async function choose(page: Page): Promise<void> {
  await open(page)
  await page.getByRole('radio', { name: /^Graphics card/ }).click()
  await page.getByRole('combobox', { name: 'training.precision' }).selectOption('fp16')
  await page.getByRole('combobox', { name: 'training.gradient_checkpointing' }).selectOption('number')
  await page.getByRole('button', { name: 'Reset training.gradient_checkpointing' }).waitFor()
}

async function chooseCard(page: Page): Promise<void> {
  await open(page)
  await page.getByRole('radio', { name: /^NVIDIA card/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.getByText('Card memory').waitFor()
}

async function weigh(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Work out' }).click()
  await page.getByRole('button', { name: 'Measure the time' }).click()
  await page
    .getByText(/instead of/)
    .first()
    .waitFor()
}

/** What can compute a training on this PC. */
export const devicesScenes: readonly Scene[] = [
  { name: 'speed-open', hash: '#/train/letters', options: still, act: open },
  { name: 'speed-card', hash: '#/train/letters', options: still, act: choose },
  {
    name: 'train-card',
    hash: '#/train/letters',
    options: { ...still, card: { needed: 1.62e9, free: 15.8e9, seconds: 96 } },
    act: chooseCard
  },
  {
    name: 'train-card-tight',
    hash: '#/train/letters',
    options: {
      ...still,
      card: { needed: 5.9e9, free: 4.2e9, seconds: null },
      planNotes: [
        "This run is estimated to take 5.9 GB of the card's memory, where 4.2 GB are free. Where it does not suffice, fewer rows are computed at a time; close other programs that use the card."
      ]
    },
    act: chooseCard
  },
  {
    name: 'speed-loading',
    hash: '#/train/letters',
    options: { ...still, silent: ['devices:table', 'runs:settings'] },
    act: open
  },
  {
    name: 'speed-failed',
    hash: '#/train/letters',
    options: { ...still, failing: { 'devices:table': 'What was measured on this PC could not be read.' } },
    act: open
  },
  { name: 'profile-full', hash: '#/runs/r3/time', options: still },
  { name: 'profile-none', hash: '#/runs/r3/time', options: { ...still, profiled: false } },
  {
    name: 'profile-measuring',
    hash: '#/runs/r3/time',
    options: { ...still, profiled: false },
    act: (page) => page.getByRole('button', { name: 'Measure' }).click()
  },
  {
    name: 'profile-refused',
    hash: '#/runs/r5/time',
    options: {
      ...still,
      profiled: false,
      failing: {
        'profiles:measure':
          'A training is under way, and steps are timed while nothing else computes. Try again once it has ended, or pause it.'
      },
      failingCode: 'device-busy'
    },
    act: (page) => page.getByRole('button', { name: 'Measure' }).click()
  },
  { name: 'profile-loading', hash: '#/runs/r3/time', options: { ...still, silent: ['profiles:get'] } },
  { name: 'train-savings', hash: '#/train/letters', options: still, act: weigh },
  { name: 'settings-device', hash: '#/settings/device', options: still },
  { name: 'settings-device-untried', hash: '#/settings/device', options: { beat: 0 } },
  { name: 'settings-device-loading', hash: '#/settings/device', options: { ...still, silent: ['devices:table'] } },
  {
    name: 'settings-device-failed',
    hash: '#/settings/device',
    options: { ...still, failing: { 'devices:table': 'What was measured on this PC could not be read.' } }
  },
  {
    name: 'settings-device-pack-refused',
    hash: '#/settings/device',
    options: {
      ...still,
      failing: {
        'devices:addPack':
          '“Downloads” lacks “libonnxruntime.so.1.30.0”. Take the wheel onnxruntime_gpu-1.30.0 for this system from PyPI, or a folder with the files of its onnxruntime/capi.'
      },
      failingCode: 'cuda-pack'
    },
    act: (page) => page.getByRole('button', { name: 'Choose the folder with it…' }).click()
  }
]
