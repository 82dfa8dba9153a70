"""Sets an export of `attune export --format onnx-int8` (or onnx-int4) beside the merged float model of the same run, in plain onnxruntime.

    python scripts/reference/export_onnx_int8.py EXPORT MERGED DATA.csv [TEXT LABEL]

DATA may hold rows that the run learned from: what is compared are two forms of one model, not how well it does. MERGED is what `--format huggingface` wrote from the run; transformers computes it in float32. TEXT and LABEL name the columns of DATA. Rows go through one
batch at a time, in the order of the file. Prints one JSON line; ends with 1 where macro-F1 lost more than the form allows (decision 0024).
"""

import csv
import json
import platform
import sys

import numpy
import onnxruntime
import tokenizers
import torch
import transformers

ALLOWED = {"int8": 0.02, "int4": 0.03}
BATCH = 16


def macro_f1(truth: numpy.ndarray, said: numpy.ndarray, classes: int) -> float:
    hit = [((truth == c) & (said == c)).sum() for c in range(classes)]
    return float(numpy.mean([2 * hit[c] / max(1, (truth == c).sum() + (said == c).sum()) for c in range(classes)]))


def main(folder: str, merged: str, data: str, text: str = "text", label: str = "label") -> int:
    entries = json.load(open(f"{folder}/manifest.json"))["entries"]
    fact = next(entry for entry in entries if entry["kind"] == "quantization")
    config = json.load(open(f"{folder}/config.json"))
    labels = [config["id2label"][str(i)] for i in range(len(config["id2label"]))]
    rows = [row for row in csv.DictReader(open(data, newline="")) if row[label] in labels]
    truth = numpy.array([labels.index(row[label]) for row in rows])

    tokenizer = tokenizers.Tokenizer.from_file(f"{folder}/tokenizer.json")
    reading = next(entry for entry in entries if entry["kind"] == "reading")
    tokenizer.enable_truncation(reading["max_length"])
    tokenizer.enable_padding(pad_id=config.get("pad_token_id") or 0)
    session = onnxruntime.InferenceSession(f"{folder}/model.onnx", providers=["CPUExecutionProvider"])
    names = {each.name for each in session.get_inputs()}
    model = transformers.AutoModelForSequenceClassification.from_pretrained(merged, attn_implementation="eager").eval().float()

    rounded, floats = [], []
    for start in range(0, len(rows), BATCH):
        encoded = tokenizer.encode_batch([row[text] for row in rows[start : start + BATCH]])
        feeds = {
            "input_ids": numpy.array([each.ids for each in encoded], numpy.int64),
            "attention_mask": numpy.array([each.attention_mask for each in encoded], numpy.int64),
            "token_type_ids": numpy.array([each.type_ids for each in encoded], numpy.int64),
        }
        feeds = {name: value for name, value in feeds.items() if name in names}
        rounded.append(session.run(["logits"], feeds)[0])
        with torch.no_grad():
            floats.append(model(**{name: torch.from_numpy(value) for name, value in feeds.items()}).logits.numpy())
    ours, theirs = numpy.concatenate(rounded), numpy.concatenate(floats)
    f1 = [macro_f1(truth, logits.argmax(-1), len(labels)) for logits in (theirs, ours)]
    flags = open("/proc/cpuinfo").read() if platform.system() == "Linux" else ""
    result = {
        "weights": fact["weights"],
        "activations": fact["activations"],
        "rows": len(rows),
        "macro_f1_float": f1[0],
        "macro_f1": f1[1],
        "lost": f1[0] - f1[1],
        "changed_rows": int((ours.argmax(-1) != theirs.argmax(-1)).sum()),
        "largest_logit_difference": float(numpy.abs(ours - theirs).max()),
        "largest_logit": float(numpy.abs(theirs).max()),
        "vnni": "avx512_vnni" in flags or "avx_vnni" in flags,
        "onnxruntime": onnxruntime.__version__,
        "transformers": transformers.__version__,
        "torch": torch.__version__,
    }
    print(json.dumps(result))
    return 0 if result["lost"] <= ALLOWED[fact["weights"]] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
