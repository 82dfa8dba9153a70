"""Reference values for what only tests or a person's own head add to BERT: DoRA and IA3 from peft, LoRA that trains biases, and our heads in torch.

Writes test/fixtures/methods/cases/, in the form of encoders.py and on the checkpoints that it wrote. Run from the repository's root, after it:

    python scripts/reference/methods.py
"""

import pathlib
import shutil

import encoders
import peft
import torch

ROOT = pathlib.Path("test/fixtures/methods")


class OwnHead(torch.nn.Module):
    """BERT's hidden states, pooled, through Linear, GELU and dropout to the labels."""

    def __init__(self, bert, rate, pooling, hidden_sizes, labels):
        super().__init__()
        self.bert, self.pooling, self.rate = bert, pooling, rate
        self.bert.pooler = None
        sizes = [encoders.WIDTH, *hidden_sizes]
        hidden = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.classifier = torch.nn.ModuleDict(dict(hidden=hidden, out=torch.nn.Linear(sizes[-1], labels)))

    def forward(self, **batch):
        states, mask = self.bert(**batch).last_hidden_state, batch["attention_mask"][:, :, None]
        if self.pooling == "mean":
            x = (states * mask).sum(1) / mask.sum(1)
        elif self.pooling == "max":
            x = states.masked_fill(mask == 0, -torch.inf).amax(1)
        else:
            x = states[:, 0]
        drop = lambda x: torch.nn.functional.dropout(x, self.rate, self.training)
        if len(self.classifier["hidden"]) == 0:
            x = drop(x)
        for layer in self.classifier["hidden"]:
            x = drop(torch.nn.functional.gelu(layer(x)))
        return type("Output", (), dict(logits=self.classifier["out"](x)))


def apply_method(model, method):
    kind = method["type"]
    if kind == "own-head":
        return OwnHead(model.bert, model.config.classifier_dropout, method["pooling"], method["hidden_sizes"], encoders.LABELS)
    options = {k: v for k, v in method.items() if k != "type"}
    config = peft.IA3Config(task_type="SEQ_CLS", **options) if kind == "ia3" else peft.LoraConfig(task_type="SEQ_CLS", use_dora=kind == "dora", **options)
    model = peft.get_peft_model(model, config)
    for name, parameter in model.named_parameters():
        moved = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(len(name))) * 0.3
        with torch.no_grad():
            if "lora_B" in name:
                parameter.copy_(moved)
            elif "ia3_l" in name or "magnitude" in name:
                parameter.add_(moved)
    return model


def plain_name(name):
    return name.removeprefix("base_model.model.").replace(".modules_to_save.default", "").replace(".default", "").replace(".base_layer", "")


def write(name, method, dropout=0.0):
    encoders.write_case(name, "bert", "single-label", method, dropout=dropout)


def main():
    original = torch.nn.functional.dropout
    shutil.rmtree(ROOT, ignore_errors=True)
    encoders.ROOT, encoders.apply_method, encoders.plain_name = ROOT, apply_method, plain_name
    encoders.STARTS = ("lora_", "ia3_l", "classifier.hidden", "classifier.out")
    lora = dict(type="lora", r=4, lora_alpha=8, target_modules=["query", "value"])
    write("dora", dict(lora, type="dora"))
    write("dora-every-layer", dict(lora, type="dora", target_modules=["query", "key", "value", "dense"]))
    write("ia3", dict(type="ia3", target_modules=["key", "value", "output.dense"], feedforward_modules=["output.dense"]))
    write("lora-only-biases", dict(lora, target_modules="all-linear", bias="lora_only"))
    write("lora-all-biases", dict(lora, bias="all"))
    for pooling in ("cls", "mean", "max"):
        write(f"head-{pooling}", dict(type="own-head", pooling=pooling, hidden_sizes=[]))
    write("head-hidden", dict(type="own-head", pooling="default", hidden_sizes=[12, 6]))
    write("head-mean-dropout", dict(type="own-head", pooling="mean", hidden_sizes=[12]), dropout=0.3)
    write("head-max-dropout", dict(type="own-head", pooling="max", hidden_sizes=[]), dropout=0.3)
    torch.nn.functional.dropout = original
    for model in (ROOT / "models").iterdir():
        theirs = pathlib.Path("test/fixtures/encoders/models") / model.name / "model.safetensors"
        assert (model / "model.safetensors").read_bytes() == theirs.read_bytes(), f"{model.name} is not the checkpoint that encoders.py wrote"
    shutil.rmtree(ROOT / "models")


if __name__ == "__main__":
    main()
