"""Opens an export of `attune export --format huggingface` in transformers and compares its logits with Attune's.

    python scripts/reference/export_huggingface.py EXPORT DATA.csv ANSWERS.jsonl [PAIR_COLUMN]

ANSWERS are what `attune predict RUN --data DATA.csv --out ANSWERS.jsonl` wrote from the run itself, not from the export; of a regression the answers in
the data's unit are compared. Prints one JSON line; ends with 1 where a logit differs by more than the element type allows, relative to the largest.
"""

import csv
import json
import sys

import torch
import transformers
from transformers import AutoModelForSequenceClassification, AutoTokenizer

ALLOWED = {"float32": 1e-5, "float16": 2e-2, "bfloat16": 1e-1}


def reading_of(folder: str) -> dict:
    entries = json.load(open(f"{folder}/manifest.json"))["entries"]
    return next(entry for entry in entries if entry["kind"] == "reading")


def labels_of(logits, reading, names):
    """What is said of each row, as the manifest's reading has it."""
    if reading["problem"] == "regression":
        return [None] * len(logits)
    if reading["problem"] == "single_label_classification":
        return [names[int(i)] for i in logits.argmax(-1)]
    temperatures = torch.tensor(reading["calibration"]["temperatures"])
    said = torch.sigmoid(logits / temperatures) >= torch.tensor(reading["calibration"]["thresholds"])
    return [[name for name, is_said in zip(names, row) if is_said] for row in said.tolist()]


def main(folder: str, data: str, answers: str, pair: str | None = None) -> int:
    reading = reading_of(folder)
    config = json.load(open(f"{folder}/config.json"))
    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval().float()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    table = list(csv.DictReader(open(data, newline="")))
    texts = [row["text"] for row in table]
    pairs = [row[pair] for row in table] if pair else None
    rows = [json.loads(line) for line in open(answers)]
    is_regression = reading["problem"] == "regression"
    ours = torch.tensor([[row["label"]] if is_regression else row["logits"] for row in rows])
    batch = tokenizer(texts, pairs, padding=True, truncation=True, max_length=reading["max_length"], return_tensors="pt")
    with torch.no_grad():
        theirs = model(**batch).logits
    labels = labels_of(theirs, reading, list(model.config.id2label.values()))
    difference = float((ours - theirs).abs().max() / ours.abs().max())
    result = {
        "class": type(model).__name__,
        "problem": reading["problem"],
        "pairs": pair is not None,
        "dtype": config["torch_dtype"],
        "rows": len(texts),
        "largest_relative_difference": difference,
        "same_labels": None if is_regression else sum(a == b["label"] for a, b in zip(labels, rows)),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }
    print(json.dumps(result))
    return 0 if difference <= ALLOWED[config["torch_dtype"]] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
