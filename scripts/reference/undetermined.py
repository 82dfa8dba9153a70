"""Which of the reference values of encoders.py float32 does not determine.

AdamW divides a gradient by its own size, so where a gradient is all rounding the step is, too. This repeats each case of test/fixtures/encoders in
float64, from the same checkpoint, batch and masks, and lists the weights that torch's float32 has moved further from it than half of the bound that the
test holds ours to. Writes test/fixtures/encoders/undetermined.json: case, tensor, positions. Run from the repository's root:

    python scripts/reference/undetermined.py
"""

import json

import torch
from safetensors.torch import load_file

from encoders import ROOT, Masks, apply_method, batch_of, loss_of, model_class, plain_name


def after_five_steps(record, stored):
    """The weights after the case's five steps, in float64."""
    family, task, settings = record["family"], record["task"], record["settings"]
    model = model_class(family, task).from_pretrained(ROOT / "models" / record["model"], attn_implementation="eager")
    model = apply_method(model, record["method"]).double().train()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            first = stored.get(f"init.{plain_name(name)}")
            if first is not None:
                parameter.copy_(first)
    batch, _ = batch_of(family, task, any(any(row) for row in record["token_type_ids"]))
    target = torch.tensor(record["target"])
    masks = Masks()
    masks.kept = [stored[f"mask.{i}"] for i in range(sum(name.startswith("mask.") for name in stored))]
    original, torch.nn.functional.dropout = torch.nn.functional.dropout, masks
    trained = {plain_name(name): parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    exempt = lambda name: name.endswith(".bias") or "norm" in name.lower()
    rate = record["learning_rate"]
    scale = lambda name: settings.get("loraplus_lr_ratio", 1.0) if "lora_B" in name else 1.0
    decay = lambda name: 0.0 if exempt(name) else record["weight_decay"]
    groups = [dict(params=[p], lr=rate * scale(name), weight_decay=decay(name)) for name, p in trained.items()]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8)
    try:
        for _ in range(5):
            masks.at = 0
            optimizer.zero_grad()
            loss_of(task, settings, model(**batch).logits, target).backward()
            optimizer.step()
    finally:
        torch.nn.functional.dropout = original
    return {name: parameter.detach() for name, parameter in trained.items()}


def main():
    torch.set_default_dtype(torch.float64)
    found, compared = {}, 0
    for folder in sorted((ROOT / "cases").iterdir()):
        record = json.loads((folder / "case.json").read_text())
        stored = load_file(folder / "expected.safetensors")
        for name, exact in after_five_steps(record, stored).items():
            if name.endswith(("self.key.bias", "k_lin.bias")):  # Zero by mathematics: the test leaves them out.
                continue
            value = stored[f"after.{name}"].double()
            bound = torch.clamp(1e-4 * value.abs(), min=1e-2 * record["learning_rate"])
            compared += value.numel()
            places = ((value - exact).abs() > bound / 2).flatten().nonzero().flatten().tolist()
            if places:
                found.setdefault(folder.name, {})[name] = places
    (ROOT / "undetermined.json").write_text(json.dumps(found, indent=1) + "\n")
    print(f"{sum(len(p) for case in found.values() for p in case.values())} of {compared}")


if __name__ == "__main__":
    main()
