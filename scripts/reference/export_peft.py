"""Loads an export of `attune export --format peft` onto its base model with peft and compares its logits with Attune's.

    python scripts/reference/export_peft.py EXPORT BASE_MODEL DATA.csv ANSWERS.jsonl

ANSWERS are what `attune predict RUN --data DATA.csv --out ANSWERS.jsonl` wrote. Prints one JSON line; ends with 1 where a logit differs by more than
1e-5 of the largest, or where peft found tensors missing or left over.
"""

import csv
import json
import sys
import warnings

import peft
import torch
import transformers
from peft import PeftModel, get_peft_model_state_dict
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def main(folder: str, base: str, data: str, answers: str) -> int:
    rows = [json.loads(line) for line in open(answers)]
    ours = torch.tensor([row["logits"] for row in rows])
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=ours.shape[1], attn_implementation="eager")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = PeftModel.from_pretrained(model, folder).eval()
    missing = [str(each.message) for each in caught if "missing" in str(each.message)]
    stored = load_file(f"{folder}/adapter_model.safetensors")
    # With bias="all" peft keeps the biases of replaced modules, and those of the new ones twice.
    repeated = (".original_module.", ".modules_to_save.")
    held = {name: value for name, value in get_peft_model_state_dict(model).items() if not any(part in name for part in repeated)}
    equal = stored.keys() == held.keys() and all(torch.equal(stored[name], held[name]) for name in stored)
    tokenizer = AutoTokenizer.from_pretrained(base)
    texts = [row["text"] for row in csv.DictReader(open(data, newline=""))]
    with torch.no_grad():
        theirs = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits
    difference = float((ours - theirs).abs().max() / ours.abs().max())
    result = {
        "rows": len(texts),
        "tensors": len(stored),
        "tensors_equal": equal,
        "largest_relative_difference": difference,
        "missing": missing,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "peft": peft.__version__,
    }
    print(json.dumps(result))
    return 0 if difference <= 1e-5 and equal and not missing else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
