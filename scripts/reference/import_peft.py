"""PEFT adapters made by peft itself, with the logits that peft gives with them: what Attune has to read.

Writes test/fixtures/adapters/: for each case the two files of the adapter as save_pretrained wrote them, and case.json with base model, texts and logits;
and a tokenizer for each kind of special tokens. Run from the repository's root, after encoders.py:

    python scripts/reference/import_peft.py
"""

import json
import pathlib
import shutil

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors

ROOT = pathlib.Path("test/fixtures/adapters")
MODELS = pathlib.Path("test/fixtures/encoders/models")
# Single letters and digits, so that the vocabulary of the tiny models holds every word.
WORDS = [chr(ord("a") + i) for i in range(26)] + [str(i) for i in range(9)]
TEXTS = ["a b c d", "z y x w v u t s", "q", "m n o p 1 2 3 4 5 6 7 8", "e e e f f", "k 0 k 1 k 2"]


def tokenizer_of(kind):
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] if kind == "bert" else ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    first, last, unknown = ("[CLS]", "[SEP]", "[UNK]") if kind == "bert" else ("<s>", "</s>", "<unk>")
    vocabulary = {token: i for i, token in enumerate(special + WORDS)}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token=unknown, continuing_subword_prefix="##", max_input_chars_per_word=100))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    # RoBERTa knows one type of token.
    second = ":1" if kind == "bert" else ":0"
    ends = [(first, vocabulary[first]), (last, vocabulary[last])]
    made.post_processor = processors.TemplateProcessing(single=f"{first} $A {last}", pair=f"{first} $A {last} $B{second} {last}{second}", special_tokens=ends)
    made.add_special_tokens(special)
    return made


def randomise(model):
    """Whatever was trained is away from where it started, so that it counts."""
    generator = torch.Generator().manual_seed(23)
    for parameter in model.parameters():
        if parameter.requires_grad:
            with torch.no_grad():
                parameter.copy_(parameter + torch.randn(parameter.shape, generator=generator) * 0.3)


def write(name, base, tokenizer, half=False, outputs=None, **options):
    folder = ROOT / name
    task = options.get("task_type", "SEQ_CLS") or "SEQ_CLS"
    torch.manual_seed(7)
    named = dict(num_labels=2) if task == "QUESTION_ANS" else {} if outputs is None else dict(num_labels=len(outputs), ignore_mismatched_sizes=True)
    load = lambda: getattr(transformers, CLASSES[task]).from_pretrained(MODELS / base, attn_implementation="eager", **named)
    model = peft.get_peft_model(load(), peft.LoraConfig(**{"task_type": "SEQ_CLS", **options}))
    randomise(model)
    model.save_pretrained(folder)
    (folder / "README.md").unlink()
    weights = folder / "adapter_model.safetensors"
    if half:
        save_file({key: value.half() for key, value in load_file(weights).items()}, weights, metadata={"format": "pt"})
    config = json.loads((folder / "adapter_config.json").read_text())
    # As somebody else has it on their hub.
    config["base_model_name_or_path"] = f"somebody/{base}"
    config["target_modules"] = sorted(config["target_modules"]) if isinstance(config["target_modules"], list) else config["target_modules"]
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")
    again = peft.PeftModel.from_pretrained(load(), folder).eval()
    # The tiny models read few tokens.
    pairs = [(question, text) for question, text in zip(TEXTS[1:], TEXTS) if len(f"{question} {text}".split()) <= 14]
    questions, texts = map(list, zip(*pairs)) if task == "QUESTION_ANS" else (None, TEXTS)
    encoded = tokenizer_of(tokenizer).encode_batch(list(zip(questions, texts)) if task == "QUESTION_ANS" else texts)
    longest = max(len(each.ids) for each in encoded)
    pad = 0 if tokenizer == "bert" else 1
    ids = torch.tensor([each.ids + [pad] * (longest - len(each.ids)) for each in encoded])
    mask = torch.tensor([[1] * len(each.ids) + [0] * (longest - len(each.ids)) for each in encoded])
    given = dict(input_ids=ids, attention_mask=mask)
    if task == "QUESTION_ANS" and again.config.model_type == "bert":
        longest_types = [each.type_ids + [0] * (longest - len(each.ids)) for each in encoded]
        given["token_type_ids"] = torch.tensor(longest_types)
    # The wrapper of PEFT for answers does not hand token types on; the model inside it has the adapter.
    with torch.no_grad():
        said = again.base_model(**given)
    if task == "QUESTION_ANS":
        said = torch.stack([said.start_logits, said.end_logits], -1)
        logits = torch.cat([row[: len(each.ids)] for row, each in zip(said, encoded)])
    elif task == "TOKEN_CLS":
        logits = torch.cat([row[1 : len(each.ids) - 1] for row, each in zip(said.logits, encoded)])
    else:
        logits = said.logits
    if outputs is not None:
        names = {str(i): name for i, name in enumerate(outputs)}
        (folder / "config.json").write_text(json.dumps(dict(model_type="bert", id2label=names), indent=2) + "\n")
    versions = dict(peft=peft.__version__, torch=torch.__version__, transformers=transformers.__version__)
    asked = dict(questions=questions) if task == "QUESTION_ANS" else {}
    tagged = {} if outputs is None else dict(outputs=outputs)
    record = dict(base=base, tokenizer=tokenizer, texts=texts, **asked, **tagged, logits=logits.tolist(), versions=versions)
    (folder / "case.json").write_text(json.dumps(record, indent=1) + "\n")


CLASSES = {
    "SEQ_CLS": "AutoModelForSequenceClassification",
    "TOKEN_CLS": "AutoModelForTokenClassification",
    "QUESTION_ANS": "AutoModelForQuestionAnswering",
}


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    ROOT.mkdir(parents=True)
    for kind in ("bert", "roberta"):
        tokenizer_of(kind).save(str(ROOT / f"tokenizer-{kind}.json"))
    lora = dict(r=4, lora_alpha=8)
    write("suffixes", "bert-3", "bert", target_modules=["query", "value"], **lora)
    write("paths-and-dropout", "bert-3", "bert", target_modules=["bert.encoder.layer.0.attention.self.query", "layer.1.output.dense"], lora_dropout=0.1, **lora)
    write(
        "regex-and-patterns", "bert-3", "bert", target_modules=r"(?P<base>bert)\.encoder\..*\.(query|dense)", use_rslora=True,
        rank_pattern={r"output\.dense": 2, "layer.1.intermediate.dense": 6}, alpha_pattern={"query": 3, r"layer\.\d+\.intermediate\.dense": 20}, **lora,
    )
    write("all-linear-biases", "bert-3", "bert", target_modules="all-linear", bias="lora_only", **lora)
    write("all-biases", "bert-3", "bert", target_modules=["key"], layers_to_transform=[1], bias="all", **lora)
    write("saved-pooler", "bert-3", "bert", target_modules=["query"], modules_to_save=["classifier", "pooler"], fan_in_fan_out=True, **lora)
    write("no-task", "bert-3", "bert", task_type=None, target_modules=["query", "value"], exclude_modules=["layer.0.attention.self.value"], modules_to_save=["classifier"], **lora)
    write("distilbert", "distilbert-3", "bert", target_modules=["q_lin", "v_lin"], modules_to_save=["pre_classifier", "classifier"], **lora)
    write("roberta-score-fp16", "roberta-1", "roberta", half=True, target_modules=["query", "value"], **lora)
    # Tags in the order of somebody else; then one of them (I-PLACE) was never seen.
    tags = ["B-NAME", "B-PLACE", "I-NAME", "I-PLACE", "O"]
    write("tags", "bert-3", "bert", outputs=tags, task_type="TOKEN_CLS", target_modules=["query", "value"], **lora)
    write("tags-unseen", "bert-3", "bert", outputs=[tag for tag in tags if tag != "I-PLACE"], task_type="TOKEN_CLS", target_modules=["key"], **lora)
    write("answers", "bert-3", "bert", task_type="QUESTION_ANS", target_modules=["query", "value"], **lora)
    write("answers-distilbert", "distilbert-3", "bert", task_type="QUESTION_ANS", target_modules=["q_lin", "v_lin"], **lora)
    write("answers-roberta", "roberta-1", "roberta", task_type="QUESTION_ANS", target_modules=["query", "value"], **lora)


if __name__ == "__main__":
    main()
