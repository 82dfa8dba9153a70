import { readdir } from 'node:fs/promises'
import { safeFileName } from '../../base/file-name.ts'

/** What each form is called in the name of its folder or file. Those that come in several element types are followed by it. */
const FORMS: Readonly<Record<string, { readonly name: string; readonly hasTypes?: true; readonly ending?: string }>> = {
  huggingface: { name: 'Hugging Face', hasTypes: true },
  peft: { name: 'adapter', hasTypes: true },
  onnx: { name: 'ONNX' },
  'onnx-fp16': { name: 'ONNX, fp16' },
  'onnx-int8': { name: 'ONNX, int8' },
  'onnx-int4': { name: 'ONNX, int4' },
  'onnx-parts': { name: 'ONNX, parts' },
  attune: { name: 'Attune', hasTypes: true, ending: '.attune' },
  'attune-adapter': { name: 'Attune, adapter', hasTypes: true, ending: '.attune' }
}

/** A form as it was asked for. */
export interface WishedForm {
  readonly format: string
  readonly dtype: string
  readonly quantization: 'dynamic' | 'static' | null
}

/** A name for an export of a run that is not taken yet in the folder `below`: "Urgency v3 (ONNX, int8) 2". */
export async function exportName(below: string, run: string, { format, dtype, quantization }: WishedForm): Promise<string> {
  const { name, hasTypes = false, ending = '' } = FORMS[format] ?? { name: format }
  const form = quantization === 'static' ? `${name} static` : name
  const about = hasTypes && dtype !== 'fp32' ? `${form}, ${dtype}` : form
  const first = safeFileName(`${run.replace(/[\\/]/g, '_')} (${about})`, 'export')
  const there = new Set(await readdir(below))
  for (let n = 1; ; n++) {
    const next = `${n === 1 ? first : `${first} ${n}`}${ending}`
    if (!there.has(next)) return next
  }
}
