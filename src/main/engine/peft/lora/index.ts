import type { Site } from '../../blocks/scope.ts'
import { definePeftMethod } from '../define-method.ts'
import { isInModules, matchesModules } from '../match-modules.ts'
import type { LoraOptions } from './options.ts'

/** The rank of the adapter at a layer: r, or what rank_pattern says of it. */
export const rankAt = (path: string, { r, rank_pattern: ranks }: LoraOptions): number => firstFitting(ranks, path) ?? r

/** Its strength α: lora_alpha, or what alpha_pattern says of the layer. */
export const alphaAt = (path: string, { lora_alpha: alpha, alpha_pattern: alphas }: LoraOptions): number =>
  firstFitting(alphas, path) ?? alpha

/** Runs that were made before there were patterns have none. */
function firstFitting(pattern: Readonly<Record<string, number>> | null | undefined, path: string): number | undefined {
  return Object.entries(pattern ?? {}).find(([name]) => matchesModules(path, [name]))?.[1]
}

/** α/r, or α/√r with rank-stabilised scaling (rsLoRA, arXiv:2312.03732). */
export function scalingAt(path: string, options: LoraOptions): number {
  const rank = rankAt(path, options)
  return alphaAt(path, options) / (options.use_rslora ? Math.sqrt(rank) : rank)
}

/**
 * Low-rank adaptation (arXiv:2106.09685).
 *
 * y  = x·Wᵀ + b + s·dropout(x)·Aᵀ·Bᵀ    B starts at zero, so step 0 equals the base model. s = α/r.
 * W' = W + s·B·A                        what a merged export contains. A is [r, in], B is [out, r], as PEFT stores them.
 *
 * LoRA+ (arXiv:2402.12354) gives B a learning rate `loraplus_lr_ratio` times that of A.
 */
export const lora = definePeftMethod<LoraOptions>({
  id: 'lora',
  title: 'LoRA',
  select: (model, options) => {
    const adapts = (site: Site): boolean => {
      if (site.kind !== 'linear' || !isWanted(site.layer, options.layers_to_transform)) return false
      if (options.target_modules === 'all-linear') return site.path.startsWith(`${model.prefix}.`)
      return matchesModules(site.path, options.target_modules)
    }
    const adapted = new Set(model.sites.filter(adapts).map(({ path }) => `${path}.bias`))
    const trainsBias = (name: string): boolean =>
      options.bias === 'all' ? name.endsWith('.bias') : options.bias === 'lora_only' && adapted.has(name)
    return {
      trains: ({ name }) => isHeadOfTask(name) || isInModules(name, options.modules_to_save) || trainsBias(name),
      adapts
    }
  },
  tensors: (site, options) => {
    const rank = rankAt(site.path, options)
    return {
      'lora_A.weight': {
        shape: [rank, site.in],
        init: options.init_lora_weights === 'gaussian' ? { kind: 'normal', std: 1 / rank } : { kind: 'kaiming-uniform' }
      },
      'lora_B.weight': {
        shape: [site.out, rank],
        init: options.init_lora_weights === false ? { kind: 'kaiming-uniform' } : { kind: 'zeros' },
        learningRateScale: options.loraplus_lr_ratio ?? 1
      }
    }
  },
  attach: (options, { 'lora_A.weight': A, 'lora_B.weight': B }) => ({
    linear({ g, site, x, base }) {
      if (!A || !B) throw new Error('LoRA: the tensors A and B are missing')
      const narrow = g.gemm(g.dropout(x, options.lora_dropout), A, { transB: true })
      return g.gemm(narrow, B, { transB: true, alpha: scalingAt(site.path, options), c: base() })
    }
  }),
  merge({ weight, first }, site, options, { 'lora_A.weight': A, 'lora_B.weight': B }) {
    if (!A || !B) throw new Error('LoRA: the tensors A and B are missing')
    const rank = rankAt(site.path, options)
    addLowRank(weight, site.in, { A, B: B.subarray(first * rank), scale: scalingAt(site.path, options), rank })
  }
})

const isHeadOfTask = (name: string): boolean => /^(pre_classifier|classifier|score|qa_outputs)\./.test(name)

const isWanted = (layer: number | null, layers: readonly number[] | null): boolean =>
  layers === null || (layer !== null && layers.includes(layer))

interface LowRank {
  readonly A: Float32Array
  readonly B: Float32Array
  readonly scale: number
  readonly rank: number
}

/** W += scale·B·A for rows of `width`, in double precision per element. */
function addLowRank(weight: Float32Array, width: number, { A, B, scale, rank }: LowRank): void {
  const sums = new Float64Array(width)
  for (let row = 0; row * width < weight.length; row++) {
    sums.fill(0)
    for (let k = 0; k < rank; k++) {
      const b = B[row * rank + k] ?? 0
      for (let column = 0; column < width; column++) sums[column] = (sums[column] ?? 0) + b * (A[k * width + column] ?? 0)
    }
    for (let column = 0; column < width; column++) {
      const at = row * width + column
      weight[at] = (weight[at] ?? 0) + scale * (sums[column] ?? 0)
    }
  }
}
