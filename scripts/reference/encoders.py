"""Reference values for every architecture x task and every method on BERT, from torch, transformers and peft.

Writes test/fixtures/encoders/: tiny random checkpoints (models/<family>) and, for each case, case.json with the batch and settings and
expected.safetensors with logits, gradients, dropout masks and the weights after five AdamW steps. Run from the repository's root:

    python scripts/reference/encoders.py
"""

import json
import pathlib
import shutil

import peft
import torch
import transformers
from safetensors.torch import save_file

ROOT = pathlib.Path("test/fixtures/encoders")
VOCABULARY, WIDTH, LAYERS, HEADS, INNER, POSITIONS = 40, 16, 2, 2, 24, 20
LENGTHS = (9, 5, 7)
LABELS = 3
# Tensors whose first values are drawn here and not in the checkpoint.
STARTS = ("lora_",)


def config_of(family, **changes):
    shared = dict(vocab_size=VOCABULARY, max_position_embeddings=POSITIONS, attn_implementation="eager", initializer_range=0.2)
    if family == "distilbert":
        own = dict(dim=WIDTH, n_layers=LAYERS, n_heads=HEADS, hidden_dim=INNER, pad_token_id=0)
        return transformers.DistilBertConfig(**shared, **own, **changes)
    own = dict(hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=INNER)
    if family == "bert":
        return transformers.BertConfig(**shared, **own, pad_token_id=0, layer_norm_eps=1e-12, **changes)
    kind = {"roberta": "RobertaConfig", "xlm-roberta": "XLMRobertaConfig", "camembert": "CamembertConfig"}[family]
    return getattr(transformers, kind)(**shared, **own, pad_token_id=1, type_vocab_size=1, layer_norm_eps=1e-5, **changes)


def model_class(family, task):
    prefix = {"bert": "Bert", "roberta": "Roberta", "xlm-roberta": "XLMRoberta", "camembert": "Camembert", "distilbert": "DistilBert"}[family]
    return getattr(transformers, prefix + ("ForMaskedLM" if task == "masked-lm" else "ForSequenceClassification"))


def randomise(model):
    """Biases and normalisation weights away from 0 and 1, so that every term of a gradient counts."""
    for name, parameter in model.named_parameters():
        if parameter.ndim == 1:
            with torch.no_grad():
                parameter.add_(torch.randn_like(parameter) * 0.1)


def batch_of(family, task, pair):
    pad = 0 if family in ("bert", "distilbert") else 1
    generator = torch.Generator().manual_seed(11)
    time = max(LENGTHS)
    ids = torch.full((len(LENGTHS), time), pad)
    mask = torch.zeros(len(LENGTHS), time, dtype=torch.long)
    types = torch.zeros(len(LENGTHS), time, dtype=torch.long)
    for row, length in enumerate(LENGTHS):
        ids[row, :length] = torch.randint(4, VOCABULARY, (length,), generator=generator)
        mask[row, :length] = 1
        if pair:
            types[row, length // 2 : length] = 1
    batch = dict(input_ids=ids, attention_mask=mask)
    if family == "bert":
        batch["token_type_ids"] = types
    return batch, generator


def loss_of(task, settings, logits, target):
    functional = torch.nn.functional
    if task == "single-label":
        weights = settings.get("class_weights")
        weights = None if weights is None else torch.tensor(weights)
        if settings.get("loss") == "focal":
            picked = functional.log_softmax(logits, -1).gather(1, target[:, None])[:, 0]
            return (-((1 - picked.exp()) ** settings["focal_gamma"]) * picked).mean()
        return functional.cross_entropy(logits, target, weight=weights, label_smoothing=settings.get("label_smoothing", 0.0))
    if task == "multi-label":
        return functional.binary_cross_entropy_with_logits(logits, target)
    if task == "regression":
        kind = settings.get("loss", "mse")
        if kind == "huber":
            return functional.huber_loss(logits, target, delta=settings["huber_delta"])
        return functional.l1_loss(logits, target) if kind == "l1" else functional.mse_loss(logits, target)
    rows = target != -100
    return functional.cross_entropy(logits[rows], target[rows])


def target_of(task, batch, generator):
    rows = len(LENGTHS)
    if task == "single-label":
        return torch.tensor([2, 0, 1])
    if task == "multi-label":
        return torch.randint(0, 2, (rows, LABELS), generator=generator).float()
    if task == "regression":
        return torch.randn(rows, 1, generator=generator)
    labels = torch.full_like(batch["input_ids"], -100)
    for row, places in enumerate(((1, 4, 8), (2,), (1, 6))):
        for place in places:
            labels[row, place] = int(torch.randint(4, VOCABULARY, (1,), generator=generator))
    return labels


class Masks:
    """Takes the place of torch's dropout: draws seeded masks, keeps them in the order they were asked for, and replays them."""

    def __init__(self):
        self.kept, self.at, self.generator = [], 0, torch.Generator().manual_seed(5)

    def __call__(self, x, p=0.5, training=True, inplace=False):
        if not training or p == 0:
            return x
        if self.at == len(self.kept):
            self.kept.append((torch.rand(x.shape, generator=self.generator) >= p).to(torch.uint8))
        mask = self.kept[self.at]
        self.at += 1
        return x * mask / (1 - p)


def plain_name(name):
    """PEFT's name of a parameter as Attune's slot name."""
    if name.endswith("lm_head.decoder.weight"):  # The tied weight goes by its first owner's name.
        return "roberta.embeddings.word_embeddings.weight"
    return name.removeprefix("base_model.model.").replace(".modules_to_save.default", "").replace(".default.weight", ".weight").replace(".base_layer", "")


def apply_method(model, method):
    kind = method["type"]
    if kind == "lora":
        known = ("r", "lora_alpha", "target_modules", "use_rslora")
        model = peft.get_peft_model(model, peft.LoraConfig(task_type="SEQ_CLS", **{k: method[k] for k in known if k in method}))
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                with torch.no_grad():
                    parameter.copy_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(len(name))) * 0.3)
        return model
    for name, parameter in model.named_parameters():
        is_head = name.startswith("classifier")
        trained = {
            "full": True,
            "full-frozen-embeddings": ".embeddings." not in name,
            "head": is_head,
            "last_n": is_head or "pooler" in name or f".layer.{LAYERS - 1}." in name,
            "bitfit": name.endswith(".bias") or is_head,
        }[kind]
        parameter.requires_grad_(trained)
    return model


def write_case(name, family, task, method, settings=None, dropout=0.0, pair=False):
    settings = settings or {}
    torch.manual_seed(3)
    folder = ROOT / "cases" / name
    folder.mkdir(parents=True)
    rates = (
        dict(dropout=dropout, attention_dropout=dropout, seq_classif_dropout=dropout)
        if family == "distilbert"
        else dict(hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout, classifier_dropout=dropout)
    )
    labels = 1 if task == "regression" else LABELS
    model_name = f"{family}-{'mlm' if task == 'masked-lm' else labels}{'-dropout' if dropout else ''}"
    config = config_of(family, num_labels=labels, **rates)
    model = model_class(family, task)(config)
    randomise(model)
    if not (ROOT / "models" / model_name).exists():
        model.save_pretrained(ROOT / "models" / model_name)
    model = apply_method(model, method).train()
    batch, generator = batch_of(family, task, pair)
    target = target_of(task, batch, generator)
    masks = Masks()
    torch.nn.functional.dropout = masks
    expected = {f"init.{plain_name(n)}": p.detach().clone() for n, p in model.named_parameters() if any(part in n for part in STARTS)}
    trained = {plain_name(n): p for n, p in model.named_parameters() if p.requires_grad}
    exempt = lambda n: n.endswith(".bias") or "norm" in n.lower()
    rate, decay = 1e-3, 0.01
    scale = lambda n: settings.get("loraplus_lr_ratio", 1.0) if "lora_B" in n else 1.0
    groups = [dict(params=[p], lr=rate * scale(n), weight_decay=0.0 if exempt(n) else decay) for n, p in trained.items()]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8)
    losses = []
    for step in range(5):
        masks.at = 0
        optimizer.zero_grad()
        logits = model(**batch).logits
        loss = loss_of(task, settings, logits, target)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            expected["logits"] = logits.detach().clone() if task != "masked-lm" else logits.detach()[target != -100].clone()
            expected |= {f"grad.{n}": p.grad.clone() for n, p in trained.items()}
        optimizer.step()
    expected |= {f"after.{n}": p.detach().clone() for n, p in trained.items()}
    expected |= {f"mask.{i}": mask for i, mask in enumerate(masks.kept)}
    save_file({k: v.contiguous() for k, v in expected.items()}, folder / "expected.safetensors")
    record = dict(
        model=model_name, family=family, task=task, method=method, settings=settings, labels=labels, lengths=LENGTHS,
        input_ids=batch["input_ids"].tolist(), token_type_ids=batch.get("token_type_ids", torch.zeros_like(batch["input_ids"])).tolist(),
        target=target.tolist(), learning_rate=rate, weight_decay=decay, losses=losses, trained=list(trained),
        versions=dict(torch=torch.__version__, transformers=transformers.__version__, peft=peft.__version__),
    )
    (folder / "case.json").write_text(json.dumps(record, indent=1) + "\n")


def main():
    original = torch.nn.functional.dropout
    shutil.rmtree(ROOT, ignore_errors=True)
    full = dict(type="full")
    for family in ("bert", "roberta", "xlm-roberta", "camembert", "distilbert"):
        for task in ("single-label", "multi-label", "regression", "masked-lm"):
            write_case(f"{family}-{task}", family, task, full)
    for family in ("bert", "roberta", "distilbert"):
        write_case(f"{family}-dropout", family, "single-label", full, dropout=0.3)
    write_case("bert-pair", "bert", "single-label", full, pair=True)
    write_case("bert-smoothing-weights", "bert", "single-label", full, dict(label_smoothing=0.2, class_weights=[0.5, 2.0, 1.5]))
    write_case("bert-focal", "bert", "single-label", full, dict(loss="focal", focal_gamma=2.0))
    write_case("bert-huber", "bert", "regression", full, dict(loss="huber", huber_delta=0.4))
    write_case("bert-l1", "bert", "regression", full, dict(loss="l1"))
    for kind in ("full-frozen-embeddings", "head", "last_n", "bitfit"):
        write_case(f"bert-{kind}", "bert", "single-label", dict(type=kind))
    targets = ["query", "value"]
    lora = dict(type="lora", r=4, lora_alpha=8, target_modules=targets)
    write_case("bert-lora", "bert", "single-label", lora)
    write_case("bert-rslora-all-linear", "bert", "single-label", dict(lora, use_rslora=True, target_modules=["query", "key", "value", "dense"]))
    write_case("bert-loraplus", "bert", "single-label", lora, dict(loraplus_lr_ratio=16.0))
    write_case("bert-lora-dropout", "bert", "single-label", lora, dropout=0.3)
    write_case("distilbert-lora", "distilbert", "single-label", dict(type="lora", r=4, lora_alpha=8, target_modules=["q_lin", "v_lin"]))
    write_case("roberta-lora", "roberta", "single-label", lora)
    torch.nn.functional.dropout = original


if __name__ == "__main__":
    main()
