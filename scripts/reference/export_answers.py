"""Opens an export of a run that answers questions in the Python library that it is meant for, and compares windows, scores and answers with Attune's.

    python scripts/reference/export_answers.py EXPORT ANSWERS.json [BASE_MODEL]

ANSWERS are what the run itself says (scripts/lib/question-answers.mjs): of each question about a text the windows that it reads, the scores of their tokens,
and the answer in Unicode code points. BASE_MODEL: that of an adapter. A folder for transformers is opened by AutoModelForQuestionAnswering and its tokenizer
cuts the windows (only_second), an adapter by peft, ONNX by onnxruntime; answers are read as answering.json says, and of ONNX by the example that lies in the
folder, too. Prints one JSON line; ends with 1 where a window or a score differs, relative to the largest, by more than the element type allows, or where fp32
finds another answer.
"""

import json
import os
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
import peft
import torch
import transformers
from tokenizers import Tokenizer
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

ALLOWED = {"fp32": 1e-5, "fp16": 2e-2, "bf16": 1e-1}
FIELDS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}


def entry_of(folder: str, kind: str) -> dict:
    entries = json.load(open(f"{folder}/manifest.json"))["entries"]
    return next(entry for entry in entries if entry["kind"] == kind)


def with_torch(folder: str, base: str | None, how: dict):
    """Says, of a question and a text, the windows: ids, scores [tokens, 2], and the place of each token of the text, null of all others."""
    if base:
        plain = AutoModelForQuestionAnswering.from_pretrained(base, num_labels=2, attn_implementation="eager", ignore_mismatched_sizes=True)
        adapted = peft.PeftModel.from_pretrained(plain, folder)
        name, model = type(adapted).__name__, adapted.merge_and_unload().eval()
    else:
        model = AutoModelForQuestionAnswering.from_pretrained(folder, attn_implementation="eager").float().eval()
        name = type(model).__name__
    tokenizer = AutoTokenizer.from_pretrained(base or folder)

    def windows(question: str, text: str) -> list:
        options = dict(max_length=how["max_length"], truncation="only_second", return_offsets_mapping=True)
        if how["stride"] > 0:
            options |= dict(stride=how["stride"], return_overflowing_tokens=True)
        cut = tokenizer([question], [text], **options)
        found = []
        for i, ids in enumerate(cut["input_ids"]):
            names = [key for key in ("input_ids", "attention_mask", "token_type_ids") if key in cut]
            with torch.no_grad():
                said = model(**{key: torch.tensor([cut[key][i]]) for key in names})
            scores = torch.stack([said.start_logits[0], said.end_logits[0]], -1).numpy()
            places = [place if of == 1 else None for place, of in zip(cut["offset_mapping"][i], cut.sequence_ids(i))]
            found.append((ids, scores, places))
        return found

    return name, windows


def with_onnx(folder: str, how: dict):
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.enable_truncation(how["max_length"], stride=how["stride"], strategy="only_second")
    is_apart = os.path.exists(f"{folder}/base.onnx")
    name = "base.onnx" if is_apart else "model.onnx"
    onnx.checker.check_model(f"{folder}/{name}")
    session = onnxruntime.InferenceSession(f"{folder}/{name}", providers=["CPUExecutionProvider"])
    adapter = {}
    if is_apart:
        part = onnxruntime.InferenceSession(f"{folder}/adapter.onnx", providers=["CPUExecutionProvider"])
        adapter = dict(zip([each.name for each in part.get_outputs()], part.run(None, {})))

    def windows(question: str, text: str) -> list:
        first = tokenizer.encode(question, text)
        found = []
        for each in [first, *(first.overflowing if how["stride"] > 0 else [])]:
            feeds = {key: np.array([getattr(each, field)], dtype=np.int64) for key, field in FIELDS.items()} | adapter
            said = session.run(["start_logits", "end_logits"], {one.name: feeds[one.name] for one in session.get_inputs()})
            places = [place if of == 1 else None for place, of in zip(each.offsets, each.sequence_ids)]
            found.append((each.ids, np.stack([said[0][0], said[1][0]], -1), places))
        return found

    return "InferenceSession", windows


def answer_of(windows: list, text: str, how: dict):
    found, none = [], np.inf
    for _, scores, places in windows:
        start, end = scores.astype(np.float64).T
        none = min(none, start[0] + end[0])
        for i in np.argsort(-start)[: how["n_best"]]:
            for j in np.argsort(-end)[: how["n_best"]]:
                if places[i] and places[j] and i <= j < i + how["max_answer_length"]:
                    found.append((start[i] + end[j], places[i][0], places[j][1]))
    if not found or (how["threshold"] is not None and none - max(found)[0] > how["threshold"]):
        return None
    _, a, b = max(found, key=lambda each: each[0])
    return [a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())]


def by_example(folder: str, asked: list) -> list:
    found = []
    for each in asked:
        words = [sys.executable, f"{folder}/example.py", each["text"], each["question"]]
        said = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)["answer"]
        found.append(said and [said["start"], said["end"]])
    return found


# A process each: a few stand for all.
EXAMPLES = 8


def main(folder: str, answers: str, base: str | None = None) -> int:
    tools = entry_of(folder, "tools")
    how = json.load(open(f"{folder}/answering.json"))
    ours = json.load(open(answers))
    is_onnx = tools["format"].startswith("onnx")
    name, windows_of = with_onnx(folder, how) if is_onnx else with_torch(folder, base, how)
    theirs = [windows_of(each["question"], each["text"]) for each in ours]
    alike = sum([w["ids"] for w in each["windows"]] == [list(ids) for ids, _, _ in own] for each, own in zip(ours, theirs))
    pairs = [(np.array(w["scores"]), scores) for each, own in zip(ours, theirs) for w, (_, scores, _) in zip(each["windows"], own)]
    largest = max(float(np.abs(mine).max()) for mine, _ in pairs)
    difference = max(float(np.abs(mine - scores).max()) for mine, scores in pairs) / largest if alike == len(ours) else float("nan")
    same = sum(answer_of(own, each["text"], how) == each["answer"] for own, each in zip(theirs, ours))
    shown = ours[:: max(1, len(ours) // EXAMPLES)]
    examples = sum(said == each["answer"] for said, each in zip(by_example(folder, shown), shown)) if is_onnx else None
    given = sum(each["answer"] is not None for each in ours)
    result = {
        "class": name,
        "format": tools["format"],
        "dtype": "fp16" if tools["format"] == "onnx-fp16" else tools["dtype"],
        "questions": len(ours),
        "windows": sum(len(each["windows"]) for each in ours),
        "questions_with_the_same_windows": alike,
        "answers": given,
        "largest_relative_difference": difference,
        "same_answers": same,
        "asked_of_the_example": len(shown) if is_onnx else None,
        "the_example_answers_alike": examples,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "peft": peft.__version__,
        "onnxruntime": onnxruntime.__version__,
    }
    print(json.dumps(result))
    is_exact = result["dtype"] != "fp32" or (same == len(ours) and examples in (None, len(shown)))
    return 0 if difference <= ALLOWED[result["dtype"]] and is_exact and 0 < given < len(ours) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
