import { TokenTableBuilder, type TokenTable } from '../engine/text/token-table.ts'
import type { EncodeOptions, Tokenizer } from '../engine/text/tokenizer.ts'
import { buildExamples, type Examples } from '../engine/training/examples.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'

/** Token ids of texts, with those of their pairs. */
export async function plainTable(
  tokenizer: Tokenizer,
  texts: readonly string[],
  pairs: readonly string[] | null,
  options: EncodeOptions
): Promise<TokenTable> {
  const builder = new TokenTableBuilder(pairs ? 2 : 1)
  await tokenizer.encodeEach(texts, pairs, options, ({ a, b }) => builder.addRow(...(b ? [a, b] : [a])))
  return builder.finish()
}

/** Texts, with their pairs, as a model reads them: one example a text, in order. */
export async function examplesOf(
  tokenizer: Tokenizer,
  settings: RunSettings,
  texts: readonly string[],
  pairs: readonly string[] | null,
  signal: AbortSignal
): Promise<Examples> {
  const table = await plainTable(tokenizer, texts, pairs, { signal })
  const rows = Int32Array.from(texts, (_, i) => i)
  return buildExamples(tokenizer, table, rows, settings)
}
