import type { ExportableRun, Exporter } from './define-exporter.ts'
import { unknownHead } from './known-head.ts'

/** The same files in one: an Attune pack. What the manifest says of the files stays as it is without the pack. */
export const packed = (exporter: Exporter, holds: NonNullable<Exporter['packs']>): Exporter => ({
  ...exporter,
  title: 'Attune pack',
  packs: holds,
  // Attune opens a head of its own making too; an adapter is put onto its base model by PEFT's rules.
  ...(holds === 'model' && { supports: () => ({ ok: true }), card: { ...exporter.card, usage } })
})

/** A head of Attune's own making opens in other programs without a word, and answers wrongly. */
function usage({ definition }: ExportableRun): string {
  const reason = unknownHead(definition)?.split(' Export it')[0]
  const here = 'Import the pack in Attune (Library, or `attune import`).'
  return reason === undefined ? here : `${here} Do not use it in other programs. ${reason}`
}
