"""Opens an export of `attune export --format huggingface` in transformers and compares its logits with Attune's.

    python scripts/reference/export_huggingface.py EXPORT DATA.csv ANSWERS.jsonl

ANSWERS are what `attune predict RUN --data DATA.csv --out ANSWERS.jsonl` wrote from the run itself, not from the export. Prints one JSON line;
ends with 1 where a logit differs by more than the element type allows, relative to the largest.
"""

import csv
import json
import sys

import torch
import transformers
from transformers import AutoModelForSequenceClassification, AutoTokenizer

ALLOWED = {"float32": 1e-5, "float16": 2e-2, "bfloat16": 1e-1}


def main(folder: str, data: str, answers: str) -> int:
    kind = json.load(open(f"{folder}/config.json"))["torch_dtype"]
    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval().float()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    texts = [row["text"] for row in csv.DictReader(open(data, newline=""))]
    rows = [json.loads(line) for line in open(answers)]
    ours = torch.tensor([row["logits"] for row in rows])
    with torch.no_grad():
        theirs = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits
    labels = [model.config.id2label[int(i)] for i in theirs.argmax(-1)]
    difference = float((ours - theirs).abs().max() / ours.abs().max())
    result = {
        "class": type(model).__name__,
        "dtype": kind,
        "rows": len(texts),
        "largest_relative_difference": difference,
        "same_labels": sum(a == b["label"] for a, b in zip(labels, rows)),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }
    print(json.dumps(result))
    return 0 if difference <= ALLOWED[kind] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
