"""Writes test/fixtures/metrics/*.json: the values of scikit-learn and scipy that src/main/engine/evaluation is held to.

Run: python scripts/reference/metrics.py   (needs numpy, scikit-learn, scipy, regex)
"""

import json
import unicodedata
import warnings
from pathlib import Path

import numpy as np
import regex
from scipy import optimize, sparse, special, stats
from sklearn import metrics
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
FOLDER = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "metrics"
BINS = 15


def plain(value):
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) else float(value)
    return value.item() if isinstance(value, np.generic) else value


def write(name, value):
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(plain(value), separators=(",", ":"), ensure_ascii=False) + "\n")


def ece(probability, truth):
    """Share-weighted gap between mean probability and frequency over (i/15, (i+1)/15]."""
    probability, truth = np.asarray(probability, float), np.asarray(truth, float)
    bins = np.clip(np.ceil(probability * BINS).astype(int) - 1, 0, BINS - 1)
    total = 0.0
    for b in range(BINS):
        here = bins == b
        if here.any():
            total += here.mean() * abs(probability[here].mean() - truth[here].mean())
    return total


def averages(y, predicted):
    out = {}
    for average in ["macro", "micro", "weighted"]:
        p, r, f, _ = metrics.precision_recall_fscore_support(y, predicted, average=average, zero_division=0)
        out |= {f"{average}_precision": p, f"{average}_recall": r, f"{average}_f1": f}
    return out


def ranked(truth, scores):
    truth = np.asarray(truth)
    both = 0 < truth.sum() < len(truth)
    auroc = metrics.roc_auc_score(truth, scores) if both else np.nan
    auprc = metrics.average_precision_score(truth, scores) if truth.sum() > 0 else np.nan
    return auroc, auprc


def per_class(truths, predictions, scores):
    table = []
    for truth, predicted, score in zip(truths, predictions, scores):
        p, r, f, _ = metrics.precision_recall_fscore_support(truth, predicted, average="binary", zero_division=0)
        specificity = metrics.recall_score(truth, predicted, pos_label=0, zero_division=0)
        auroc, auprc = ranked(truth, score)
        table.append({"precision": p, "recall": r, "f1": f, "specificity": specificity, "auroc": auroc, "auprc": auprc, "support": int(truth.sum())})
    return table


def nanmean(values):
    values = np.array(values, float)
    return np.nan if np.isnan(values).all() else np.nanmean(values)


def classification_case(name, y, probabilities):
    classes = probabilities.shape[1]
    predicted = probabilities.argmax(1)
    table = per_class([y == c for c in range(classes)], [predicted == c for c in range(classes)], probabilities.T)
    if classes == 2:
        auroc, auprc = table[1]["auroc"], table[1]["auprc"]
    elif len(set(y)) == classes:
        auroc = metrics.roc_auc_score(y, probabilities, multi_class="ovr", average="macro", labels=range(classes))
        auprc = metrics.average_precision_score(np.eye(classes)[y], probabilities, average="macro")
    else:
        auroc, auprc = nanmean([row["auroc"] for row in table]), nanmean([row["auprc"] for row in table])
    labels = list(range(classes))
    expected = {
        "accuracy": metrics.accuracy_score(y, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, predicted),
        **averages(y, predicted),
        "mcc": metrics.matthews_corrcoef(y, predicted),
        "auroc": auroc,
        "auprc": auprc,
        "log_loss": metrics.log_loss(y, probabilities, labels=labels),
        "brier": metrics.brier_score_loss(y, probabilities, labels=labels),
        "ece": ece(probabilities.max(1), predicted == y),
    }
    confusion = metrics.confusion_matrix(y, predicted, labels=labels)
    return {"name": name, "labels": y, "probabilities": probabilities, "expected": expected, "per_class": table, "confusion": confusion}


def classification():
    random = np.random.default_rng(1)

    def draw(rows, classes, sharpness=1.0):
        y = random.integers(0, classes, rows)
        logits = random.normal(size=(rows, classes)) * 1.5
        logits[np.arange(rows), y] += sharpness
        return y, special.softmax(logits, axis=1)

    cases = [classification_case(f"{k} classes at random", *draw(rows, k)) for k, rows in [(2, 80), (3, 90), (7, 120)]]
    y, p = draw(60, 4)
    cases.append(classification_case("a class absent from the test, predicted at times", np.where(y == 3, 0, y), p))
    p = p * [1, 1, 1, 0]
    p /= p.sum(1, keepdims=True)
    cases.append(classification_case("a class absent from test and predictions", np.where(y == 3, 1, y), p))
    y, p = draw(60, 3)
    p[:, 2] *= 1e-3
    cases.append(classification_case("a class never predicted", y, p / p.sum(1, keepdims=True)))
    y, p = draw(70, 2)
    p = np.round(p[:, 1:] * 4) / 4
    cases.append(classification_case("many tied scores, some of them 0, 0.5 and 1", y, np.hstack([1 - p, p])))
    y, p = draw(50, 3)
    cases.append(classification_case("the same answer for every row", y, np.tile([0.2, 0.5, 0.3], (50, 1))))
    cases.append(classification_case("everything right", y, np.eye(3)[y] * 0.97 + 0.01))
    cases.append(classification_case("everything certain and half wrong", np.array([0, 1, 0, 1]), np.eye(2)[[0, 1, 1, 0]]))
    cases.append(classification_case("one class in a binary test", np.zeros(20, int), draw(20, 2)[1]))
    cases.append(classification_case("one class of three in the test", np.full(20, 1), draw(20, 3)[1]))
    cases.append(classification_case("a single row", np.array([1]), np.array([[0.3, 0.6, 0.1]])))
    write("classification", cases)


def multi_label_case(name, y, probabilities, thresholds):
    predicted = (probabilities >= thresholds).astype(int)
    width = y.shape[1]
    table = per_class(list(y.T.astype(bool)), list(predicted.T.astype(bool)), probabilities.T)
    # precision_recall_fscore_support takes one column as binary data, not as labels; a case needs two.
    expected = {
        "subset_accuracy": metrics.accuracy_score(y, predicted),
        "hamming_loss": metrics.hamming_loss(y, predicted),
        **averages(y, predicted),
        "samples_f1": metrics.f1_score(y, predicted, average="samples", zero_division=0),
        "auroc": nanmean([row["auroc"] for row in table]),
        "auprc": nanmean([row["auprc"] for row in table]),
        "log_loss": np.mean([metrics.log_loss(y[:, l], probabilities[:, l], labels=[0, 1]) for l in range(width)]),
        "brier": np.mean([metrics.brier_score_loss(y[:, l], probabilities[:, l], pos_label=1) for l in range(width)]),
        "ece": ece(probabilities.ravel(), y.ravel()),
    }
    return {"name": name, "labels": y, "probabilities": probabilities, "thresholds": thresholds, "expected": expected, "per_class": table}


def multi_label():
    random = np.random.default_rng(2)

    def draw(rows, width):
        y = (random.random((rows, width)) < np.linspace(0.15, 0.6, width)).astype(int)
        return y, special.expit(random.normal(size=(rows, width)) * 1.5 + 2 * y - 1)

    cases = []
    y, p = draw(90, 5)
    cases.append(multi_label_case("five labels at random", y, p, np.full(5, 0.5)))
    cases.append(multi_label_case("thresholds of their own", y, p, np.array([0.3, 0.7, 0.45, 0.2, 0.6])))
    absent = y.copy()
    absent[:, 1] = 0
    absent[:, 3] = 1
    cases.append(multi_label_case("a label no row carries, and one that all carry", absent, p, np.full(5, 0.5)))
    cases.append(multi_label_case("nothing predicted", y, p * 0.4, np.full(5, 0.5)))
    y, p = draw(60, 2)
    cases.append(multi_label_case("tied scores on the threshold", y, np.round(p * 4) / 4, np.full(2, 0.5)))
    write("multi-label", cases)


def regression_case(name, y, predicted):
    both = len(y) > 1 and np.ptp(y) > 0 and np.ptp(predicted) > 0
    expected = {
        "mae": metrics.mean_absolute_error(y, predicted),
        "rmse": metrics.root_mean_squared_error(y, predicted),
        "r2": metrics.r2_score(y, predicted) if len(y) > 1 else np.nan,
        "pearson": stats.pearsonr(y, predicted).statistic if both else np.nan,
        "spearman": stats.spearmanr(y, predicted).statistic if both else np.nan,
    }
    return {"name": name, "targets": y, "predictions": predicted, "expected": expected}


def regression():
    random = np.random.default_rng(3)
    y = random.normal(size=80) * 3 + 10
    noisy = y + random.normal(size=80)
    write(
        "regression",
        [
            regression_case("noise around the target", y, noisy),
            regression_case("unrelated", y, random.normal(size=80)),
            regression_case("tied ratings", np.round(y / 3), np.round(noisy / 2)),
            regression_case("large offset", y + 1e6, noisy + 1e6),
            regression_case("constant prediction", y, np.full(80, y.mean())),
            # A constant whose mean is exact: otherwise scikit-learn itself divides by rounding noise (R² of -6e31 for 4.1).
            regression_case("constant target", np.full(20, 4.25), noisy[:20]),
            regression_case("constant target that is met", np.full(20, 4.25), np.full(20, 4.25)),
            regression_case("exact", y, y.copy()),
            regression_case("falling", y, -y),
            regression_case("one row", y[:1], noisy[:1]),
        ],
    )


def tests():
    random = np.random.default_rng(4)
    counts = [(0, 0), (1, 0), (5, 5), (2, 9), (0, 7), (13, 31), (300, 260), (900, 1100)]
    binomial = [{"only_first": a, "only_second": b, "p": stats.binomtest(a, a + b).pvalue if a + b else 1.0} for a, b in counts]
    proportions = [(0, 10), (10, 10), (3, 17), (250, 300), (1, 1)]
    wilson = []
    for level in [0.95, 0.9, 0.99]:
        for k, n in proportions:
            interval = stats.binomtest(k, n).proportion_ci(level, method="wilson")
            wilson.append({"successes": k, "trials": n, "level": level, "low": interval.low, "high": interval.high})
    flips = []
    for values in [random.normal(size=11) + 0.6, random.normal(size=9), np.array([1.0, -1, 1, 1, 0, 1, 1, 1]), np.zeros(5)]:
        p = stats.permutation_test((values,), np.sum, permutation_type="samples", n_resamples=np.inf).pvalue
        flips.append({"differences": values, "p": p})
    # More rows than are enumerated: a long Monte Carlo run stands for the exact value.
    large = random.normal(size=60) + 0.25
    p = stats.permutation_test((large,), np.sum, permutation_type="samples", n_resamples=400_000, rng=5).pvalue
    write(
        "tests",
        {
            "binomial": binomial,
            "wilson": wilson,
            "flips": flips,
            "large_flip": {"differences": large, "p": p},
            "swaps": [swap_case(10, 3, 1, np.inf), swap_case(11, 2, 2, np.inf), swap_case(9, 4, 3, np.inf), swap_case(40, 3, 5, 20_000)],
        },
    )


def swap_case(rows, classes, seed, resamples):
    """Two classifiers' answers, and scipy's permutation test of their difference in scikit-learn's macro-F1."""
    random = np.random.default_rng(seed)
    y = random.integers(classes, size=rows)
    first, second = (np.where(random.uniform(size=rows) < skill, y, random.integers(classes, size=rows)) for skill in (0.7, 0.4))

    def difference(a, b):
        score = [metrics.f1_score(y, each.astype(int), average="macro", zero_division=0) for each in (a, b)]
        return score[0] - score[1]

    found = stats.permutation_test((first, second), difference, permutation_type="samples", vectorized=False, n_resamples=resamples, rng=5)
    return {"labels": y, "first": first, "second": second, "classes": classes, "exact": bool(np.isinf(resamples)), "p": found.pvalue}


def temperature_of(nll):
    # Searched over β = 1/T, in which the likelihood is convex.
    found = optimize.minimize_scalar(nll, bounds=(0.1, 10), method="bounded", options={"xatol": 1e-12})
    return 1 / found.x


def calibration():
    random = np.random.default_rng(6)
    cases = []
    for scale in [3.0, 0.5]:
        y = random.integers(0, 4, 120)
        logits = random.normal(size=(120, 4))
        logits[np.arange(120), y] += 1.0
        logits = (logits * scale).astype(np.float32).astype(float)
        nll = lambda beta: -special.log_softmax(logits * beta, axis=1)[np.arange(120), y].sum()
        cases.append({"logits": logits, "labels": y, "temperature": temperature_of(nll), "probabilities": special.softmax(logits[:5] / 2.5, axis=1)})
    y = (random.random((100, 3)) < [0.2, 0.5, 0.7]).astype(int)
    logits = ((random.normal(size=(100, 3)) + 2 * y - 1) * [4, 1, 0.4]).astype(np.float32).astype(float)
    temperatures = []
    for l in range(3):
        nll = lambda beta: np.logaddexp(0, -(2 * y[:, l] - 1) * logits[:, l] * beta).sum()
        temperatures.append(temperature_of(nll))
    probabilities = special.expit(logits)
    best = []
    for l in range(3):
        precision, recall, _ = metrics.precision_recall_curve(y[:, l], probabilities[:, l])
        best.append(np.max(2 * precision * recall / np.maximum(precision + recall, 1e-300)))
    write("calibration", {"softmax": cases, "sigmoid": {"logits": logits, "labels": y, "temperatures": temperatures, "best_f1": best}})


WORD = regex.compile(
    r"(?V1)[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Extended_Pictographic}]"
    r"|[[\p{L}\p{M}\p{N}_]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]]{2,}"
)


def words_of(text):
    return WORD.findall(unicodedata.normalize("NFC", text).lower())


def baseline_texts(random, rows):
    themes = [
        "urgent admit today chest pain troponin rising please review",
        "routine follow up in six months stable no change",
        "soon clinic within two weeks new lump referred by GP",
    ]
    filler = "the patient was seen and we discussed options with her family über Größe naïve café 3 12 x 東京 日本語 🙂 👍 don't re-check test_id".split(" ")
    y = random.integers(0, 3, rows)
    texts = []
    for label in y:
        theme = themes[label if random.random() < 0.8 else random.integers(0, 3)].split(" ")
        words = [str(random.choice(theme if random.random() < 0.4 else filler)) for _ in range(random.integers(6, 25))]
        texts.append(" ".join(words))
    return texts, y


def baselines():
    random = np.random.default_rng(7)
    train, y = baseline_texts(random, 60)
    test, _ = baseline_texts(random, 12)
    test += ["", "unseen zebra words", "THE PATIENT. Patient; patient!"]
    vectoriser = TfidfVectorizer(tokenizer=words_of, token_pattern=None, lowercase=False, ngram_range=(1, 2), sublinear_tf=True)
    x, xt = vectoriser.fit_transform(train), vectoriser.transform(test)
    names = vectoriser.get_feature_names_out()
    tight = {"tol": 1e-12, "max_iter": 20_000}

    def row(matrix, i):
        entries = sparse.csr_matrix(matrix)[i]
        return sorted([[names[c], v] for c, v in zip(entries.indices, entries.data)])

    logistic = []
    for C in [1.0, 30.0]:
        for weights in [None, "balanced"]:
            fitted = LogisticRegression(C=C, class_weight=weights, **tight).fit(x, y)
            logistic.append({"C": C, "balanced": weights == "balanced", "probabilities": fitted.predict_proba(xt)})
    binary = LogisticRegression(C=10.0, **tight).fit(x, y == 1).predict_proba(xt)
    labels = np.stack([y == 0, y <= 1, np.ones_like(y)], axis=1).astype(int)
    one_versus_rest = OneVsRestClassifier(LogisticRegression(C=10.0, **tight)).fit(x, labels).predict_proba(xt)
    targets = y + random.normal(size=len(y)) * 0.3 + 5
    ridge = [{"alpha": a, "predictions": Ridge(alpha=a, solver="sparse_cg", tol=1e-13).fit(x, targets).predict(xt)} for a in [0.5, 5.0]]

    features = (random.normal(size=(60, 6)) * [1, 10, 0.1, 1, 1, 1] + np.outer(y, [1, 5, 0.1, 0, 0, 0])).astype(np.float32)
    features[:, 5] = 2.5
    given = (random.normal(size=(10, 6)) * [1, 10, 0.1, 1, 1, 1]).astype(np.float32)
    scaler = StandardScaler().fit(features.astype(float))
    dense, dense_test = scaler.transform(features.astype(float)), scaler.transform(given.astype(float))
    probe = {
        "train": features,
        "test": given,
        "C": 0.5,
        "probabilities": LogisticRegression(C=0.5, **tight).fit(dense, y).predict_proba(dense_test),
        "alpha": 3.0,
        "predictions": Ridge(alpha=3.0, solver="cholesky").fit(dense, targets).predict(dense_test),
    }
    write(
        "baselines",
        {
            "train": train,
            "labels": y,
            "test": test,
            "words": [words_of(text) for text in train[:3] + test[-3:]],
            "features": len(names),
            "first_row": row(x, 0),
            "test_row": row(xt, len(test) - 1),
            "logistic": logistic,
            "binary": binary,
            "multi_label": {"labels": labels, "probabilities": one_versus_rest},
            "targets": targets,
            "ridge": ridge,
            "probe": probe,
        },
    )


if __name__ == "__main__":
    classification()
    multi_label()
    regression()
    tests()
    calibration()
    baselines()
