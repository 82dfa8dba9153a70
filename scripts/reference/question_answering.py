"""Reference values for extractive question answering: transformers' *ForQuestionAnswering, the post-processing of its examples, SQuAD's own script.

Writes test/fixtures/questions/: models and cases in the form of encoders.py (logits are those of all tokens, padding left out), windows.json, questions and
texts with the windows and true places of transformers' examples, postprocess.json, scores of tokens with the answers of `postprocess_qa_predictions`, and
squad.json, answers with the numbers of SQuAD 2.0's script. The last two need files that are in no package, and are not kept here: utils_qa.py of transformers'
examples/pytorch/question-answering, without its need of tqdm where that is not installed, and metrics/squad_v2/compute_score.py of huggingface/evaluate.
Run from the repository's root:

    python scripts/reference/question_answering.py UTILS_QA.PY COMPUTE_SCORE.PY
"""

import importlib.util
import json
import pathlib
import random
import shutil
import sys

import encoders
import numpy as np
import peft
import tokenizers
import torch
import transformers
from safetensors.torch import save_file

ROOT = pathlib.Path("test/fixtures/questions")
CLASSES = {"bert": "Bert", "roberta": "Roberta", "xlm-roberta": "XLMRoberta", "distilbert": "DistilBert"}


def loaded(path):
    spec = importlib.util.spec_from_file_location(pathlib.Path(path).stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def places_of():
    """First and last token of each row's answer; the second row has none."""
    return torch.tensor([3, 0, 2]), torch.tensor([5, 0, 2])


def loss_of(model, batch, starts, ends):
    """The model's own loss with padding taken out: it gives padding a score that competes with the tokens'. Rows count alike."""
    output = model(**batch)
    padding = batch["attention_mask"] == 0
    least = torch.finfo(torch.float32).min
    cross_entropy = torch.nn.functional.cross_entropy
    start = cross_entropy(output.start_logits.masked_fill(padding, least), starts)
    end = cross_entropy(output.end_logits.masked_fill(padding, least), ends)
    return torch.stack([output.start_logits, output.end_logits], -1), (start + end) / 2


def check_loss(model, batch, starts, ends):
    """The loss above is the mean of the model's own, a row at a time and therefore without padding."""
    model.eval()
    with torch.no_grad():
        _, loss = loss_of(model, batch, starts, ends)
        own = []
        for row, length in enumerate(encoders.LENGTHS):
            alone = {name: values[row : row + 1, :length] for name, values in batch.items()}
            own.append(model(**alone, start_positions=starts[row : row + 1], end_positions=ends[row : row + 1]).loss)
    assert torch.allclose(loss, torch.stack(own).mean(), atol=1e-6), (loss, own)
    model.train()


def write_case(name, family, method, dropout=0.0):
    torch.manual_seed(3)
    folder = ROOT / "cases" / name
    folder.mkdir(parents=True)
    # Only DistilBERT's head drops out, at a rate of its own.
    rates = (
        dict(dropout=dropout, attention_dropout=dropout, qa_dropout=dropout, seq_classif_dropout=0.5)
        if family == "distilbert"
        else dict(hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout, classifier_dropout=0.5)
    )
    model_name = f"{family}-questions{'-dropout' if dropout else ''}"
    config = encoders.config_of(family, num_labels=2, **rates)
    model = getattr(transformers, CLASSES[family] + "ForQuestionAnswering")(config)
    encoders.randomise(model)
    if not (ROOT / "models" / model_name).exists():
        model.save_pretrained(ROOT / "models" / model_name)
    if method["type"] == "lora":
        known = ("r", "lora_alpha", "target_modules")
        # The model within: PeftModelForQuestionAnswering (peft 0.21) takes token_type_ids and does not hand them on.
        model = peft.get_peft_model(model, peft.LoraConfig(task_type="QUESTION_ANS", **{k: method[k] for k in known})).get_base_model()
        for parameter_name, parameter in model.named_parameters():
            if "lora_B" in parameter_name:
                with torch.no_grad():
                    parameter.copy_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(len(parameter_name))) * 0.3)
    elif method["type"] != "full":
        for parameter_name, parameter in model.named_parameters():
            is_head = parameter_name.startswith("qa_outputs")
            parameter.requires_grad_(is_head or (method["type"] == "bitfit" and parameter_name.endswith(".bias")))
    batch, _ = encoders.batch_of(family, "single-label", True)
    starts, ends = places_of()
    if dropout == 0:
        check_loss(model, batch, starts, ends)
    model.train()
    masks = encoders.Masks()
    torch.nn.functional.dropout = masks
    plain = encoders.plain_name
    expected = {f"init.{plain(n)}": p.detach().clone() for n, p in model.named_parameters() if "lora_" in n}
    trained = {plain(n): p for n, p in model.named_parameters() if p.requires_grad}
    rate, decay = 1e-3, 0.01
    exempt = lambda n: n.endswith(".bias") or "norm" in n.lower()
    groups = [dict(params=[p], lr=rate, weight_decay=0.0 if exempt(n) else decay) for n, p in trained.items()]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8)
    kept = batch["attention_mask"] == 1
    losses = []
    for step in range(5):
        masks.at = 0
        optimizer.zero_grad()
        logits, loss = loss_of(model, batch, starts, ends)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            expected["logits"] = logits.detach()[kept].clone()
            expected |= {f"grad.{n}": p.grad.clone() for n, p in trained.items()}
        optimizer.step()
    expected |= {f"after.{n}": p.detach().clone() for n, p in trained.items()}
    # DistilBERT's last mask is that of the head, which Attune asks of the tokens alone.
    own = [*masks.kept[:-1], masks.kept[-1][kept]] if masks.kept and family == "distilbert" else masks.kept
    expected |= {f"mask.{i}": mask for i, mask in enumerate(own)}
    save_file({k: v.contiguous() for k, v in expected.items()}, folder / "expected.safetensors")
    record = dict(
        model=f"../../questions/models/{model_name}", family=family, task="question-answering", method=method, settings={}, labels=2,
        lengths=encoders.LENGTHS, input_ids=batch["input_ids"].tolist(),
        token_type_ids=batch.get("token_type_ids", torch.zeros_like(batch["input_ids"])).tolist(),
        target=torch.stack([starts, ends], -1).tolist(), learning_rate=rate, weight_decay=decay, losses=losses, trained=list(trained),
        versions=dict(torch=torch.__version__, transformers=transformers.__version__),
    )
    (folder / "case.json").write_text(json.dumps(record, indent=1) + "\n")


def tiny_tokenizer():
    """BERT's form over a few characters and pieces of words, so that windows and answers cut words."""
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefgh", *[f"##{c}" for c in "abcdefgh"], "ab", "##cd", ",", ".", "?", "é", "##é"]
    own = tokenizers.BertWordPieceTokenizer({piece: i for i, piece in enumerate(pieces)}, lowercase=True, strip_accents=False)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=own._tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", model_input_names=["input_ids", "token_type_ids"]
    )


def write_windows():
    """`prepare_train_features` of transformers' examples, without padding."""
    tokenizer = tiny_tokenizer()
    draw = random.Random(11)
    cases = []
    for number in range(80):
        words = ["".join(draw.choice("abcdefgh") for _ in range(draw.randrange(1, 5))) for _ in range(draw.randrange(1, 30))]
        context = "".join(word + draw.choice([" ", " ", ", ", " 😀 ", "\n"]) for word in words).strip()
        question = " ".join("".join(draw.choice("abcdefgh") for _ in range(draw.randrange(1, 4))) for _ in range(draw.randrange(1, 4))) + "?"
        start = draw.randrange(len(context))
        end = draw.randrange(start + 1, min(len(context), start + 12) + 1)
        has_answer = number % 4 != 3 and context[start:end].strip() != ""
        longest, stride = draw.choice([(24, 4), (32, 8), (48, 12), (400, 0)])
        tokenized = tokenizer(
            question, context, truncation="only_second", max_length=longest, stride=stride, return_overflowing_tokens=True, return_offsets_mapping=True
        )
        windows = []
        for i, offsets in enumerate(tokenized["offset_mapping"]):
            sequence_ids = tokenized.sequence_ids(i)
            first, last = sequence_ids.index(1), len(sequence_ids) - 1 - sequence_ids[::-1].index(1)
            begin = finish = 0
            if has_answer and offsets[first][0] <= start and offsets[last][1] >= end:
                token = first
                while token < len(offsets) and sequence_ids[token] == 1 and offsets[token][0] <= start:
                    token += 1
                begin, token = token - 1, last
                while token >= 0 and sequence_ids[token] == 1 and offsets[token][1] >= end:
                    token -= 1
                finish = token + 1
            windows.append(dict(ids=tokenized["input_ids"][i], types=tokenized["token_type_ids"][i], start=begin, end=finish))
        cases.append(dict(question=question, context=context, answer=[start, end] if has_answer else None, max_length=longest, stride=stride, windows=windows))
    record = dict(versions=dict(transformers=transformers.__version__, tokenizers=tokenizers.__version__), tokenizer=json.loads(tokenizer.backend_tokenizer.to_str()), cases=cases)
    (ROOT / "windows.json").write_text(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def write_postprocess(utils):
    generator = np.random.default_rng(5)
    cases = []
    for number in range(60):
        context = "".join(chr(97 + int(c)) for c in generator.integers(0, 26, 60))
        n_best, longest = int(generator.choice([2, 5, 20])), int(generator.choice([1, 4, 30]))
        features, scores = [], []
        for window in range(int(generator.integers(1, 4))):
            asked, size = int(generator.integers(1, 5)), int(generator.integers(1, 14))
            from_ = window * 8
            offsets = [None] * (asked + 2) + [(from_ + 2 * i, from_ + 2 * i + 2) for i in range(size)] + [None]
            features.append(dict(example_id="0", offset_mapping=offsets))
            scores.append(generator.normal(0, 3, (len(offsets), 2)).round(4))
        examples = dict(id=["0"], rows=[dict(id="0", context=context)])
        both = ([s[:, 0] for s in scores], [s[:, 1] for s in scores])
        shared = dict(n_best_size=n_best, max_answer_length=longest)
        said, best, gaps = utils.postprocess_qa_predictions(examples, features, both, version_2_with_negative=True, **shared)
        always, _, _ = utils.postprocess_qa_predictions(examples, features, both, **shared)
        cases.append(dict(
            context=context, n_best=n_best, max_answer_length=longest, said=said["0"], always=always["0"], gap=gaps["0"], best=best["0"],
            windows=[dict(offsets=feature["offset_mapping"], scores=own.tolist()) for feature, own in zip(features, scores)],
        ))
    (ROOT / "postprocess.json").write_text(json.dumps(dict(cases=cases), separators=(",", ":")) + "\n")


def write_squad(script):
    draw = random.Random(13)
    words = ["the", "a", "An", "law", "of", "Norway", "U.S.", "$5,000", "café", "Café", "die", "Frist", "beträgt", "30", "Tage", "法律", "an", "thé", "O'Neil", "the-end", "", "“quoted”", "x_a", "a_x", "İstanbul", "Straße"]
    phrase = lambda: " ".join(draw.choice(words) for _ in range(draw.randrange(0, 5)))
    pairs = []
    for _ in range(400):
        gold, said = phrase(), phrase()
        if draw.random() < 0.4:
            said = draw.choice([gold.upper(), f" the {gold}.", gold.replace(" ", "  "), gold[: len(gold) // 2]])
        pairs.append(dict(gold=gold, said=said, exact=script.compute_exact(gold, said), f1=script.compute_f1(gold, said), normal=script.normalize_answer(gold)))
    sets = []
    for number in range(12):
        questions = []
        for i in range(draw.randrange(1, 40)):
            gold = [] if draw.random() < 0.4 else [phrase() or "law" for _ in range(draw.randrange(1, 4))]
            said = draw.choice([*gold, phrase()]) or "law"
            questions.append(dict(gold=gold, said=said, gap=round(draw.uniform(-5, 5), 6)))
        dataset = [dict(paragraphs=[dict(qas=[dict(id=str(i), answers=dict(text=q["gold"])) for i, q in enumerate(questions)])])]
        said = {str(i): q["said"] for i, q in enumerate(questions)}
        gaps = {str(i): q["gap"] for i, q in enumerate(questions)}
        has = {str(i): bool(q["gold"]) for i, q in enumerate(questions)}
        exact, f1 = script.get_raw_scores(dataset, said)
        best, threshold = script.find_best_thresh(said, f1, gaps, has)
        exact_at, f1_at = (script.apply_no_ans_threshold(scores, gaps, has, threshold) for scores in (exact, f1))
        apart = {"all": None, "has": [k for k in has if has[k]], "none": [k for k in has if not has[k]]}
        numbers = {name: dict(script.make_eval_dict(exact_at, f1_at, keys)) for name, keys in apart.items() if keys is None or keys}
        sets.append(dict(questions=questions, best=best, threshold=threshold, numbers=numbers))
    (ROOT / "squad.json").write_text(json.dumps(dict(pairs=pairs, sets=sets), ensure_ascii=False, separators=(",", ":")) + "\n")


def main():
    utils, script = (loaded(path) for path in sys.argv[1:3])
    original = torch.nn.functional.dropout
    shutil.rmtree(ROOT, ignore_errors=True)
    for family in CLASSES:
        write_case(f"{family}-questions", family, dict(type="full"))
    for family in ("bert", "distilbert"):
        write_case(f"{family}-questions-dropout", family, dict(type="full"), dropout=0.3)
    write_case("bert-questions-head", "bert", dict(type="head"))
    write_case("bert-questions-bitfit", "bert", dict(type="bitfit"))
    write_case("bert-questions-lora", "bert", dict(type="lora", r=4, lora_alpha=8, target_modules=["query", "value"]))
    torch.nn.functional.dropout = original
    write_windows()
    write_postprocess(utils)
    write_squad(script)


if __name__ == "__main__":
    main()
