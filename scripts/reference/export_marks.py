"""Opens an export of a run that marks passages in the Python library that it is meant for, and compares logits and passages with Attune's.

    python scripts/reference/export_marks.py EXPORT ANSWERS.json [BASE_MODEL]

ANSWERS are what the run itself says (scripts/lib/mark-answers.mjs): of each text the places of the tokens that are asked, their logits, and the passages
in Unicode code points. BASE_MODEL: that of an adapter. A folder for transformers is opened by AutoModelForTokenClassification, an adapter by peft, ONNX by
onnxruntime; passages are read as marks.json says, and of ONNX by the example that lies in the folder, too. Prints one JSON line; ends with 1 where a logit
differs by more than the element type allows, relative to the largest, or where fp32 finds another passage.
"""

import json
import os
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
import peft
import regex
import torch
import transformers
from tokenizers import Tokenizer
from transformers import AutoModelForTokenClassification, AutoTokenizer

ALLOWED = {"fp32": 1e-5, "fp16": 2e-2, "bf16": 1e-1}
FIELDS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}


def entry_of(folder: str, kind: str) -> dict:
    entries = json.load(open(f"{folder}/manifest.json"))["entries"]
    return next(entry for entry in entries if entry["kind"] == kind)


def with_torch(folder: str, texts: list, tags: list, base: str | None):
    where = base or folder
    if base:
        # A base model may come with a head for another number of labels, which the adapter replaces.
        plain = AutoModelForTokenClassification.from_pretrained(
            base, num_labels=len(tags), attn_implementation="eager", ignore_mismatched_sizes=True
        )
        model = peft.PeftModel.from_pretrained(plain, folder)
        name = type(model).__name__
    else:
        model = AutoModelForTokenClassification.from_pretrained(folder, attn_implementation="eager").float()
        name = type(model).__name__
        assert [model.config.id2label[i] for i in range(len(tags))] == tags
    tokenizer = AutoTokenizer.from_pretrained(where)
    with torch.no_grad():
        logits = model.eval()(**tokenizer(texts, padding=True, return_tensors="pt")).logits.numpy()
    return name, logits


def with_onnx(folder: str, texts: list):
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    pad = json.load(open(f"{folder}/config.json")).get("pad_token_id", 0)
    tokenizer.enable_padding(pad_id=pad, pad_token=tokenizer.id_to_token(pad))
    encoded = tokenizer.encode_batch(texts)
    feeds = {name: np.array([getattr(each, field) for each in encoded], dtype=np.int64) for name, field in FIELDS.items()}
    is_apart = os.path.exists(f"{folder}/base.onnx")
    if is_apart:
        part = onnxruntime.InferenceSession(f"{folder}/adapter.onnx", providers=["CPUExecutionProvider"])
        feeds |= dict(zip([each.name for each in part.get_outputs()], part.run(None, {})))
    name = "base.onnx" if is_apart else "model.onnx"
    onnx.checker.check_model(f"{folder}/{name}")
    session = onnxruntime.InferenceSession(f"{folder}/{name}", providers=["CPUExecutionProvider"])
    return "InferenceSession", session.run(["logits"], {each.name: feeds[each.name] for each in session.get_inputs()})[0]


def viterbi(scores: np.ndarray, steps: dict) -> list:
    total, back = scores[0] + steps["start"], []
    for row in scores[1:]:
        ways = total[:, None] + steps["between"]
        back.append(ways.argmax(0))
        total = ways.max(0) + row
    path = [int((total + steps["end"]).argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]


def tags_of(logits: np.ndarray, marks: dict) -> list:
    steps = {name: np.array(values) for name, values in marks["transitions"].items()}
    return [marks["tags"][tag] for tag in viterbi(logits.astype(np.float64), steps)]


def by_example(folder: str, texts: list) -> list:
    said = subprocess.run([sys.executable, f"{folder}/example.py", *texts], capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in said.stdout.strip().split("\n")]
    return [[[each["start"], each["end"], each["kind"]] for each in marks] for marks in found]


def main(folder: str, answers: str, base: str | None = None) -> int:
    tools = entry_of(folder, "tools")
    marks = json.load(open(f"{folder}/marks.json"))
    ours = json.load(open(answers))
    texts = [each["text"] for each in ours]
    is_onnx = tools["format"].startswith("onnx")
    name, logits = with_onnx(folder, texts) if is_onnx else with_torch(folder, texts, marks["tags"], base)
    theirs = [row[each["places"]] for row, each in zip(logits, ours)]
    largest = max(float(np.abs(each["logits"]).max()) for each in ours)
    difference = max(float(np.abs(np.array(each["logits"]) - own).max()) for each, own in zip(ours, theirs)) / largest
    same = sum(tags_of(own, marks) == each["tags"] for own, each in zip(theirs, ours))
    passages = sum(len(each["passages"]) for each in ours)
    examples = sum(said == each["passages"] for said, each in zip(by_example(folder, texts), ours)) if is_onnx else None
    result = {
        "class": name,
        "format": tools["format"],
        "dtype": "fp16" if tools["format"] == "onnx-fp16" else tools["dtype"],
        "scheme": marks["scheme"],
        "crf": marks["crf"],
        "texts": len(texts),
        "words": sum(len(each["places"]) for each in ours),
        "passages": passages,
        "largest_relative_difference": difference,
        "texts_with_same_tags": same,
        "texts_the_example_reads_alike": examples,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "peft": peft.__version__,
        "onnxruntime": onnxruntime.__version__,
        "regex": regex.__version__,
    }
    print(json.dumps(result))
    is_exact = result["dtype"] != "fp32" or (same == len(texts) and examples in (None, len(texts)))
    return 0 if difference <= ALLOWED[result["dtype"]] and is_exact and passages > 0 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
