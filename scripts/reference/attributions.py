"""Gradient x input at the word embeddings, from torch and transformers (and peft for LoRA).

Reads the cases and tiny checkpoints of test/fixtures/encoders and writes test/fixtures/attributions/attributions.json: for every row of a case the
logits and, for one logit, the attribution of each token. Run from the repository's root after encoders.py:

    python scripts/reference/attributions.py
"""

import json
import pathlib

import torch
from safetensors.torch import load_file

import encoders

ROOT = pathlib.Path("test/fixtures/encoders")
OUT = pathlib.Path("test/fixtures/attributions")
CASES = (
    "bert-single-label", "bert-pair", "bert-multi-label", "bert-regression", "bert-lora",
    "roberta-single-label", "roberta-lora", "xlm-roberta-single-label", "camembert-regression",
    "distilbert-single-label", "distilbert-regression", "distilbert-lora",
)


def model_of(case, expected):
    family, task = case["family"], case["task"]
    model = encoders.model_class(family, task).from_pretrained(ROOT / "models" / case["model"], attn_implementation="eager")
    if case["method"]["type"] == "lora":
        model = encoders.apply_method(model, case["method"])
        for name, parameter in model.named_parameters():
            start = expected.get(f"init.{encoders.plain_name(name)}")
            if start is not None:
                with torch.no_grad():
                    parameter.copy_(start)
    return model.eval()


def attributions_of(name):
    case = json.loads((ROOT / "cases" / name / "case.json").read_text())
    model = model_of(case, load_file(ROOT / "cases" / name / "expected.safetensors"))
    rows = []
    for row, length in enumerate(case["lengths"]):
        label = row % case["labels"]
        ids = torch.tensor([case["input_ids"][row][:length]])
        batch = dict(attention_mask=torch.ones_like(ids))
        if case["family"] == "bert":
            batch["token_type_ids"] = torch.tensor([case["token_type_ids"][row][:length]])
        if case["family"] in ("roberta", "xlm-roberta", "camembert"):
            # What RobertaEmbeddings makes of the ids; with inputs_embeds it would number padding ids too.
            batch["position_ids"] = torch.arange(2, 2 + length)[None]
        kept = []
        table = model.get_input_embeddings()
        hook = table.register_forward_hook(lambda module, inputs, output: kept.append(output.detach().requires_grad_(True)) or kept[-1])
        logits = model(input_ids=ids, **batch).logits
        hook.remove()
        logits[0, label].backward()
        attribution = (kept[0] * kept[0].grad).sum(-1)[0]
        rows.append(dict(label=label, logits=logits[0].tolist(), attribution=attribution.tolist()))
    return dict(case=name, rows=rows)


def main():
    OUT.mkdir(exist_ok=True)
    record = dict(cases=[attributions_of(name) for name in CASES], versions=dict(torch=torch.__version__))
    (OUT / "attributions.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
