"""PyTorch's side of bench/job.ts: one whole fine-tuning job with transformers' Trainer, from the start of the process to the test metrics."""

import csv
import json
import os
import sys
import time

started = time.perf_counter()
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TOKENIZERS_PARALLELISM="false", HF_HUB_DISABLE_PROGRESS_BARS="1")


def peak() -> int:
    """Peak resident memory without pages of mapped files, in bytes (Linux)."""
    fields = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
    kilobytes = lambda key: int(fields[key].split()[0])
    return (kilobytes("VmHWM") - kilobytes("RssFile")) * 1024


def main(job: dict) -> None:
    import numpy
    import torch
    from sklearn.metrics import f1_score
    from transformers import AutoModelForSequenceClassification, PreTrainedTokenizerFast, Trainer, TrainingArguments

    torch.set_num_threads(job["threads"])
    rows = list(csv.DictReader(open(job["data"], newline="")))
    rows = [row for row in rows if row["label"]]
    classes = sorted({row["label"] for row in rows})
    tokenizer = PreTrainedTokenizerFast.from_pretrained(job["model"])
    encoded = tokenizer([row["text"] for row in rows], truncation=True, max_length=256)
    items = [{"input_ids": encoded["input_ids"][i], "attention_mask": encoded["attention_mask"][i], "labels": classes.index(row["label"])} for i, row in enumerate(rows)]
    order = torch.randperm(len(items), generator=torch.Generator().manual_seed(1)).tolist()
    cut = [int(len(items) * share) for share in (0.7, 0.85)]
    train, validation, test = ([items[i] for i in part] for part in (order[: cut[0]], order[cut[0] : cut[1]], order[cut[1] :]))
    model = AutoModelForSequenceClassification.from_pretrained(job["model"], num_labels=len(classes))
    if job["method"] == "lora":
        from peft import LoraConfig, get_peft_model

        model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", r=8, lora_alpha=16, target_modules=["query", "value"]))
    else:
        for parameter in model.base_model.parameters():
            parameter.requires_grad_(False)
    sampling = {"train_sampling_strategy": "group_by_length"} if job["group"] else {}
    arguments = TrainingArguments(
        output_dir=job["out"], num_train_epochs=3, per_device_train_batch_size=16, per_device_eval_batch_size=32, learning_rate=5e-4, use_cpu=True,
        eval_strategy="epoch", save_strategy="epoch", load_best_model_at_end=True, metric_for_best_model="macro_f1", logging_steps=10, report_to=[],
        disable_tqdm=True, seed=1, **sampling,
    )
    metrics = lambda result: {"macro_f1": f1_score(result.label_ids, numpy.argmax(result.predictions, -1), average="macro")}
    trainer = Trainer(model=model, args=arguments, train_dataset=train, eval_dataset=validation, processing_class=tokenizer, compute_metrics=metrics)
    trainer.train()
    score = trainer.evaluate(test)["eval_macro_f1"]
    print(json.dumps({"seconds": time.perf_counter() - started, "macro_f1": score, "peak": peak()}))


main(json.loads(sys.argv[1]))
