"""Reference values for the agreement of two people: scikit-learn's Cohen's kappa, and span F1 by seqeval and nervaluate.

Writes test/fixtures/agreement.json. Run from the repository's root:

    python scripts/reference/agreement.py
"""

import json
import pathlib
import random
import warnings
from importlib.metadata import version

import nervaluate
from seqeval import metrics
from seqeval.scheme import IOB2
from sklearn.metrics import cohen_kappa_score

warnings.filterwarnings("ignore")
draw = random.Random(11)
KINDS = ["DATE", "DOSE", "NAME"]


def kappa_case(rows, classes, likeness):
    first = [draw.randrange(classes) for _ in range(rows)]
    second = [one if draw.random() < likeness else draw.randrange(classes) for one in first]
    return {"classes": classes, "first": first, "second": second, "kappa": cohen_kappa_score(first, second)}


def spans_of(words):
    spans, at = [], draw.randrange(3)
    while at < words:
        end = min(words, at + 1 + draw.randrange(3))
        spans.append({"start": at, "end": end, "label": draw.choice(KINDS)})
        at = end + draw.randrange(4)
    return spans


def changed(spans, words):
    out = []
    for span in spans:
        chance = draw.random()
        if chance < 0.15:
            continue
        if chance < 0.3:
            span = {**span, "label": draw.choice(KINDS)}
        elif chance < 0.45:
            span = {**span, "end": min(words, span["end"] + 1)}
        if not out or span["start"] >= out[-1]["end"]:
            out.append(span)
    return out


def tags_of(spans, words):
    tags = ["O"] * words
    for span in spans:
        for at in range(span["start"], span["end"]):
            tags[at] = ("B-" if at == span["start"] else "I-") + span["label"]
    return tags


def span_case(documents):
    lengths = [10 + draw.randrange(20) for _ in range(documents)]
    first = [spans_of(words) for words in lengths]
    second = [changed(spans, words) for spans, words in zip(first, lengths)]
    tags = [[tags_of(each, words) for each, words in zip(spans, lengths)] for spans in (first, second)]
    strict = metrics.f1_score(tags[0], tags[1], mode="strict", scheme=IOB2)
    # nervaluate counts the end of a span as its last place.
    ends = [[[{**one, "end": one["end"] - 1} for one in each] for each in spans] for spans in (first, second)]
    evaluator = nervaluate.Evaluator(ends[0], ends[1], tags=KINDS)
    overlap = evaluator.evaluate()["overall"]["ent_type"]
    overlap = overlap["f1"] if isinstance(overlap, dict) else overlap.f1
    return {"first": first, "second": second, "strict": strict, "overlap": overlap}


result = {
    "versions": {package: version(package) for package in ("scikit-learn", "seqeval", "nervaluate")},
    "kappa": [kappa_case(40, 2, 0.8), kappa_case(60, 4, 0.5), kappa_case(25, 3, 1.0), kappa_case(200, 5, 0.0)],
    "spans": [span_case(1), span_case(6), span_case(20)],
}
pathlib.Path("test/fixtures/agreement.json").write_text(json.dumps(result) + "\n")
