import { TokenTableBuilder } from '../engine/text/token-table.ts'
import type { Tokenizer } from '../engine/text/tokenizer.ts'
import { buildExamples, type Examples } from '../engine/training/examples.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'

/** Texts, with their pairs, as a model reads them: one example a text, in order. */
export async function examplesOf(
  tokenizer: Tokenizer,
  settings: RunSettings,
  texts: readonly string[],
  pairs: readonly string[] | null,
  signal: AbortSignal
): Promise<Examples> {
  const encoded = await tokenizer.encode(texts, pairs, { signal })
  const builder = new TokenTableBuilder(pairs ? 2 : 1)
  for (const { a, b } of encoded) builder.addRow(...(b ? [a, b] : [a]))
  return buildExamples(
    tokenizer,
    builder.finish(),
    Int32Array.from(texts, (_, i) => i),
    settings
  )
}
