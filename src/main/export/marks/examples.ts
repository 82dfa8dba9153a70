import type { MarksFile } from './marks-file.ts'

const PARTS_PYTHON = [
  '# Any number of adapters can be read like this one, beside one loaded base.',
  'part = ort.InferenceSession(here / "adapter.onnx")',
  'adapter = dict(zip([o.name for o in part.get_outputs()], part.run(None, {})))'
]

/** The stretches that carry a tag, [start, end, token]: words by their first token, or all tokens. */
const UNITS_PYTHON: Readonly<Record<MarksFile['labelled'], readonly string[]>> = {
  first: [
    '    words = [m.span() for m in regex.finditer(marks["word"], text)]',
    '    for token, (start, end) in spans:',
    '        own = next((w for w in words if w[1] > start), (start, end))',
    '        if units and start < units[-1][1]:',
    '            units[-1][1] = max(units[-1][1], end)',
    '        else:',
    '            units.append([max(units[-1][1] if units else 0, min(own[0], start)), max(own[1], end), token])'
  ],
  all: ['    units = [[start, end, token] for token, (start, end) in spans]']
}

/** `example.py`: prints the passages of texts given on the command line. `isInParts`: the adapter lies in a file of its own. */
export function marksPythonExample(marks: MarksFile, isInParts: boolean): string {
  const packages = marks.labelled === 'first' ? 'onnxruntime tokenizers numpy regex' : 'onnxruntime tokenizers numpy'
  const lines = [
    `# python example.py TEXT ...   (pip install ${packages})`,
    'import json, pathlib, sys',
    `import numpy as np, onnxruntime as ort${marks.labelled === 'first' ? ', regex' : ''}`,
    'from tokenizers import Tokenizer',
    '',
    'here = pathlib.Path(__file__).parent',
    'marks = json.loads((here / "marks.json").read_text(encoding="utf-8"))',
    'tags, steps = marks["tags"], {k: np.array(v) for k, v in marks["transitions"].items()}',
    'tokenizer = Tokenizer.from_file(str(here / "tokenizer.json"))',
    'tokenizer.enable_truncation(marks["max_length"])  # what is longer is cut: give it paragraph by paragraph',
    `session = ort.InferenceSession(here / "${isInParts ? 'base.onnx' : 'model.onnx'}")`,
    ...(isInParts ? PARTS_PYTHON : []),
    'fields = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}',
    `names = [i.name for i in session.get_inputs()${isInParts ? ' if i.name in fields' : ''}]`,
    '',
    'def units_of(text, offsets):',
    '    trimmed = [(a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())) for a, b in offsets]',
    '    spans, units = [(token, span) for token, span in enumerate(trimmed) if span[0] < span[1]], []',
    ...UNITS_PYTHON[marks.labelled],
    '    return units',
    '',
    'def viterbi(scores):',
    '    total, back = scores[0] + steps["start"], []',
    '    for row in scores[1:]:',
    '        ways = total[:, None] + steps["between"]',
    '        back.append(ways.argmax(0))',
    '        total = ways.max(0) + row',
    '    path = [int((total + steps["end"]).argmax())]',
    '    for step in reversed(back):',
    '        path.append(int(step[path[-1]]))',
    '    return path[::-1]',
    '',
    'for text in sys.argv[1:] or ["A text."]:',
    '    encoded = tokenizer.encode(text)',
    '    feeds = {n: np.array([getattr(encoded, fields[n])], dtype=np.int64) for n in names}',
    `    logits = session.run(["logits"], ${isInParts ? 'feeds | adapter' : 'feeds'})[0][0].astype(np.float64)`,
    '    units, found, before = units_of(text, encoded.offsets), [], "O"',
    '    path = viterbi(logits[[token for _, _, token in units]]) if units else []',
    '    for (start, end, token), tag in zip(units, path):',
    ...(marks.crf
      ? []
      : [
          '        p = np.exp((logits[token] - logits[token].max()) / marks["temperature"])',
          '        p = float(p[tag] / p.sum())'
        ]),
    '        name = tags[tag]',
    '        if name != "O" and (name[0] in "BU" or before[0] in "OLU" or name[2:] != before[2:]):',
    `            found.append({"start": start, "end": end, "kind": name[2:]${marks.crf ? '' : ', "score": p'}})`,
    '        elif name != "O":',
    marks.crf ? '            found[-1]["end"] = end' : '            found[-1].update(end=end, score=min(p, found[-1]["score"]))',
    '        before = name',
    '    print(json.dumps([{**m, "text": text[m["start"]:m["end"]]} for m in found], ensure_ascii=False))'
  ]
  return `${lines.join('\n')}\n`
}

const PARTS_SCRIPT = [
  '// Any number of adapters can be read like this one, beside one loaded base.',
  "const adapter = await (await InferenceSession.create(file('adapter.onnx'))).run({})"
]

const UNITS_SCRIPT: Readonly<Record<MarksFile['labelled'], readonly string[]>> = {
  first: [
    "  const words = [...text.matchAll(new RegExp(marks.word, 'gu'))].map((m) => [m.index, m.index + m[0].length])",
    '  for (const { start, end, token } of spans) {',
    '    const last = units.at(-1)',
    '    const own = words.find((word) => word[1] > start) ?? [start, end]',
    '    if (last && start < last.end) last.end = Math.max(last.end, end)',
    '    else units.push({ start: Math.max(last?.end ?? 0, Math.min(own[0], start)), end: Math.max(own[1], end), token })',
    '  }'
  ],
  all: ['  units.push(...spans)']
}

/** `example.mjs`: the same for Node; its offsets count as JavaScript does (UTF-16). */
export function marksScriptExample(marks: MarksFile, isInParts: boolean): string {
  const lines = [
    '// node example.mjs TEXT ...   (npm install onnxruntime-node @anush008/tokenizers)',
    "import { readFileSync } from 'node:fs'",
    "import { Tokenizer } from '@anush008/tokenizers'",
    "import { InferenceSession, Tensor } from 'onnxruntime-node'",
    '',
    'const file = (name) => `${import.meta.dirname}/${name}`',
    "const marks = JSON.parse(readFileSync(file('marks.json'), 'utf8'))",
    'const { tags, transitions } = marks',
    "const tokenizer = Tokenizer.fromString(readFileSync(file('tokenizer.json'), 'utf8'))",
    'tokenizer.setTruncation(marks.max_length) // what is longer is cut: give it paragraph by paragraph',
    `const session = await InferenceSession.create(file('${isInParts ? 'base.onnx' : 'model.onnx'}'))`,
    ...(isInParts ? PARTS_SCRIPT : []),
    "const fields = { input_ids: 'getIds', attention_mask: 'getAttentionMask', token_type_ids: 'getTypeIds' }",
    `const names = session.inputNames${isInParts ? '.filter((name) => name in fields)' : ''}`,
    '',
    'function unitsOf(text, offsets) {',
    '  const place = [0] // offsets count characters, JavaScript UTF-16 units',
    '  for (const character of text) place.push(place.at(-1) + character.length)',
    '  const spans = offsets.map(([from, to], token) => {',
    '    const own = text.slice(place[from], place[to])',
    '    const start = place[from] + own.length - own.trimStart().length',
    '    return { start, end: place[from] + own.trimEnd().length, token }',
    '  }).filter(({ start, end }) => start < end)',
    '  const units = []',
    ...UNITS_SCRIPT[marks.labelled],
    '  return units',
    '}',
    '',
    'const best = (values) => values.reduce((most, value, i) => (value > values[most] ? i : most), 0)',
    'function viterbi(scores) {',
    '  const back = []',
    '  let total = scores[0].map((score, tag) => score + transitions.start[tag])',
    '  for (const row of scores.slice(1)) {',
    '    const from = row.map((_, tag) => best(total.map((score, i) => score + transitions.between[i][tag])))',
    '    total = row.map((score, tag) => total[from[tag]] + transitions.between[from[tag]][tag] + score)',
    '    back.unshift(from)',
    '  }',
    '  const path = [best(total.map((score, tag) => score + transitions.end[tag]))]',
    '  for (const from of back) path.unshift(from[path[0]])',
    '  return path',
    '}',
    '',
    "for (const text of process.argv.length > 2 ? process.argv.slice(2) : ['A text.']) {",
    '  const encoded = await tokenizer.encode(text)',
    '  const shape = [1, encoded.getLength()]',
    "  const tensor = (name) => new Tensor('int64', BigInt64Array.from(encoded[fields[name]](), BigInt), shape)",
    '  const feeds = Object.fromEntries(names.map((name) => [name, tensor(name)]))',
    `  const { logits } = await session.run(${isInParts ? '{ ...adapter, ...feeds }' : 'feeds'})`,
    '  const rowOf = (token) => [...logits.data.slice(token * tags.length, (token + 1) * tags.length)]',
    '  const units = unitsOf(text, encoded.getOffsets())',
    '  const path = units.length > 0 ? viterbi(units.map(({ token }) => rowOf(token))) : []',
    '  const found = []',
    "  let before = 'O'",
    '  for (const [i, { start, end, token }] of units.entries()) {',
    '    const name = tags[path[i]]',
    ...(marks.crf
      ? []
      : [
          '    const row = rowOf(token)',
          '    const score = 1 / row.reduce((sum, x) => sum + Math.exp((x - row[path[i]]) / marks.temperature), 0)'
        ]),
    "    const isNew = 'BU'.includes(name[0]) || 'OLU'.includes(before[0]) || name.slice(2) !== before.slice(2)",
    `    if (name !== 'O' && isNew) found.push({ start, end, kind: name.slice(2)${marks.crf ? '' : ', score'} })`,
    marks.crf
      ? "    else if (name !== 'O') found.at(-1).end = end"
      : "    else if (name !== 'O') Object.assign(found.at(-1), { end, score: Math.min(score, found.at(-1).score) })",
    '    before = name',
    '  }',
    '  console.log(JSON.stringify(found.map((m) => ({ ...m, text: text.slice(m.start, m.end) }))))',
    '}'
  ]
  return `${lines.join('\n')}\n`
}
