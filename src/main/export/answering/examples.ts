import type { AnsweringFile } from './answering-file.ts'

const PARTS_PYTHON = [
  '# Any number of adapters can be read like this one, beside one loaded base.',
  'part = ort.InferenceSession(here / "adapter.onnx")',
  'adapter = dict(zip([o.name for o in part.get_outputs()], part.run(None, {})))'
]

/** What is asked where nobody asks: the run's own questions in their first wording. */
const ownInPython = ({ questions }: AnsweringFile): string =>
  questions ? '[wordings[0] for wordings in how["questions"].values()]' : '["What is it about?"]'

/** `example.py`: prints the answers that a text has to questions, all given on the command line. `isInParts`: the adapter lies in a file of its own. */
export function answeringPythonExample(how: AnsweringFile, isInParts: boolean): string {
  const windows = how.stride > 0
  const cut = windows
    ? `how["max_length"], stride=how["stride"], strategy="only_second"`
    : 'how["max_length"], strategy="only_second"'
  const lines = [
    `# python example.py TEXT [QUESTION ...]   (pip install onnxruntime tokenizers numpy)`,
    'import json, pathlib, sys',
    'import numpy as np, onnxruntime as ort',
    'from tokenizers import Tokenizer',
    '',
    'here = pathlib.Path(__file__).parent',
    'how = json.loads((here / "answering.json").read_text(encoding="utf-8"))',
    'tokenizer = Tokenizer.from_file(str(here / "tokenizer.json"))',
    `tokenizer.enable_truncation(${cut})`,
    `session = ort.InferenceSession(here / "${isInParts ? 'base.onnx' : 'model.onnx'}")`,
    ...(isInParts ? PARTS_PYTHON : []),
    'fields = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}',
    `names = [i.name for i in session.get_inputs()${isInParts ? ' if i.name in fields' : ''}]`,
    'text = sys.argv[1] if len(sys.argv) > 1 else "A text."',
    `for question in sys.argv[2:] or ${ownInPython(how)}:`,
    '    window, found, none = tokenizer.encode(question, text), [], np.inf',
    `    for w in [window${windows ? ', *window.overflowing' : ''}]:`,
    '        feeds = {n: np.array([getattr(w, fields[n])], dtype=np.int64) for n in names}',
    `        start, end = (s[0].astype(np.float64) for s in session.run(["start_logits", "end_logits"], ${isInParts ? 'feeds | adapter' : 'feeds'}))`,
    '        none = min(none, start[0] + end[0])  # the first token stands for "no answer"',
    '        for i in np.argsort(-start)[: how["n_best"]]:',
    '            for j in np.argsort(-end)[: how["n_best"]]:',
    '                if w.sequence_ids[i] == w.sequence_ids[j] == 1 and i <= j < i + how["max_answer_length"]:',
    '                    found.append((start[i] + end[j], w.offsets[i][0], w.offsets[j][1]))',
    '    found = sorted(found, key=lambda each: -each[0])[: how["n_best"]]',
    '    if not found or (how["threshold"] is not None and none - found[0][0] > how["threshold"]):',
    '        print(json.dumps({"question": question, "answer": None}, ensure_ascii=False))',
    '        continue',
    '    best, a, b = found[0]',
    '    a, b = a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())',
    '    score = 1 / sum(np.exp(logit - best) for logit in [none, *(each[0] for each in found)])',
    '    answer = {"start": a, "end": b, "text": text[a:b], "score": round(float(score), 4)}',
    '    print(json.dumps({"question": question, "answer": answer}, ensure_ascii=False))'
  ]
  return `${lines.join('\n')}\n`
}

const PARTS_SCRIPT = [
  '// Any number of adapters can be read like this one, beside one loaded base.',
  "const adapter = await (await InferenceSession.create(file('adapter.onnx'))).run({})"
]

const ownInScript = ({ questions }: AnsweringFile): string =>
  questions ? 'Object.values(how.questions).map(([wording]) => wording)' : "['What is it about?']"

/** `example.mjs`: the same for Node; its offsets count as JavaScript does (UTF-16). */
export function answeringScriptExample(how: AnsweringFile, isInParts: boolean): string {
  const windows = how.stride > 0
  const lines = [
    '// node example.mjs TEXT [QUESTION ...]   (npm install onnxruntime-node @anush008/tokenizers)',
    "import { readFileSync } from 'node:fs'",
    "import { Tokenizer } from '@anush008/tokenizers'",
    "import { InferenceSession, Tensor } from 'onnxruntime-node'",
    '',
    'const file = (name) => `${import.meta.dirname}/${name}`',
    "const how = JSON.parse(readFileSync(file('answering.json'), 'utf8'))",
    "const tokenizer = Tokenizer.fromString(readFileSync(file('tokenizer.json'), 'utf8'))",
    `tokenizer.setTruncation(how.max_length, { strategy: 'OnlySecond'${windows ? ', stride: how.stride' : ''} })`,
    `const session = await InferenceSession.create(file('${isInParts ? 'base.onnx' : 'model.onnx'}'))`,
    ...(isInParts ? PARTS_SCRIPT : []),
    "const fields = { input_ids: 'getIds', attention_mask: 'getAttentionMask', token_type_ids: 'getTypeIds' }",
    `const names = session.inputNames${isInParts ? '.filter((name) => name in fields)' : ''}`,
    "const [text = 'A text.', ...asked] = process.argv.slice(2)",
    'const place = [0] // offsets count characters, JavaScript UTF-16 units',
    'for (const character of text) place.push(place.at(-1) + character.length)',
    'const highest = (scores) => [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, how.n_best)',
    '',
    `for (const question of asked.length > 0 ? asked : ${ownInScript(how)}) {`,
    '  const window = await tokenizer.encode(question, text)',
    '  const found = []',
    '  let none = Infinity',
    `  for (const w of [window${windows ? ', ...window.getOverflowing()' : ''}]) {`,
    "    const tensor = (name) => new Tensor('int64', BigInt64Array.from(w[fields[name]](), BigInt), [1, w.getLength()])",
    '    const feeds = Object.fromEntries(names.map((name) => [name, tensor(name)]))',
    `    const { start_logits: s, end_logits: e } = await session.run(${isInParts ? '{ ...adapter, ...feeds }' : 'feeds'})`,
    '    const [start, end, of, offsets] = [s.data, e.data, w.getSequenceIds(), w.getOffsets()]',
    "    none = Math.min(none, start[0] + end[0]) // the first token stands for 'no answer'",
    '    for (const i of highest(start))',
    '      for (const j of highest(end))',
    '        if (of[i] === 1 && of[j] === 1 && i <= j && j < i + how.max_answer_length)',
    '          found.push({ logit: start[i] + end[j], from: place[offsets[i][0]], to: place[offsets[j][1]] })',
    '  }',
    '  const best = found.sort((a, b) => b.logit - a.logit).slice(0, how.n_best)',
    '  const isNone = best.length === 0 || (how.threshold !== null && none - best[0].logit > how.threshold)',
    '  const told = (answer) => console.log(JSON.stringify({ question, answer }))',
    '  if (isNone) {',
    '    told(null)',
    '    continue',
    '  }',
    '  const [{ logit, from, to }] = best',
    '  const words = text.slice(from, to)',
    '  const start = from + words.length - words.trimStart().length',
    '  const score = 1 / [none, ...best.map((each) => each.logit)].reduce((sum, x) => sum + Math.exp(x - logit), 0)',
    '  told({ start, end: start + words.trim().length, text: words.trim(), score: Number(score.toFixed(4)) })',
    '}'
  ]
  return `${lines.join('\n')}\n`
}
