import { definePeftMethod } from '../../../src/main/engine/peft/define-method.ts'
import { matchesModules } from '../../../src/main/engine/peft/match-modules.ts'
import { isHeadOfTask } from './heads.ts'

export interface Ia3Options {
  readonly target_modules: readonly string[]
  readonly feedforward_modules: readonly string[]
}

/**
 * IA³ (arXiv:2205.05638), as peft has it; here to prove the seam of methods (design §4.12), not offered in run.yaml.
 *
 * y = (x·Wᵀ + b)·l, or (x·l)·Wᵀ + b where the site is one of `feedforward_modules`. l starts at 1: step 0 equals the base model.
 */
export const ia3 = definePeftMethod<Ia3Options>({
  id: 'ia3',
  title: 'IA3',
  select: (_, { target_modules: targets }) => ({
    trains: ({ name }) => isHeadOfTask(name),
    adapts: ({ kind, path }) => kind === 'linear' && matchesModules(path, targets)
  }),
  tensors: (site, { feedforward_modules: inner }) => ({
    ia3_l: { shape: matchesModules(site.path, inner) ? [1, site.in] : [site.out, 1], init: { kind: 'ones' } }
  }),
  attach: ({ feedforward_modules: inner }, { ia3_l: l }) => ({
    linear({ g, site, x, weight, bias, base }) {
      if (!l) throw new Error('IA3: the tensor is missing')
      if (matchesModules(site.path, inner)) return g.gemm(g.mul(x, l), weight, { transB: true, c: bias })
      return g.mul(base(), g.reshape(l, [site.out]))
    }
  }),
  merge({ weight, bias, first }, site, { feedforward_modules: inner }, { ia3_l: l }) {
    if (!l) throw new Error('IA3: the tensor is missing')
    const isInner = matchesModules(site.path, inner)
    weight.forEach((value, at) => (weight[at] = value * l[isInner ? at % site.in : first + Math.floor(at / site.in)]!))
    if (!isInner) bias.forEach((value, row) => (bias[row] = value * l[first + row]!))
  }
})
