import { join } from 'node:path'
import { writeJsonAtomic } from '../../base/files.ts'
import { writeFile } from '../../base/sealed/fs.ts'
import { readTokenizerDefinition } from '../../engine/text/definition.ts'
import { effectiveDefinition } from '../../engine/text/tokenizer.ts'
import { writeAnswering } from '../answering/answering-file.ts'
import { usageOfAnswering } from '../answering/usage.ts'
import { carryFiles } from '../carried-files.ts'
import type { ExportableRun, ExportJob } from '../define-exporter.ts'
import { exportedConfig } from '../exported-config.ts'
import { writeMarks } from '../marks/marks-file.ts'
import { usageOfMarks } from '../marks/usage.ts'
import { pythonExample, scriptExample } from './examples.ts'

/**
 * Writes what lies beside an ONNX model: config.json with the labels, the tokenizer as the run read it (in one tokenizer.json, whatever files the base
 * model had), the licence, and two examples that run as they are.
 */
export async function writeBeside({ run, folder, dtype }: ExportJob, isInParts = false): Promise<void> {
  await writeJsonAtomic(join(folder, 'config.json'), exportedConfig(run, dtype))
  await carryFiles(run.base.folder, folder)
  await writeMarks(run, folder)
  await writeAnswering(run, folder)
  const source = await readTokenizerDefinition(run.base.folder)
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(effectiveDefinition(source)))
  await writeFile(join(folder, 'example.py'), pythonExample(run, isInParts))
  await writeFile(join(folder, 'example.mjs'), scriptExample(run, isInParts))
}

/** The card's section on how to use it: `sentences`, then both examples. */
export const usageOf = (run: ExportableRun, sentences: readonly string[], isInParts = false): string =>
  [
    ...sentences,
    ...(run.marks ? usageOfMarks(run.marks) : []),
    ...(run.answering ? usageOfAnswering(run.answering) : []),
    ...['', '`example.py` (Python):', '', '```python', pythonExample(run, isInParts).trimEnd(), '```'],
    ...['', '`example.mjs` (Node):', '', '```js', scriptExample(run, isInParts).trimEnd(), '```']
  ].join('\n')
