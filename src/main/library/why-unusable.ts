// eslint-disable-next-line no-restricted-imports -- The configuration of a published model stays plain.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { architectures } from '../engine/architectures/index.ts'

/** Names of families that people know, by `model_type`. */
const FAMILIES: Readonly<Record<string, string>> = {
  albert: 'ALBERT',
  bart: 'BART',
  big_bird: 'BigBird',
  bloom: 'BLOOM',
  deberta: 'DeBERTa',
  'deberta-v2': 'DeBERTa',
  electra: 'ELECTRA',
  falcon: 'Falcon',
  gemma: 'Gemma',
  gpt2: 'GPT-2',
  gpt_neo: 'GPT-Neo',
  gpt_neox: 'GPT-NeoX',
  gptj: 'GPT-J',
  llama: 'Llama',
  longformer: 'Longformer',
  mistral: 'Mistral',
  modernbert: 'ModernBERT',
  mpnet: 'MPNet',
  qwen2: 'Qwen2',
  t5: 'T5'
}

/** Why a folder cannot be used, in a sentence without its path. `problem`: what inspecting it said. */
export async function whyUnusable(
  folder: string,
  { code, message }: { readonly code: string; readonly message: string }
): Promise<string> {
  if (code === 'model-unsupported') {
    const type = await modelTypeOf(folder)
    const known = architectures.map(({ title }) => title).join(', ')
    if (type !== null) return `This is ${Object.hasOwn(FAMILIES, type) ? FAMILIES[type] : type}; Attune reads ${known}.`
    return `The config.json does not say what kind of model this is; Attune reads ${known}.`
  }
  if (code === 'weights-pickle') return 'These weights are a program, not data; ask for safetensors.'
  return message
    .replaceAll(folder, '')
    .replaceAll(/the folder (?:"|')(?:"|')/gi, 'the folder')
    .replaceAll(/\s+/g, ' ')
}

async function modelTypeOf(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}')
  try {
    const type = (JSON.parse(text) as { readonly model_type?: unknown }).model_type
    return typeof type === 'string' && /^[\w-]{1,60}$/.test(type) ? type : null
  } catch {
    return null
  }
}
