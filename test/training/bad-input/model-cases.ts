import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { changeJson, changeWeights, keepTensors, withConfig, type BadCase, type Entry } from './bad-case.ts'

const weights = (folder: string): string => join(folder, 'model', 'model.safetensors')

const withWeights =
  (bytes: string | Uint8Array) =>
  (folder: string): Promise<void> =>
    writeFile(weights(folder), bytes)

/** Moves a file of the model out of its folder and leaves a link to it. */
const linkedOut =
  (name: string) =>
  async (folder: string): Promise<void> => {
    await rename(join(folder, 'model', name), join(folder, name))
    await symlink(join('..', name), join(folder, 'model', name))
  }

const outside = (name: string): string =>
  `The file "<folder>/model/${name}" is a link to "<folder>/${name}", outside the model's folder. Copy the file itself into the folder.`

/** The entry of the classifier's weights, the last of the file, changed. */
const lastEntry = (change: (entry: Entry) => object): ((folder: string) => Promise<void>) =>
  changeWeights((header) => ({ header: { ...header, 'classifier.weight': change(header['classifier.weight'] as Entry) } })) // As made.

const file = 'The weights file "<folder>/model/model.safetensors"'
const again = 'Copy or download the file again.'
const pickle = 'are a program, not data, so they are never opened; ask for the model as safetensors.'
const layer1 =
  'bert.encoder.layer.1.attention.self.query.weight, bert.encoder.layer.1.attention.self.query.bias, bert.encoder.layer.1.attention.self.key.weight'

const folderCases: readonly BadCase[] = [
  {
    name: 'a folder that is not there',
    modelPath: './none',
    says: 'The model folder "<folder>/none" does not exist. Check its name and place.'
  },
  {
    name: 'a file in its place',
    modelPath: './model/model.safetensors',
    says: 'The model "<folder>/model/model.safetensors" is a file. Name the folder that it lies in: config.json, *.safetensors and tokenizer.json.'
  },
  {
    name: 'an empty folder',
    modelPath: './empty',
    prepare: (folder) => mkdir(join(folder, 'empty')),
    says: '<folder>/empty has no config.json. Choose a Hugging Face model folder: config.json, *.safetensors and tokenizer.json.'
  },
  {
    name: 'no tokenizer',
    prepare: (folder) => rm(join(folder, 'model', 'tokenizer.json')),
    says: 'The folder model has no tokenizer.json. Ask whoever gave you the model for that file; in Python, AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER) writes it.'
  },
  { name: 'a configuration linked from elsewhere', prepare: linkedOut('config.json'), says: outside('config.json') },
  { name: 'weights linked from elsewhere', prepare: linkedOut('model.safetensors'), says: outside('model.safetensors') },
  { name: 'a tokenizer linked from elsewhere', prepare: linkedOut('tokenizer.json'), says: outside('tokenizer.json') }
]

const weightCases: readonly BadCase[] = [
  {
    name: 'weights as a pickle',
    prepare: async (folder) => rename(weights(folder), join(folder, 'model', 'pytorch_model.bin')),
    says: `The weights in "<folder>/model/pytorch_model.bin" ${pickle}`
  },
  {
    name: 'a pickle under a false name',
    prepare: withWeights(Buffer.from('\x80\x04\x95pickled', 'latin1')),
    says: `The weights in "<folder>/model/model.safetensors" ${pickle}`
  },
  {
    name: 'a web page under a false name',
    prepare: withWeights('<!DOCTYPE html><title>Log in</title>'),
    says: `${file} does not contain the weights. It is a web page, as sites send one where a download needs a login: download the file again.`
  },
  {
    name: 'weights that are cut off',
    prepare: (folder) => truncate(weights(folder), 20_000),
    says: `${file} is cut off or wrong: the tensor "bert.encoder.layer.1.attention.self.value.weight" should end at byte 20704, but the file has only 20000 bytes. ${again}`
  },
  {
    name: 'weights that are cut off in their header',
    prepare: (folder) => truncate(weights(folder), 100),
    says: `${file} is cut off: its header alone has 4280 bytes, the file 100. ${again}`
  },
  {
    name: 'a huge header',
    prepare: withWeights(Buffer.concat([Buffer.from(BigUint64Array.of(2n ** 60n).buffer), Buffer.from('{}')])),
    says: `${file} is not a safetensors file: its header would have 1152921504606846976 bytes. ${again}`
  },
  {
    name: 'offsets past the end',
    prepare: lastEntry(({ data_offsets: [from, to], ...entry }) => ({ ...entry, data_offsets: [from + 1e9, to + 1e9] })),
    says: `${file} is cut off or wrong: the tensor "classifier.weight" should end at byte 1000025332, but the file has only 25332 bytes. ${again}`
  },
  {
    name: 'tensors that overlap',
    prepare: lastEntry(({ data_offsets: [from, to], ...entry }) => ({ ...entry, data_offsets: [from - 4, to - 4] })),
    says: `${file} lets the tensors "classifier.weight" and "classifier.bias" overlap. ${again}`
  },
  {
    name: 'whole numbers as weights',
    prepare: keepTensors((name, _, bytes) => ({ name, dtype: name.endsWith('pooler.dense.weight') ? 'I32' : 'F32', bytes })),
    says: 'The tensor "bert.pooler.dense.weight" is stored as I32, which Attune cannot compute with. Use the model\'s float32, float16 or bfloat16 version.'
  },
  {
    name: 'a layer that is missing',
    prepare: keepTensors((name) => (name.includes('layer.1.') ? null : { name })),
    says: `The weights lack 16 of the 37 tensors that config.json calls for, such as ${layer1}. Ask for the complete model.`
  },
  {
    name: 'a layer under a name of its own',
    prepare: keepTensors((name) => ({ name: name.replace('layer.1.', 'layer.7.') })),
    says: `The weights lack 16 of the 37 tensors that config.json calls for, such as ${layer1}. It also holds 16 that do not belong to it, such as bert.encoder.layer.7.attention.output.LayerNorm.bias, bert.encoder.layer.7.attention.output.LayerNorm.weight, bert.encoder.layer.7.attention.output.dense.bias. Ask for the complete model.`
  },
  {
    name: 'shapes that config.json does not call for',
    prepare: withConfig({ max_position_embeddings: 512 }),
    says: 'The weights do not have the shapes that config.json calls for: bert.embeddings.position_embeddings.weight is [20, 16], not [512, 16]. The two files are not of one model: copy both again.'
  }
]

const configCases: readonly BadCase[] = [
  {
    name: 'an unknown family',
    prepare: withConfig({ model_type: 'llama' }),
    says: "config.json: model_type is 'llama'. Choose a model of a type that Attune can train: bert, roberta, xlm-roberta, camembert, distilbert."
  },
  {
    name: 'a configuration that is no JSON',
    prepare: (folder) => writeFile(join(folder, 'model', 'config.json'), '{"a":'),
    says: '<folder>/model/config.json is not valid JSON. Copy the model again.'
  },
  {
    name: 'more layers than there can be',
    prepare: withConfig({ num_hidden_layers: 99_999_999 }),
    says: 'config.json: num_hidden_layers is 99999999; it must be a whole number from 1 to 1000.'
  },
  {
    name: 'a switch that is not followed',
    prepare: withConfig({ position_embedding_type: 'relative_key' }),
    says: 'config.json: position_embedding_type is "relative_key"; Attune follows absolute positions only. Choose another model.'
  },
  {
    name: 'a switch that is not followed, to inspect',
    words: ['inspect', 'model'],
    prepare: withConfig({ is_decoder: true }),
    says: 'config.json: is_decoder is true; Attune trains encoders only. Choose another model.'
  },
  {
    name: 'a tokenizer with more tokens than the model',
    prepare: changeJson('tokenizer.json', ({ model, ...rest }) => {
      const { vocab, ...others } = model as { vocab: Record<string, number> } // As tokenizer.json has it.
      return { ...rest, model: { ...others, vocab: { ...vocab, extra: 59 } } }
    }),
    says: 'tokenizer.json has token ids up to 59, but vocab_size in config.json is 40, so ids from 40 have no embedding. The two files belong to different models: use the tokenizer that came with the model.'
  },
  {
    name: 'a tokenizer that is cut off',
    prepare: (folder) => truncate(join(folder, 'model', 'tokenizer.json'), 50),
    says: 'tokenizer.json is not valid JSON (Unterminated string in JSON at position 50 (line 4 column 9)). It may be cut short: copy it again from where the model came from.'
  }
]

/** Model folders, and what is said about each. */
export const modelCases: readonly BadCase[] = [...folderCases, ...weightCases, ...configCases]
