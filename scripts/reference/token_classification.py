"""Reference values for token classification: transformers' *ForTokenClassification, and seqeval and nervaluate for what is found,
and pytorch-crf for the conditional random field.

Writes test/fixtures/tokens/: models and cases in the form of encoders.py (logits are those of the tokens with a label, as is the last dropout mask), and
entities.json, tag sequences with the numbers of seqeval and nervaluate, crf.json, sequences with what pytorch-crf says of them. Run from the repository's root:

    python scripts/reference/token_classification.py
"""

import json
import pathlib
import random
import shutil
import warnings

import encoders
import nervaluate
import seqeval
import torch
import torchcrf
import transformers
from safetensors.torch import save_file
from seqeval import metrics, scheme

ROOT = pathlib.Path("test/fixtures/tokens")
LABELS = 5
CLASSES = {"bert": "Bert", "roberta": "Roberta", "xlm-roberta": "XLMRoberta", "distilbert": "DistilBert"}
warnings.filterwarnings("ignore")


def target_of():
    generator = torch.Generator().manual_seed(17)
    target = torch.full((len(encoders.LENGTHS), max(encoders.LENGTHS)), -100)
    for row, length in enumerate(encoders.LENGTHS):
        for place in range(1, length - 1):
            if place % 4 != 2:  # Places that go on with a word carry no label.
                target[row, place] = int(torch.randint(0, LABELS, (1,), generator=generator))
    return target


def sequences_of(logits, target):
    """The labelled tokens of each row, one after the other, padded: [rows, longest, labels], tags and mask."""
    chosen = [row != -100 for row in target]
    pad = torch.nn.utils.rnn.pad_sequence
    emissions = pad([each[places] for each, places in zip(logits, chosen)], batch_first=True)
    tags = pad([row[places] for row, places in zip(target, chosen)], batch_first=True)
    mask = pad([torch.ones(int(places.sum()), dtype=torch.bool) for places in chosen], batch_first=True)
    return emissions, tags, mask


def write_case(name, family, method, settings=None, dropout=0.0):
    settings = settings or {}
    torch.manual_seed(3)
    folder = ROOT / "cases" / name
    folder.mkdir(parents=True)
    # DistilBERT's token head drops out at the rate of its layers; what a text head would use must not matter.
    rates = (
        dict(dropout=dropout, attention_dropout=dropout, seq_classif_dropout=0.5)
        if family == "distilbert"
        else dict(hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout, classifier_dropout=dropout)
    )
    model_name = f"{family}-tokens{'-dropout' if dropout else ''}"
    config = encoders.config_of(family, num_labels=LABELS, **rates)
    model = getattr(transformers, CLASSES[family] + "ForTokenClassification")(config)
    encoders.randomise(model)
    if not (ROOT / "models" / model_name).exists():
        model.save_pretrained(ROOT / "models" / model_name)
    model = encoders.apply_method(model, method).train()
    if settings.get("crf"):
        model.crf = torchcrf.CRF(LABELS, batch_first=True)
        for parameter in model.crf.parameters():
            torch.nn.init.normal_(parameter, std=0.5)
    batch, _ = encoders.batch_of(family, "single-label", False)
    target = target_of()
    chosen = target != -100
    masks = encoders.Masks()
    torch.nn.functional.dropout = masks
    plain = encoders.plain_name
    expected = {f"init.{plain(n)}": p.detach().clone() for n, p in model.named_parameters() if "lora_" in n or n.startswith("crf.")}
    trained = {plain(n): p for n, p in model.named_parameters() if p.requires_grad}
    rate, decay = 1e-3, 0.01
    exempt = lambda n: n.endswith(".bias") or "norm" in n.lower()
    groups = [dict(params=[p], lr=rate, weight_decay=0.0 if exempt(n) else decay) for n, p in trained.items()]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8)
    losses = []
    for step in range(5):
        masks.at = 0
        optimizer.zero_grad()
        if settings.get("crf"):
            logits = model(**batch).logits
            emissions, tags, mask = sequences_of(logits, target)
            loss = -model.crf(emissions, tags, mask=mask, reduction="sum") / mask.sum()
        elif settings:
            weights = torch.tensor(settings["class_weights"])
            logits = model(**batch).logits
            loss = torch.nn.functional.cross_entropy(
                logits.view(-1, LABELS), target.view(-1), weight=weights, label_smoothing=settings["label_smoothing"]
            )
        else:
            output = model(**batch, labels=target)
            logits, loss = output.logits, output.loss
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            expected["logits"] = logits.detach()[chosen].clone()
            expected |= {f"grad.{n}": p.grad.clone() for n, p in trained.items()}
        optimizer.step()
    expected |= {f"after.{n}": p.detach().clone() for n, p in trained.items()}
    kept = [*masks.kept[:-1], masks.kept[-1][chosen]] if masks.kept else []
    expected |= {f"mask.{i}": mask for i, mask in enumerate(kept)}
    save_file({k: v.contiguous() for k, v in expected.items()}, folder / "expected.safetensors")
    record = dict(
        model=f"../../tokens/models/{model_name}", family=family, task="token-classification", method=method, settings=settings, labels=LABELS,
        lengths=encoders.LENGTHS, input_ids=batch["input_ids"].tolist(),
        token_type_ids=batch.get("token_type_ids", torch.zeros_like(batch["input_ids"])).tolist(),
        target=target.tolist(), learning_rate=rate, weight_decay=decay, losses=losses, trained=list(trained),
        versions=dict(torch=torch.__version__, transformers=transformers.__version__),
    )
    (folder / "case.json").write_text(json.dumps(record, indent=1) + "\n")


def random_tags(draw, length, bilou, broken):
    """Tags of random passages; `broken` is the share of tags exchanged for any other."""
    tags = []
    while len(tags) < length:
        kind, size = draw.choice(["PER", "LOC", "ORG"]), draw.choice([1, 1, 2, 3])
        if draw.random() < 0.5:
            tags.append("O")
        elif not bilou:
            tags += [f"B-{kind}"] + [f"I-{kind}"] * (size - 1)
        else:
            tags += [f"U-{kind}"] if size == 1 else [f"B-{kind}"] + [f"I-{kind}"] * (size - 2) + [f"L-{kind}"]
    tags = tags[:length]
    if bilou and tags[-1][0] in "BI":  # A passage that was cut off would not be one.
        while tags[-1][0] in "BI":
            tags[-1] = "O"
            if len(tags) == 1 or tags[-2][0] not in "BI":
                break
            tags.pop()
        tags += ["O"] * (length - len(tags))
    return [draw.choice(["O", "B-PER", "I-PER", "I-LOC", "B-ORG"]) if draw.random() < broken else tag for tag in tags]


def changed(draw, tags, bilou):
    """Another reading of the same words: passages that are moved, merged or of another type."""
    other = random_tags(draw, len(tags), bilou, 0)
    at = draw.randrange(len(tags) + 1)
    if bilou:
        return draw.choice([tags, other])
    mixed = tags[:at] + other[at:] if draw.random() < 0.8 else tags
    # A passage that lost its beginning begins where it goes on: strict counting takes valid tags.
    whole = []
    for tag in mixed:
        is_open = whole and whole[-1] != "O" and whole[-1][2:] == tag[2:]
        whole.append(f"B{tag[1:]}" if tag[0] == "I" and not is_open else tag)
    return whole


def numbers(truth, said, **options):
    averages = {}
    for average in ("micro", "macro", "weighted"):
        shared = dict(average=average, zero_division=0, **options)
        # Without a single true passage seqeval divides by nothing.
        averages[average] = [None if (value := float(f(truth, said, **shared))) != value else value for f in (metrics.precision_score, metrics.recall_score, metrics.f1_score)]
    report = metrics.classification_report(truth, said, output_dict=True, zero_division=0, **options)
    types = {name: [float(row["precision"]), float(row["recall"]), float(row["f1-score"]), int(row["support"])] for name, row in report.items() if " avg" not in name}
    return dict(averages=averages, types=types)


def write_crf():
    torch.manual_seed(23)
    cases = []
    for tags in (2, 5, 9):
        for length in (1, 2, 7, 30):
            crf = torchcrf.CRF(tags, batch_first=True).double()
            for parameter in crf.parameters():
                torch.nn.init.normal_(parameter, std=1.5)
            emissions = torch.randn(1, length, tags, dtype=torch.double) * 2
            path = torch.randint(0, tags, (1, length))
            marginals = torch.autograd.functional.jacobian(lambda e: -crf(e, path) + crf._compute_score(e.transpose(0, 1), path.T, torch.ones(length, 1, dtype=torch.bool))[0], emissions)
            cases.append(dict(
                tags=tags, emissions=emissions[0].tolist(), path=path[0].tolist(), transitions=crf.transitions.tolist(),
                start=crf.start_transitions.tolist(), end=crf.end_transitions.tolist(),
                surprise=float(-crf(emissions, path)), best=crf.decode(emissions)[0], marginals=marginals.squeeze().reshape(length, tags).tolist(),
            ))
    (ROOT / "crf.json").write_text(json.dumps(dict(versions=dict(torchcrf=torchcrf.__version__), cases=cases), separators=(",", ":")) + "\n")


def write_entities():
    draw = random.Random(7)
    cases = []
    for number in range(60):
        bilou, broken = number % 3 == 2, 0.25 if number % 3 == 1 else 0
        lengths = [draw.randrange(1, 16) for _ in range(draw.randrange(1, 8))]
        truth = [random_tags(draw, length, bilou, 0) for length in lengths]
        said = [changed(draw, tags, bilou) for tags in truth]
        if broken:
            said = [[draw.choice(["O", "B-PER", "I-PER", "I-LOC"]) if draw.random() < broken else tag for tag in tags] for tags in said]
        options = dict(mode="strict", scheme=scheme.BILOU if bilou else scheme.IOB2) if not broken else {}
        case = dict(scheme="BILOU" if bilou else "BIO", truth=truth, said=said, **numbers(truth, said, **options))
        if not bilou and not broken:
            found = nervaluate.Evaluator(truth, said, tags=["PER", "LOC", "ORG"], loader="list").evaluate()["overall"]
            keys = ("correct", "partial", "incorrect", "missed", "spurious", "f1")
            case["matching"] = {name: [getattr(found[name], key) for key in keys] for name in ("strict", "exact", "partial", "ent_type")}
        cases.append(case)
    versions = dict(seqeval=getattr(seqeval, "__version__", "1.2.2"), nervaluate="1.2.1")
    (ROOT / "entities.json").write_text(json.dumps(dict(versions=versions, cases=cases), separators=(",", ":")) + "\n")


def main():
    original = torch.nn.functional.dropout
    shutil.rmtree(ROOT, ignore_errors=True)
    full = dict(type="full")
    for family in CLASSES:
        write_case(f"{family}-tokens", family, full)
    for family in ("bert", "roberta", "distilbert"):
        write_case(f"{family}-tokens-dropout", family, full, dropout=0.3)
    weighted = dict(label_smoothing=0.2, class_weights=[0.5, 2.0, 1.5, 1.0, 0.7])
    write_case("bert-tokens-smoothing-weights", "bert", full, weighted)
    write_case("bert-tokens-head", "bert", dict(type="head"))
    write_case("bert-tokens-bitfit", "bert", dict(type="bitfit"))
    write_case("bert-tokens-lora", "bert", dict(type="lora", r=4, lora_alpha=8, target_modules=["query", "value"]))
    write_case("bert-tokens-crf", "bert", full, dict(crf=True))
    write_case("distilbert-tokens-crf-head", "distilbert", dict(type="head"), dict(crf=True))
    torch.nn.functional.dropout = original
    write_crf()
    write_entities()


if __name__ == "__main__":
    main()
