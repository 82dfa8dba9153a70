import type { Exporter } from './define-exporter.ts'
import { huggingFace } from './hugging-face.ts'

/** Every form that `--format` can name. */
export const exporters = { huggingface: huggingFace } as const satisfies Readonly<Record<string, Exporter>>
export type ExportFormat = keyof typeof exporters
