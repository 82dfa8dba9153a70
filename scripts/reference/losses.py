"""Reference values for the losses, from torch in double precision: the mean loss and its gradient with respect to the logits.

Writes test/fixtures/losses/losses.json. Run from the repository's root:

    python scripts/reference/losses.py
"""

import json
import pathlib

import torch

ROOT = pathlib.Path("test/fixtures/losses")
functional = torch.nn.functional


def case(name, kind, logits, target, loss_of, **settings):
    logits = logits.clone().requires_grad_()
    loss = loss_of(logits, target)
    loss.backward()
    return dict(
        name=name,
        kind=kind,
        settings=settings,
        logits=logits.tolist(),
        target=target.tolist(),
        loss=loss.item(),
        gradient=logits.grad.tolist(),
    )


def main():
    generator = torch.Generator().manual_seed(5)
    draw = lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64) * 2
    rows, classes = 5, 4
    labels = torch.tensor([2, 0, 3, 2, 1])
    weights = torch.tensor([0.5, 2.0, 1.25, 0.75], dtype=torch.float64)
    many = torch.randint(0, 2, (rows, classes), generator=generator).double()
    numbers = draw(rows, 1)
    cases = []

    def cross_entropy(name, weight, smoothing):
        used = None if weight is None else weight
        cases.append(
            case(
                name,
                "cross_entropy",
                draw(rows, classes),
                labels,
                lambda z, y: functional.cross_entropy(z, y, weight=used, label_smoothing=smoothing),
                smoothing=smoothing,
                class_weights=None if weight is None else weight.tolist(),
            )
        )

    cross_entropy("cross-entropy", None, 0.0)
    cross_entropy("cross-entropy with class weights", weights, 0.0)
    cross_entropy("cross-entropy with label smoothing", None, 0.125)
    cross_entropy("cross-entropy with both", weights, 0.25)

    def focal(z, y, gamma):
        picked = functional.log_softmax(z, -1).gather(1, y[:, None])[:, 0]
        return (-((1 - picked.exp()) ** gamma) * picked).mean()

    for gamma in (0.0, 0.5, 2.0):
        cases.append(case(f"focal, gamma {gamma}", "focal", draw(rows, classes), labels, lambda z, y: focal(z, y, gamma), focal_gamma=gamma))

    cases.append(case("binary cross-entropy", "bce", draw(rows, classes), many, functional.binary_cross_entropy_with_logits))
    cases.append(
        case(
            "binary cross-entropy with class weights (torch: pos_weight)",
            "bce",
            draw(rows, classes),
            many,
            lambda z, y: functional.binary_cross_entropy_with_logits(z, y, pos_weight=weights),
            class_weights=weights.tolist(),
        )
    )
    # The targets reach the graph as (value - shift) / scale; torch sees the same numbers, rounded to float32 as the feed is.
    scaled = ((numbers - 0.5) / 2.0).float().double()
    for name, kind, function, extra in (
        ("mean squared error", "mse", functional.mse_loss, {}),
        ("mean absolute error", "l1", functional.l1_loss, {}),
        ("Huber", "huber", lambda z, y: functional.huber_loss(z, y, delta=1.0), dict(huber_delta=1.0)),
        ("Huber with a small delta", "huber", lambda z, y: functional.huber_loss(z, y, delta=0.25), dict(huber_delta=0.25)),
    ):
        record = case(name, kind, draw(rows, 1), scaled, function, shift=0.5, scale=2.0, **extra)
        record["target"] = numbers.tolist()
        cases.append(record)

    ROOT.mkdir(parents=True, exist_ok=True)
    (ROOT / "losses.json").write_text(json.dumps(dict(versions=dict(torch=torch.__version__), cases=cases)) + "\n")


main()
