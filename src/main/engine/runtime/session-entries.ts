import type { ProgramSpec } from './port.ts'

/**
 * ONNX Runtime configuration entries that every session gets, whichever runtime loads it; `spec.config` overrides them.
 * Spinning keeps all cores busy for some 36 ms after each run; repacked constants are a private second copy of the weights (ort-facts §1.1, §1.7).
 * For quantised products that it could fuse, which our own graphs spell out, the library gives each reader of DequantizeLinear one of its own, although it is
 * told to leave a graph as it is: a dropout mask would be turned into floats twice in attention's backward pass.
 */
export function sessionEntries(spec: ProgramSpec): Record<string, string> {
  return {
    'session.intra_op.allow_spinning': '0',
    'session.disable_prepacking': spec.prepack === true ? '0' : '1',
    'session.disable_quant_qdq': spec.optimise === true ? '0' : '1',
    ...(spec.folder === undefined ? {} : { 'session.model_external_initializers_file_folder_path': spec.folder }),
    ...spec.config
  }
}
