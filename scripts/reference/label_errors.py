"""Confident learning by cleanlab 2.7.1: test/fixtures/metrics/label-errors.json.

    pip install cleanlab==2.7.1
    python scripts/reference/label_errors.py

Probabilities are drawn, not learned: a softmax of noise and of a true class, of which some labels are exchanged. Every class has rows, as cleanlab
wants it. Numbers have nine decimals, and cleanlab reads them as they are stored.
"""

import json
from pathlib import Path

import cleanlab
import numpy as np
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues


def case(seed, rows, classes, noise, strength, prior=None):
    draw = np.random.default_rng(seed)
    true = draw.choice(classes, rows, p=prior)
    labels = np.where(draw.random(rows) < noise, draw.integers(0, classes, rows), true)
    labels[:classes] = np.arange(classes)
    logits = draw.normal(0, 1, (rows, classes)) + strength * np.eye(classes)[true]
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    probabilities = probabilities.round(9)
    issues = find_label_issues(
        labels, probabilities, filter_by="confident_learning", return_indices_ranked_by="self_confidence", n_jobs=1
    )
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "thresholds": get_confident_thresholds(labels, probabilities).tolist(),
        "joint": compute_confident_joint(labels, probabilities, calibrate=False).tolist(),
        "issues": issues.tolist(),
    }


cases = [
    case(1, 60, 2, 0.2, 2.0),
    case(2, 150, 3, 0.15, 2.5),
    case(3, 200, 5, 0.3, 1.5),
    case(4, 120, 3, 0.1, 3.0, [0.8, 0.15, 0.05]),
    case(5, 80, 4, 0.0, 0.2),
]
out = Path(__file__).parents[2] / "test/fixtures/metrics/label-errors.json"
out.write_text(json.dumps({"made_by": f"scripts/reference/label_errors.py, cleanlab {cleanlab.__version__}", "cases": cases}) + "\n")
print([len(each["issues"]) for each in cases])
