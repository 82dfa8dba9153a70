/**
 * Peak memory of writing a merged Hugging Face folder, whatever the size of the model: makes a BERT of random weights with a LoRA adapter on every
 * layer, merges it into shards, and prints the process's own high-water mark (Linux: VmHWM of /proc/self/status, which begins anew before) as one JSON line.
 *
 *     node bench/export-memory.ts [--layers 24] [--width 2048] [--vocabulary 30522] [--dtype fp32] [--folder FOLDER]
 *
 * It needs twice the model's size on the disk of FOLDER (the system's temporary folder where left out) and clears up behind itself.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bert } from '../src/main/engine/architectures/bert/index.ts'
import { elementCount, type TensorSource } from '../src/main/engine/weights/elements.ts'
import { openCheckpoint } from '../src/main/engine/weights/checkpoint-folder.ts'
import { writeSafetensors } from '../src/main/engine/weights/safetensors.ts'
import { lora } from '../src/main/engine/peft/lora/index.ts'
import type { LoraOptions } from '../src/main/engine/peft/lora/options.ts'
import type { PeftMethod } from '../src/main/engine/peft/define-method.ts'
import { selectParameters, type ModelDefinition } from '../src/main/engine/training/model-definition.ts'
import { openModelFolder, storedTensors } from '../src/main/engine/training/model-folder.ts'
import { mergedTensors, sizeInBytes, type ExportType } from '../src/main/export/trained-tensors.ts'
import { writeShards } from '../src/main/export/write-shards.ts'

const LABELS = 3
const { values } = parseArgs({
  options: {
    layers: { type: 'string', default: '24' },
    width: { type: 'string', default: '2048' },
    vocabulary: { type: 'string', default: '30522' },
    dtype: { type: 'string', default: 'fp32' },
    folder: { type: 'string', default: tmpdir() }
  }
})
const [layers, width, vocabulary] = [Number(values.layers), Number(values.width), Number(values.vocabulary)]

const options: LoraOptions = {
  ...{ r: 8, lora_alpha: 16, target_modules: 'all-linear', use_rslora: false, loraplus_lr_ratio: null, lora_dropout: 0 },
  ...{
    from_adapter: null,
    adapter_labels: [],
    rank_pattern: {},
    alpha_pattern: {},
    layers_to_transform: null,
    modules_to_save: [],
    bias: 'none',
    init_lora_weights: true
  }
}

/** High-water mark of resident memory in bytes. */
async function peak(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8')
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1])
}

const block = Float32Array.from({ length: 1 << 20 }, (_, i) => Math.sin(i) * 0.02)

/** A tensor of values that repeat. */
function source(name: string, shape: readonly number[]): TensorSource {
  return {
    ...{ name, dtype: 'F32', shape },
    *chunks() {
      for (let left = elementCount(shape); left > 0; left -= block.length)
        yield new Uint8Array(block.buffer, 0, 4 * Math.min(left, block.length))
    }
  }
}

async function makeModel(folder: string): Promise<void> {
  await mkdir(folder)
  const json = {
    ...{
      model_type: 'bert',
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: width / 64,
      intermediate_size: 4 * width
    },
    ...{
      vocab_size: vocabulary,
      max_position_embeddings: 512,
      type_vocab_size: 2,
      hidden_act: 'gelu',
      layer_norm_eps: 1e-12,
      pad_token_id: 0
    }
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(json))
  const tensors = bert.tensors(bert.readConfig(json, {}))
  await writeSafetensors(
    join(folder, 'model.safetensors'),
    tensors.map(({ name, shape }) => source(name, shape))
  )
}

const root = await mkdtemp(join(values.folder, 'attune-export-memory-'))
try {
  const model = join(root, 'model')
  await makeModel(model)
  const base = await openModelFolder(model)
  const head = 'sequence-classification'
  const definition: ModelDefinition = {
    ...{ architecture: base.architecture, config: base.config, head, labels: LABELS },
    ...{ method: lora as PeftMethod<unknown>, options, stored: storedTensors(base, head, LABELS, null) }
  }
  const selection = selectParameters(definition)
  const learned = join(root, 'learned')
  await mkdir(learned)
  await writeSafetensors(
    join(learned, 'model.safetensors'),
    selection.parameters.map(({ name, shape }) => source(name, shape))
  )
  const trained = { base, definition, selection, checkpoint: await openCheckpoint(learned), shift: 0, scale: 1 }
  const out = join(root, 'out')
  await mkdir(out)
  // The high-water mark begins anew: making the model took memory too.
  await writeFile('/proc/self/clear_refs', '5')
  const before = await peak()
  const began = performance.now()
  const tensors = mergedTensors(trained, values.dtype as ExportType) // Named on the command line of a bench.
  await writeShards(out, tensors)
  const after = await peak()
  const bytes = tensors.reduce((sum, tensor) => sum + sizeInBytes(tensor), 0)
  const result = {
    ...{
      layers,
      width,
      vocabulary,
      dtype: values.dtype,
      written_bytes: bytes,
      files: (await readdir(out)).length,
      largest_tensor_bytes: Math.max(...tensors.map(sizeInBytes))
    },
    ...{ peak_before_bytes: before, peak_after_bytes: after, seconds: (performance.now() - began) / 1000 }
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
} finally {
  await rm(root, { recursive: true, force: true })
}
