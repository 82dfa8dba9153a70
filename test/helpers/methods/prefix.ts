import { definePeftMethod } from '../../../src/main/engine/peft/define-method.ts'
import { isHeadOfTask } from './heads.ts'

export interface PrefixOptions {
  readonly num_virtual_tokens: number
}

/**
 * Prefix tuning (arXiv:2101.00190) without its reparametrisation; here to prove the seam of methods (design §4.12), not offered in run.yaml.
 *
 * attention(q, [P_k; k], [P_v; v]): each layer's heads may also attend to trained keys and values. Step 0 differs from the base model.
 */
export const prefixTuning = definePeftMethod<PrefixOptions>({
  id: 'prefix',
  title: 'Prefix tuning',
  select: () => ({ trains: ({ name }) => isHeadOfTask(name), adapts: ({ kind }) => kind === 'attention-kv' }),
  tensors: (site, { num_virtual_tokens: tokens }) => ({
    prefix_keys: { shape: [site.out, tokens, site.in], init: { kind: 'normal', std: 1 } },
    prefix_values: { shape: [site.out, tokens, site.in], init: { kind: 'normal', std: 1 } }
  }),
  attach: ({ num_virtual_tokens: tokens }, { prefix_keys: keys, prefix_values: values }) => ({
    keyValue({ g, site, keys: ownKeys, values: ownValues, bias }) {
      if (!keys || !values) throw new Error('Prefix tuning: a tensor is missing')
      const shape = ['rows', site.out, tokens, site.in]
      const open = g.zeros([...bias.shape.slice(0, 3), tokens])
      return {
        keys: g.concat([g.expand(keys, shape), ownKeys], 2),
        values: g.concat([g.expand(values, shape), ownValues], 2),
        bias: g.concat([open, bias], 3)
      }
    }
  })
})
