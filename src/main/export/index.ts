import type { Exporter } from './define-exporter.ts'
import { huggingFace } from './hugging-face.ts'
import { peftAdapter } from './peft-adapter.ts'

/** Every form that `--format` can name. */
export const exporters = { huggingface: huggingFace, peft: peftAdapter } as const satisfies Readonly<Record<string, Exporter>>
export type ExportFormat = keyof typeof exporters
