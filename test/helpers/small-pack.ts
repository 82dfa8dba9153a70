import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeFiles } from '../../src/main/export/check-files.ts'
import { makeManifest, MANIFEST, type Fact } from '../../src/main/export/manifest.ts'
import { openSigningKey } from '../../src/main/export/signing-key.ts'

const hash = 'ab'.repeat(32)

/** What an export's manifest says of a model of three classes. */
export const smallFacts: readonly Fact[] = [
  { kind: 'tools', attune: '0.1.0', format: 'huggingface', dtype: 'fp32' },
  { kind: 'model', name: 'MiniLM', weights: hash, configuration: hash, tokenizer: hash },
  {
    kind: 'config',
    task: 'text-classification',
    head: null,
    method: { type: 'lora' },
    training: { truncation: 'head', window_pooling: 'mean' },
    data: { text: 'text', text_pair: null }
  },
  {
    kind: 'reading',
    problem: 'single_label_classification',
    class_names: ['bad', 'good', 'odd'],
    calibration: { temperatures: [1.2], thresholds: null },
    max_length: 64
  },
  { kind: 'replay', part: 'test', rows: 27, of: 27, after: { accuracy: 0.9 } }
]

/** A folder as an export leaves it: signed, but with weights that are no weights. Fits for packing, not for answering. */
export async function smallExport(folder: string, facts: readonly Fact[] = smallFacts, bytes = 200_000): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'config.json'), JSON.stringify({ id2label: { 0: 'bad', 1: 'good', 2: 'odd' } }))
  await writeFile(join(folder, 'model.safetensors'), Buffer.alloc(bytes, 7))
  await writeFile(join(folder, 'tokenizer.json'), '{}')
  await writeFile(join(folder, 'LICENSE'), 'Apache License 2.0\n')
  const key = await openSigningKey(join(folder, '..', 'signing'))
  const manifest = makeManifest([...facts, ...(await describeFiles(folder, new AbortController().signal))], key)
  await writeFile(join(folder, MANIFEST), JSON.stringify(manifest))
}
