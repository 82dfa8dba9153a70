/** Where an exported model is used, with the forms for it, the usual one first. */
export const USES = [
  { id: 'python', formats: ['huggingface'] },
  { id: 'onnx', formats: ['onnx', 'onnx-fp16', 'onnx-int8', 'onnx-int4', 'onnx-parts'] },
  { id: 'adapter', formats: ['peft'] },
  { id: 'attune', formats: ['attune', 'attune-adapter'] }
] as const

export type Use = (typeof USES)[number]['id']

interface Tried {
  readonly format: string
  readonly dtype: string
  readonly quantization?: 'dynamic' | 'static' | null
}

interface Instead extends Tried {
  readonly dtype: 'fp32' | 'fp16'
}

/** What to try where a form does not answer as tested; undefined where there is nothing closer. */
export function insteadOf({ format, dtype, quantization }: Tried): Instead | undefined {
  if (quantization === 'static') return { format, dtype: 'fp32', quantization: 'dynamic' }
  if (format === 'onnx-int8' || format === 'onnx-int4') return { format: 'onnx-fp16', dtype: 'fp16' }
  if (format === 'onnx-fp16') return { format: 'onnx', dtype: 'fp32' }
  return dtype === 'fp32' ? undefined : { format, dtype: 'fp32' }
}

/** Whether an export answers by itself: an adapter alone needs its base model, a pack has to be imported. */
export const canServe = ({ format }: { readonly format: string }): boolean => ['python', 'onnx'].includes(useOf(format))

export const useOf = (format: string): Use => USES.find(({ formats }) => (formats as readonly string[]).includes(format))?.id ?? 'python'
