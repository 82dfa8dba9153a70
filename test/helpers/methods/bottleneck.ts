import { definePeftMethod } from '../../../src/main/engine/peft/define-method.ts'
import { isHeadOfTask } from './heads.ts'

export interface BottleneckOptions {
  readonly width: number
}

/**
 * Bottleneck adapters after both sublayers (arXiv:1902.00751); here to prove the seam of methods (design §4.12), not offered in run.yaml.
 *
 * x + up(relu(down(x)))    up starts at zero: step 0 equals the base model.
 */
export const bottleneck = definePeftMethod<BottleneckOptions>({
  id: 'bottleneck',
  title: 'Bottleneck adapters',
  select: () => ({ trains: ({ name }) => isHeadOfTask(name), adapts: ({ kind }) => kind === 'sublayer' }),
  tensors: (site, { width }) => ({
    'adapter_down.weight': { shape: [width, site.in], init: { kind: 'kaiming-uniform' } },
    'adapter_down.bias': { shape: [width], init: { kind: 'zeros' } },
    'adapter_up.weight': { shape: [site.out, width], init: { kind: 'zeros' } },
    'adapter_up.bias': { shape: [site.out], init: { kind: 'zeros' } }
  }),
  attach: (_, tensors) => ({
    sublayer({ g, x }) {
      const [downWeight, downBias] = [tensors['adapter_down.weight'], tensors['adapter_down.bias']]
      const [upWeight, upBias] = [tensors['adapter_up.weight'], tensors['adapter_up.bias']]
      if (!downWeight || !downBias || !upWeight || !upBias) throw new Error('Bottleneck: a tensor is missing')
      const narrow = g.relu(g.gemm(x, downWeight, { transB: true, c: downBias }))
      return g.add(x, g.gemm(narrow, upWeight, { transB: true, c: upBias }))
    }
  })
})
