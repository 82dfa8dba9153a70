import type { Exporter } from './define-exporter.ts'

/** The same files in one: an Attune pack. What the manifest says of the files stays as it is without the pack. */
export const packed = (exporter: Exporter, holds: NonNullable<Exporter['packs']>): Exporter => ({
  ...exporter,
  title: 'Attune pack',
  packs: holds,
  // Attune opens a head of its own making too; an adapter is put onto its base model by PEFT's rules.
  ...(holds === 'model' && { supports: () => ({ ok: true }) })
})
