import { answeringPythonExample, answeringScriptExample } from '../answering/examples.ts'
import type { ExportableRun } from '../define-exporter.ts'
import { marksPythonExample, marksScriptExample } from '../marks/examples.ts'

/** What the examples have to know of a run. */
type ExampleRun = Pick<ExportableRun, 'problem' | 'maxLength' | 'pairs' | 'padding' | 'marks' | 'answering'>

const PYTHON_ANSWERS: Readonly<Record<string, readonly string[]>> = {
  regression: ['    print(text, float(row[0]))'],
  multi_label_classification: [
    '    print(text, {labels[str(i)]: round(float(1 / (1 + np.exp(-x))), 4) for i, x in enumerate(row)})'
  ],
  single_label_classification: [
    '    p = np.exp(row - row.max()) / np.exp(row - row.max()).sum()',
    '    print(text, {labels[str(i)]: round(float(x), 4) for i, x in enumerate(p)})'
  ]
}

/** `example.py`: answers texts given on the command line. `isInParts`: the adapter lies in a file of its own. */
export function pythonExample(run: ExampleRun, isInParts: boolean): string {
  const { problem, maxLength, padding, pairs, marks, answering } = run
  if (marks) return marksPythonExample(marks, isInParts)
  if (answering) return answeringPythonExample(answering, isInParts)
  const model = isInParts ? 'base.onnx' : 'model.onnx'
  const given = pairs
    ? 'list(zip(sys.argv[1::2], sys.argv[2::2])) or [("One text.", "Another text.")]'
    : 'sys.argv[1:] or ["A text."]'
  const lines = [
    `# python example.py ${pairs ? 'TEXT SECOND-TEXT' : 'TEXT'} ...   (pip install onnxruntime tokenizers numpy)`,
    `import ${problem === 'regression' ? '' : 'json, '}pathlib, sys`,
    'import numpy as np, onnxruntime as ort',
    'from tokenizers import Tokenizer',
    '',
    'here = pathlib.Path(__file__).parent',
    ...(problem === 'regression' ? [] : ['labels = json.loads((here / "config.json").read_text(encoding="utf-8"))["id2label"]']),
    'tokenizer = Tokenizer.from_file(str(here / "tokenizer.json"))',
    `tokenizer.enable_truncation(${maxLength})`,
    `tokenizer.enable_padding(pad_id=${padding.id}, pad_token=${JSON.stringify(padding.token ?? '[PAD]')})`,
    `session = ort.InferenceSession(here / "${model}")`,
    ...(isInParts
      ? [
          '# Any number of adapters can be read like this one, beside one loaded base.',
          'part = ort.InferenceSession(here / "adapter.onnx")',
          'adapter = dict(zip([o.name for o in part.get_outputs()], part.run(None, {})))'
        ]
      : []),
    `texts = ${given}`,
    'encoded = tokenizer.encode_batch(texts)',
    'fields = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}',
    `names = [i.name for i in session.get_inputs()${isInParts ? ' if i.name in fields' : ''}]`,
    'feeds = {n: np.array([getattr(e, fields[n]) for e in encoded], dtype=np.int64) for n in names}',
    `for text, row in zip(texts, session.run(["logits"], ${isInParts ? 'feeds | adapter' : 'feeds'})[0]):`,
    ...(PYTHON_ANSWERS[problem] ?? [])
  ]
  return `${lines.join('\n')}\n`
}

const SCRIPT_ANSWERS: Readonly<Record<string, string>> = {
  regression: '  console.log(text, row[0])',
  multi_label_classification:
    '  console.log(text, Object.fromEntries(row.map((x, i) => [id2label[i], Number((1 / (1 + Math.exp(-x))).toFixed(4))])))',
  single_label_classification:
    '  console.log(text, Object.fromEntries(softmax(row).map((p, i) => [id2label[i], Number(p.toFixed(4))])))'
}

/** `example.mjs`: the same for Node. */
export function scriptExample(run: ExampleRun, isInParts: boolean): string {
  const { problem, maxLength, padding, pairs, marks, answering } = run
  if (marks) return marksScriptExample(marks, isInParts)
  if (answering) return answeringScriptExample(answering, isInParts)
  const model = isInParts ? 'base.onnx' : 'model.onnx'
  const given = textsInScript(pairs)
  const fill = `{ padId: ${padding.id}, padToken: ${JSON.stringify(padding.token ?? '[PAD]')} }`
  const lines = [
    `// node example.mjs ${pairs ? 'TEXT SECOND-TEXT' : 'TEXT'} ...   (npm install onnxruntime-node @anush008/tokenizers)`,
    "import { readFileSync } from 'node:fs'",
    "import { Tokenizer } from '@anush008/tokenizers'",
    "import { InferenceSession, Tensor } from 'onnxruntime-node'",
    '',
    'const file = (name) => `${import.meta.dirname}/${name}`',
    ...(problem === 'regression' ? [] : ["const { id2label } = JSON.parse(readFileSync(file('config.json'), 'utf8'))"]),
    "const tokenizer = Tokenizer.fromString(readFileSync(file('tokenizer.json'), 'utf8'))",
    `tokenizer.setTruncation(${maxLength})`,
    ...(pairs ? [] : [`tokenizer.setPadding(${fill})`]),
    `const session = await InferenceSession.create(file('${model}'))`,
    ...(isInParts
      ? [
          '// Any number of adapters can be read like this one, beside one loaded base.',
          "const adapter = await (await InferenceSession.create(file('adapter.onnx'))).run({})"
        ]
      : []),
    ...given,
    ...(pairs
      ? [
          'const encoded = await Promise.all(texts.map(([text, second]) => tokenizer.encode(text, second)))',
          'const longest = Math.max(...encoded.map((e) => e.getLength()))',
          `for (const e of encoded) e.pad(longest, ${fill})`
        ]
      : ['const encoded = await tokenizer.encodeBatch(texts)']),
    "const fields = { input_ids: 'getIds', attention_mask: 'getAttentionMask', token_type_ids: 'getTypeIds' }",
    'const shape = [texts.length, encoded[0].getLength()]',
    "const tensor = (name) => new Tensor('int64', BigInt64Array.from(encoded.flatMap((e) => e[fields[name]]()), BigInt), shape)",
    `const names = session.inputNames${isInParts ? '.filter((name) => name in fields)' : ''}`,
    'const feeds = Object.fromEntries(names.map((name) => [name, tensor(name)]))',
    `const { logits } = await session.run(${isInParts ? '{ ...adapter, ...feeds }' : 'feeds'})`,
    ...(problem === 'single_label_classification'
      ? ['const softmax = (row) => row.map((x) => 1 / row.reduce((sum, y) => sum + Math.exp(y - x), 0))']
      : []),
    'for (const [i, text] of texts.entries()) {',
    '  const row = [...logits.data.slice(i * logits.dims[1], (i + 1) * logits.dims[1])]',
    SCRIPT_ANSWERS[problem] ?? '',
    '}'
  ]
  return `${lines.join('\n')}\n`
}

const textsInScript = (pairs: boolean): readonly string[] =>
  pairs
    ? [
        'const words = process.argv.length > 3 ? process.argv.slice(2) : ["One text.", "Another text."]',
        'const texts = words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? ""]] : []))'
      ]
    : ['const texts = process.argv.length > 2 ? process.argv.slice(2) : ["A text."]']
