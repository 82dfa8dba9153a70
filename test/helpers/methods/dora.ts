import { definePeftMethod } from '../../../src/main/engine/peft/define-method.ts'
import { matchesModules } from '../../../src/main/engine/peft/match-modules.ts'
import { isHeadOfTask } from './heads.ts'

export interface DoraOptions {
  readonly r: number
  readonly lora_alpha: number
  readonly target_modules: readonly string[]
}

/** ‖V‖ row by row: [out] from [out, in]. */
function rowNorms(V: Float32Array, width: number): Float32Array {
  return Float32Array.from({ length: V.length / width }, (_, row) => Math.hypot(...V.subarray(row * width, (row + 1) * width)))
}

/**
 * DoRA (arXiv:2402.09353), as peft has it; here to prove the seam of methods (design §4.12), not offered in run.yaml.
 *
 * V  = W + s·B·A
 * y  = (m / ‖V‖)·(x·Wᵀ + s·x·Aᵀ·Bᵀ) + b    m starts as ‖W‖, B at zero: step 0 equals the base model. No gradient flows through ‖V‖ (§4.3).
 * W' = (m / ‖V‖)·V
 */
export const dora = definePeftMethod<DoraOptions>({
  id: 'dora',
  title: 'DoRA',
  select: (_, { target_modules: targets }) => ({
    trains: ({ name }) => isHeadOfTask(name),
    adapts: ({ kind, path }) => kind === 'linear' && matchesModules(path, targets)
  }),
  tensors: (site, { r }) => ({
    'lora_A.weight': { shape: [r, site.in], init: { kind: 'kaiming-uniform' } },
    'lora_B.weight': { shape: [site.out, r], init: { kind: 'zeros' } },
    'lora_magnitude_vector.weight': {
      shape: [site.out],
      init: { kind: 'from-weight', make: (weight) => rowNorms(weight, site.in) }
    }
  }),
  attach: ({ r, lora_alpha: alpha }, { 'lora_A.weight': A, 'lora_B.weight': B, 'lora_magnitude_vector.weight': m }) => ({
    linear({ g, x, weight, bias }) {
      if (!A || !B || !m) throw new Error('DoRA: a tensor is missing')
      const V = g.gemm(B, A, { alpha: alpha / r, c: weight })
      const norm = g.detach(g.sqrt(g.reduceSumSquare(V, [1])))
      const plain = g.gemm(x, weight, { transB: true })
      const adapted = g.gemm(g.gemm(x, A, { transB: true }), B, { transB: true, alpha: alpha / r, c: plain })
      const y = g.mul(adapted, g.div(m, norm))
      return bias ? g.add(y, bias) : y
    }
  }),
  merge(
    { weight, first },
    site,
    { r, lora_alpha: alpha },
    { 'lora_A.weight': A, 'lora_B.weight': B, 'lora_magnitude_vector.weight': m }
  ) {
    if (!A || !B || !m) throw new Error('DoRA: a tensor is missing')
    for (let at = 0; at < weight.length; at++) {
      const [row, column] = [first + Math.floor(at / site.in), at % site.in]
      for (let k = 0; k < r; k++) weight[at]! += (alpha / r) * B[row * r + k]! * A[k * site.in + column]!
    }
    const norms = rowNorms(weight, site.in)
    weight.forEach((value, at) => {
      const row = Math.floor(at / site.in)
      weight[at] = (value * m[first + row]!) / norms[row]!
    })
  }
})
