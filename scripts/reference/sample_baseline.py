"""How far words and word pairs get on the sample data: TF-IDF (1-2-grams) with a linear model, grouped 70/15/15 splits.

Usage: python scripts/reference/sample_baseline.py [FOLDER] [SPLITS]
FOLDER defaults to resources/sample/data. Where FILE.truth lies beside FILE (build-data.ts --truth), the score of an
oracle that knows the generator's plan is printed as well: label noise keeps it below 1.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score, r2_score
from sklearn.model_selection import GroupShuffleSplit

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "resources" / "sample" / "data"
splits = int(sys.argv[2]) if len(sys.argv) > 2 else 4


def load(name):
    with open(folder / name, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    truth_file = folder / f"{name}.truth"
    truths = truth_file.read_text().splitlines() if truth_file.exists() else [row[2] for row in rows]
    kept = [(*row, truth) for row, truth in zip(rows, truths) if row[2] != ""]
    return [np.array(column) for column in zip(*kept)]


def parts(groups, seed):
    rest, test = next(GroupShuffleSplit(1, test_size=0.15, random_state=seed).split(groups, groups=groups))
    train, validation = next(GroupShuffleSplit(1, test_size=0.15 / 0.85, random_state=seed).split(rest, groups=groups[rest]))
    return rest[train], rest[validation], test


def score(name, is_number):
    groups, texts, labels, truths = load(name)
    if is_number:
        labels, truths = labels.astype(float), truths.astype(float)
    measure = r2_score if is_number else lambda a, b: f1_score(a, b, average="macro")
    found, oracle = [], []
    for seed in range(splits):
        train, validation, test = parts(groups, seed)
        vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1).fit(texts[train])
        x = [vectors.transform(texts[part]) for part in (train, validation, test)]
        strengths = [0.1, 0.3, 1, 3, 10] if is_number else [3, 30]
        models = [(Ridge(alpha=s) if is_number else LogisticRegression(C=s, max_iter=300, tol=1e-3)).fit(x[0], labels[train]) for s in strengths]
        best = max(models, key=lambda model: measure(labels[validation], model.predict(x[1])))
        found.append(measure(labels[test], best.predict(x[2])))
        oracle.append(measure(labels[test], truths[test]))
    counts = "" if is_number else str(dict(zip(*map(list, np.unique(labels, return_counts=True)))))
    words = [len(text.split()) for text in texts]
    print(f"{name}: {len(texts)} rows, {len(set(groups))} groups, {len(set(texts))} distinct, words {min(words)}-{int(np.median(words))}-{max(words)} {counts}")
    print(f"  {'R2' if is_number else 'macro-F1'} baseline {np.mean(found):.3f} +- {np.std(found):.3f}, oracle {np.mean(oracle):.3f}")


score("clinical-letters.csv", False)
score("contract-clauses.csv", False)
score("satisfaction.csv", True)
