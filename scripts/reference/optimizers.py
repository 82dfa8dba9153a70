"""Reference values for optimizers and learning-rate schedules, from torch.optim and transformers.

Writes test/fixtures/optimizers/updates.json (ten steps of AdamW, Adam and SGD in double precision, with gradients clipped by global norm) and
schedules.json (learning-rate factors step by step). Run from the repository's root:

    python scripts/reference/optimizers.py
"""

import json
import math
import pathlib

import torch
import transformers

ROOT = pathlib.Path("test/fixtures/optimizers")
SIZE, STEPS, MAX_NORM = 7, 10, 1.0


def updates():
    """Two parameters with their own learning rate and decay, so that the clipping norm spans both."""
    cases = {
        "adamw": (torch.optim.AdamW, "adamw", dict(betas=(0.9, 0.999), eps=1e-8)),
        "adamw, other betas and epsilon": (torch.optim.AdamW, "adamw", dict(betas=(0.8, 0.98), eps=1e-4)),
        "adam": (torch.optim.Adam, "adam", dict(betas=(0.9, 0.999), eps=1e-8)),
        "sgd": (torch.optim.SGD, "sgd", dict(momentum=0.0)),
        "sgd with momentum": (torch.optim.SGD, "sgd", dict(momentum=0.9)),
    }
    records = []
    for name, (kind, optimizer_id, options) in cases.items():
        generator = torch.Generator().manual_seed(3)
        draw = lambda scale: torch.randn(SIZE, generator=generator, dtype=torch.float64) * scale
        weights = [draw(1.0).requires_grad_(), draw(0.1).requires_grad_()]
        start = [weight.tolist() for weight in weights]
        # Some steps lie below the clipping norm, most above it.
        gradients = [[draw(0.05 if step % 4 == 0 else 2.0), draw(0.1)] for step in range(STEPS)]
        groups = [dict(params=[weights[0]], lr=1e-2, weight_decay=0.1), dict(params=[weights[1]], lr=3e-2, weight_decay=0.0)]
        optimizer = kind(groups, **options)
        after, norms = [], []
        for gradient in gradients:
            for weight, value in zip(weights, gradient):
                weight.grad = value.clone()
            norms.append(torch.nn.utils.clip_grad_norm_(weights, MAX_NORM).item())
            optimizer.step()
            after.append([weight.tolist() for weight in weights])
        settings = dict(
            beta1=options.get("betas", (0, 0))[0],
            beta2=options.get("betas", (0, 0))[1],
            epsilon=options.get("eps", 0),
            momentum=options.get("momentum", 0),
        )
        records.append(
            dict(
                name=name,
                optimizer=optimizer_id,
                settings=settings,
                max_norm=MAX_NORM,
                groups=[dict(learning_rate=group["lr"], weight_decay=group["weight_decay"]) for group in groups],
                start=start,
                gradients=[[value.tolist() for value in gradient] for gradient in gradients],
                norms=norms,
                after=after,
            )
        )
    return records


def factors(name, total, warmup, rate=1.0, **specific):
    """Factors of transformers.get_scheduler at steps 0 … total + 2."""
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=rate)
    scheduler = transformers.get_scheduler(name, optimizer, num_warmup_steps=warmup, num_training_steps=total, scheduler_specific_kwargs=specific)
    values = []
    for _ in range(total + 3):
        values.append(scheduler.get_last_lr()[0] / rate)
        optimizer.step()
        scheduler.step()
    return values


def slanted_triangular(total, cut_fraction, ratio):
    """ULMFiT (arXiv:1801.06146), equation 3, with the largest rate 1."""
    cut = math.floor(total * cut_fraction)
    values = []
    for step in range(total):
        p = step / cut if step < cut else 1 - (step - cut) / (cut * (1 / cut_fraction - 1))
        values.append((1 + p * (ratio - 1)) / ratio)
    return values


def schedules():
    rows = []

    def add(settings, values):
        rows.append(dict(settings=settings, factors=values))

    for total, warmup in ((20, 0), (20, 6), (7, 1), (5, 5), (1, 0)):
        shared = dict(totalSteps=total, warmupSteps=warmup)
        for name in ("constant", "constant_with_warmup", "linear"):
            add(dict(type=name, **shared), factors(name, total, warmup))
        add(dict(type="cosine", **shared), factors("cosine", total, warmup))
        add(dict(type="cosine", numCycles=1.25, **shared), factors("cosine", total, warmup, num_cycles=1.25))
        add(dict(type="cosine_with_restarts", **shared), factors("cosine_with_restarts", total, warmup))
        add(dict(type="cosine_with_restarts", numCycles=3, **shared), factors("cosine_with_restarts", total, warmup, num_cycles=3))
        if total > warmup:
            for power, end in ((1.0, 1e-7), (2.0, 1e-3), (0.5, 0.0)):
                rate = 2e-2
                values = factors("polynomial", total, warmup, rate, power=power, lr_end=end)
                add(dict(type="polynomial", power=power, endShare=end / rate, **shared), values)
    for total, cut_fraction, ratio in ((100, 0.1, 32), (40, 0.25, 8)):
        settings = dict(type="slanted_triangular", totalSteps=total, warmupSteps=0, cutFraction=cut_fraction, ratio=ratio)
        add(settings, slanted_triangular(total, cut_fraction, ratio))
    return rows


def main():
    ROOT.mkdir(parents=True, exist_ok=True)
    versions = dict(torch=torch.__version__, transformers=transformers.__version__)
    (ROOT / "updates.json").write_text(json.dumps(dict(versions=versions, cases=updates())) + "\n")
    (ROOT / "schedules.json").write_text(json.dumps(dict(versions=versions, rows=schedules())) + "\n")


main()
