import { defineExporter } from './define-exporter.ts'
import { huggingFace } from './hugging-face.ts'
import { unknownHead } from './known-head.ts'
import { peftAdapter } from './peft-adapter.ts'

/** One file for another Attune that holds the merged model. A head that transformers does not know is no hindrance there. */
export const pack = defineExporter({
  ...huggingFace,
  id: 'attune',
  title: 'Attune pack',
  card: {
    ...huggingFace.card,
    usage({ definition }) {
      const reason = unknownHead(definition)?.split(' Export it')[0]
      const others = reason === undefined ? '' : ` Other programs cannot: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`
      return `Import the pack in Attune (Library, or \`attune import\`).${others}\n`
    }
  },
  supports: () => ({ ok: true }),
  packs: 'model'
})

/** The same with the adapter alone: its files are those of any PEFT adapter. */
export const adapterPack = defineExporter({ ...peftAdapter, title: 'Attune pack (adapter)', packs: 'adapter' })
