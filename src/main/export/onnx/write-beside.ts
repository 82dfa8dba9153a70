import { basename, join } from 'node:path'
import { writeJsonAtomic } from '../../base/files.ts'
import { readCard } from '../../base/model-card.ts'
import { writeFile } from '../../base/sealed/fs.ts'
import { readTokenizerDefinition } from '../../engine/text/definition.ts'
import { createTokenizer, effectiveDefinition } from '../../engine/text/tokenizer.ts'
import { carryFiles } from '../carried-files.ts'
import type { ExportJob } from '../define-exporter.ts'
import { exportedConfig } from '../exported-config.ts'
import { modelCard } from '../model-card.ts'
import { pythonExample, scriptExample, type ExampleFacts } from './examples.ts'

/** How the card introduces what lies in the folder. */
export interface OnnxCard {
  readonly sentences: readonly string[]
  readonly isInParts?: boolean
}

/**
 * Writes what lies beside an ONNX model: config.json with the labels, the tokenizer as the run read it (in one tokenizer.json, whatever files the base
 * model had), the licence, README.md and two examples that run as they are.
 */
export async function writeBeside({ run, folder, dtype }: ExportJob, { sentences, isInParts = false }: OnnxCard): Promise<void> {
  await writeJsonAtomic(join(folder, 'config.json'), exportedConfig(run, dtype))
  await carryFiles(run.base.folder, folder)
  const source = await readTokenizerDefinition(run.base.folder)
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(effectiveDefinition(source)))
  const tokenizer = await createTokenizer(source)
  const padId = tokenizer.specialTokens.pad ?? run.base.config.padId
  const { problem, maxLength, pairs } = run
  const facts: ExampleFacts = { problem, maxLength, padId, padToken: tokenizer.tokenOf(padId) ?? '[PAD]', pairs, isInParts }
  const examples = { 'example.py': pythonExample(facts), 'example.mjs': scriptExample(facts) }
  for (const [name, text] of Object.entries(examples)) await writeFile(join(folder, name), text)
  const card = modelCard(run, {
    ...(await readCard(run.base.folder)),
    baseName: basename(run.base.folder),
    library: 'onnx',
    use: [
      ...sentences,
      '',
      '`example.py` (Python):',
      '',
      '```python',
      examples['example.py'].trimEnd(),
      '```',
      '',
      '`example.mjs` (Node):',
      '',
      '```js',
      examples['example.mjs'].trimEnd(),
      '```'
    ]
  })
  await writeFile(join(folder, 'README.md'), card)
}
