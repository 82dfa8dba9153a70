"""Runs an export of `attune export --format onnx | onnx-fp16 | onnx-parts` in onnxruntime's CPU provider, and compares its logits with those of the same
run's merged model in transformers and with those that Attune itself got through the exported files.

    python scripts/reference/export_onnx.py EXPORT MERGED DATA.csv ANSWERS.jsonl [PAIR_COLUMN]

MERGED is what `attune export --format huggingface` wrote of the run; ANSWERS what `attune predict EXPORT --data DATA.csv --out ANSWERS.jsonl` wrote. The
tokenizer is read from EXPORT, by the package tokenizers alone. Prints one JSON line; ends with 1 where a logit differs by more than the form allows,
relative to the largest.
"""

import csv
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
import tokenizers
import torch
import transformers
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification

ALLOWED = {"onnx": 1e-5, "onnx-parts": 1e-5, "onnx-fp16": 2e-2}
FIELDS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}


def entry_of(folder: str, kind: str) -> dict:
    entries = json.load(open(f"{folder}/manifest.json"))["entries"]
    return next(entry for entry in entries if entry["kind"] == kind)


def logits_of(folder: str, feeds: dict) -> np.ndarray:
    if not os.path.exists(f"{folder}/base.onnx"):
        onnx.checker.check_model(f"{folder}/model.onnx")
        session = onnxruntime.InferenceSession(f"{folder}/model.onnx", providers=["CPUExecutionProvider"])
        return session.run(["logits"], {name: feeds[name] for name in (each.name for each in session.get_inputs())})[0]
    onnx.checker.check_model(f"{folder}/base.onnx")
    onnx.checker.check_model(f"{folder}/adapter.onnx")
    part = onnxruntime.InferenceSession(f"{folder}/adapter.onnx", providers=["CPUExecutionProvider"])
    adapter = dict(zip([each.name for each in part.get_outputs()], part.run(None, {})))
    base = onnxruntime.InferenceSession(f"{folder}/base.onnx", providers=["CPUExecutionProvider"])
    given = feeds | adapter
    return base.run(["logits"], {name: given[name] for name in (each.name for each in base.get_inputs())})[0]


def main(folder: str, merged: str, data: str, answers: str, pair: str | None = None) -> int:
    reading, tools = entry_of(folder, "reading"), entry_of(folder, "tools")
    table = list(csv.DictReader(open(data, newline="")))
    texts = [(row["text"], row[pair]) for row in table] if pair else [row["text"] for row in table]
    rows = [json.loads(line) for line in open(answers)]
    ours = np.array([[row["label"]] if reading["problem"] == "regression" else row["logits"] for row in rows])
    model = AutoModelForSequenceClassification.from_pretrained(merged, attn_implementation="eager").eval().float()
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.enable_truncation(reading["max_length"])
    pad = model.config.pad_token_id
    tokenizer.enable_padding(pad_id=pad, pad_token=tokenizer.id_to_token(pad))
    encoded = tokenizer.encode_batch(texts)
    feeds = {name: np.array([getattr(each, field) for each in encoded], dtype=np.int64) for name, field in FIELDS.items()}
    found = logits_of(folder, feeds)
    known = {name: torch.from_numpy(value) for name, value in feeds.items()}
    if getattr(model.config, "type_vocab_size", 1) < 2:
        del known["token_type_ids"]
    with torch.no_grad():
        theirs = model(**known).logits.numpy()
    largest = float(np.abs(theirs).max())
    from_transformers = float(np.abs(found - theirs).max() / largest)
    from_attune = float(np.abs(found - ours).max() / largest)
    result = {
        "class": type(model).__name__,
        "problem": reading["problem"],
        "pairs": pair is not None,
        "format": tools["format"],
        "rows": len(texts),
        "from_transformers": from_transformers,
        "from_attune": from_attune,
        "same_answers": int((found.argmax(-1) == theirs.argmax(-1)).sum()),
        "onnxruntime": onnxruntime.__version__,
        "attune_onnxruntime": tools["onnxruntime"],
        "tokenizers": tokenizers.__version__,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }
    print(json.dumps(result))
    return 0 if max(from_transformers, from_attune) <= ALLOWED[tools["format"]] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
