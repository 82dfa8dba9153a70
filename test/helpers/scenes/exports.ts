import type { Page } from 'playwright-core'
import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }
const start = (page: Page): Promise<void> => page.getByRole('button', { name: 'Export and verify' }).click()

async function fail(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Weights' }).selectOption('huggingface bf16')
  await start(page)
  await page.getByRole('button', { name: 'Use fp32' }).waitFor()
}

/** A run on its way out of Attune. */
export const EXPORT_SCENES: readonly Scene[] = [
  { name: 'export-first', hash: '#/runs/bad/export', options: still },
  { name: 'export-done', hash: '#/runs/r3/export', options: still },
  { name: 'export-marks', hash: '#/runs/rm/export', options: { ...still, marking: true } },
  {
    name: 'export-working',
    hash: '#/runs/r3/export',
    options: still,
    act: async (page) => {
      await start(page)
      await page.getByRole('progressbar').waitFor()
    }
  },
  { name: 'export-differs', hash: '#/runs/r3/export', options: still, act: fail },
  {
    name: 'export-checked',
    hash: '#/runs/r3/export',
    options: still,
    act: async (page) => {
      await page.getByRole('button', { name: 'Check again' }).click()
      await page.getByText(/files are as exported/).waitFor()
    }
  },
  {
    name: 'export-rounded',
    hash: '#/runs/r3/export',
    options: still,
    act: async (page) => {
      await page.getByRole('radio', { name: /^ONNX Runtime/ }).check()
      await page.getByRole('combobox', { name: 'Weights' }).selectOption('onnx-int8 fp32')
      await start(page)
      await page.getByText(/points \(2.0 allowed\)/).waitFor()
    }
  },
  {
    name: 'export-static',
    hash: '#/runs/r3/export',
    options: still,
    act: async (page) => {
      await page.getByRole('radio', { name: /^ONNX Runtime/ }).check()
      await page.getByRole('combobox', { name: 'Weights' }).selectOption('onnx-int8 fp32 static')
      await page.getByText(/are measured beforehand/).waitFor()
    }
  },
  {
    name: 'export-groups',
    hash: '#/runs/r3/export',
    options: still,
    act: async (page) => {
      await page.getByText('Group the report by columns').click()
      await page.getByRole('checkbox', { name: 'clinic' }).check()
      await page.getByText('Group the report by 1 column').waitFor()
    }
  },
  {
    name: 'export-card',
    hash: '#/runs/r3/export',
    options: still,
    act: async (page) => {
      await page.getByRole('button', { name: 'Add your own words' }).click()
      await page.getByRole('dialog').getByRole('textbox').first().waitFor()
    }
  },
  {
    name: 'export-card-failed',
    hash: '#/runs/r3/export',
    options: {
      ...still,
      failing: {
        'cards:get': 'The words for the model card of this run cannot be read (it is no object). Restore the run from a backup.'
      }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Add your own words' }).click()
      await page.getByRole('dialog').getByRole('alert').waitFor()
    }
  },
  {
    name: 'export-pack',
    hash: '#/runs/r3/export',
    options: still,
    act: async (page) => {
      await page.getByRole('radio', { name: /^Another Attune/ }).check()
      await page.getByRole('checkbox', { name: 'Encrypt it with a passphrase' }).check()
      await page.getByLabel('Passphrase', { exact: true }).fill('a long passphrase')
      await page.getByLabel('The passphrase again').fill('another one')
    }
  },
  {
    name: 'export-retire',
    hash: '#/runs/r3/export',
    options: still,
    act: async (page) => {
      await page.getByRole('button', { name: 'More' }).last().click()
      await page.getByRole('menuitem', { name: 'Retire it' }).click()
      await page.getByLabel('Your name').fill('Dr. M. Ruiz')
    }
  },
  {
    name: 'export-elsewhere',
    hash: '#/library',
    options: still,
    act: async (page) => {
      await page.getByRole('button', { name: 'Check an export' }).click()
      await page.getByRole('button', { name: 'Choose its folder' }).click()
      await page.getByText('All 8 files are as exported.').waitFor()
    }
  },
  {
    name: 'export-elsewhere-pack',
    hash: '#/library',
    options: {
      ...still,
      pack: {},
      failing: { 'exports:check': 'This pack is encrypted. Type the passphrase that it was packed with.' },
      failingCode: 'pack-locked'
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Check an export' }).click()
      await page.getByRole('button', { name: 'Choose its folder' }).click()
      await page.getByRole('combobox', { name: 'Pack in this folder' }).selectOption('Urgency v3.attune')
      await page.getByLabel('Passphrase', { exact: true }).fill('a long passphrase')
    }
  },
  {
    name: 'export-elsewhere-changed',
    hash: '#/library',
    options: {
      ...still,
      failing: {
        'exports:check': 'model.safetensors was changed or damaged after the export. Take the export from where it was made.'
      },
      failingCode: 'verify-file'
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Check an export' }).click()
      await page.getByRole('button', { name: 'Choose its folder' }).click()
      await page.getByRole('alert').waitFor()
    }
  },
  {
    name: 'train-licence',
    hash: '#/train/letters',
    options: {
      ...still,
      planNotes: [
        'The result is meant to be sold or given to others, and a licence speaks against that. Licence of MiniLM-L6 (cc-by-nc-4.0): Does not allow commercial use, of the model or of what was made from it.'
      ]
    }
  },
  { name: 'export-loading', hash: '#/runs/r3/export', options: { ...still, silent: ['exports:options'] } },
  {
    name: 'export-failed',
    hash: '#/runs/r3/export',
    options: { ...still, failing: { 'exports:options': 'The model of this run is not where it was. Put it back.' } }
  }
]
