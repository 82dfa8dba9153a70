"""PyTorch's side of bench/step.ts: transformers and peft, eager or through torch.compile, on a BERT that `write` has written. Commands come on stdin, one JSON a line."""

import json
import os
import sys
import time

import torch

THREADS = 2
torch.set_num_threads(THREADS)


def write(folder: str, width: int) -> None:
    """Writes a random six-layer BERT as a Hugging Face folder."""
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    heads = width // (64 if width == 768 else 32)
    config = BertConfig(
        hidden_size=width, num_hidden_layers=6, num_attention_heads=heads, intermediate_size=4 * width, vocab_size=30522, num_labels=3
    )
    BertForSequenceClassification(config).save_pretrained(folder)


class Side:
    """One model with its optimizer, kept alive between commands."""

    def __init__(self, job: dict) -> None:
        self.device = job.get("device", "cpu")
        torch.backends.cuda.matmul.allow_tf32 = job.get("tf32", False)
        from transformers import BertForSequenceClassification

        drop = {"hidden_dropout_prob": job["dropout"], "attention_probs_dropout_prob": job["dropout"]}
        model = BertForSequenceClassification.from_pretrained(
            job["folder"], num_labels=job["labels"], attn_implementation=job["attention"], **drop
        )
        if job["method"] == "lora":
            from peft import LoraConfig, TaskType, get_peft_model

            lora = LoraConfig(
                task_type=TaskType.SEQ_CLS, r=job["rank"], lora_alpha=job["alpha"], lora_dropout=0.0, target_modules=["query", "value"]
            )
            model = get_peft_model(model, lora)
        elif job["method"] in ("head", "cached"):
            for parameter in model.bert.parameters():
                parameter.requires_grad_(False)
        if job.get("checkpointing", False):
            model.gradient_checkpointing_enable()
            if job["method"] == "lora":
                model.enable_input_require_grads()
        self.model = model.train().to(self.device)
        self.trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        # What Trainer uses by default: the fused AdamW.
        self.optimizer = torch.optim.AdamW(self.trained, lr=job["learningRate"], weight_decay=0.01, fused=True)
        self.max_norm = job["maxGradNorm"]
        self.half = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(job.get("precision", "float32"))
        self.scaler = torch.amp.GradScaler(self.device, enabled=self.half is torch.float16)
        shape = (job["rows"], job["time"])
        ids = (torch.arange(shape[0] * shape[1]) * 7919 % 30000 + 100).reshape(shape)
        self.batch = {
            "input_ids": ids,
            "token_type_ids": torch.zeros(shape, dtype=torch.long),
            "attention_mask": torch.ones(shape, dtype=torch.long),
            "labels": torch.arange(shape[0]) % job["labels"],
        }
        self.batch = {name: tensor.to(self.device) for name, tensor in self.batch.items()}
        if job.get("compile", False):
            self.model = torch.compile(self.model)

    def step(self) -> float:
        """One whole optimizer step, as Trainer makes it: forward, backward, clipping, AdamW."""
        with torch.autocast(self.device, dtype=self.half, enabled=self.half is not None):
            loss = self.model(**self.batch).loss
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        torch.nn.utils.clip_grad_norm_(self.trained, self.max_norm)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad()
        value = loss.item()
        if self.device == "cuda":
            torch.cuda.synchronize()
        return value

    def flop(self) -> int:
        """Operations of one step's matrix products, counted by torch."""
        from torch.utils.flop_counter import FlopCounterMode

        with FlopCounterMode(display=False) as counter:
            self.step()
        return counter.get_total_flops()


def matrix_rate(seconds: float) -> float:
    """Floating-point operations a second of the model's largest product shape, now."""
    a, w = torch.randn(1024, 768), torch.randn(3072, 768)
    torch.nn.functional.linear(a, w)
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        torch.nn.functional.linear(a, w)
        count += 1
    return count * 2 * 1024 * 768 * 3072 / (time.perf_counter() - start)


def say(message: dict) -> None:
    """Answers the other process."""
    print(json.dumps(message), flush=True)


def serve(job: dict) -> None:
    """Runs steps when told, and takes up another job when told, until stdin closes."""
    import transformers

    side = Side(job)
    compiled = job.get("compile", False)
    mode = "compiled" if compiled else "eager"
    about = f"torch {torch.__version__}, transformers {transformers.__version__}, attention {job['attention']}, {mode}"
    # The counter does not see into compiled code, and a step that is not would take its own memory: the other side counts for both.
    say({"ready": True, "pid": os.getpid(), "flop": 0 if compiled else side.flop(), "about": about})
    for line in sys.stdin:
        command = json.loads(line)
        if "job" in command:
            del side
            if command["job"].get("device") == "cuda":
                torch.cuda.empty_cache()
            side = Side(command["job"])
            say({"ready": True, "pid": os.getpid(), "flop": 0, "about": about})
            continue
        times, loss, cpu = [], 0.0, time.process_time()
        for _ in range(command["run"]):
            start = time.perf_counter()
            loss = side.step()
            times.append((time.perf_counter() - start) * 1000)
        say({"milliseconds": times, "cpuSeconds": time.process_time() - cpu, "loss": loss})


def rate() -> None:
    """Measures the matrix-multiply rate when told."""
    say({"ready": True, "pid": os.getpid(), "flop": 0, "about": "matrix rate"})
    for line in sys.stdin:
        say({"rate": matrix_rate(json.loads(line)["seconds"])})


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1] == "rate":
        rate()
    else:
        serve(json.loads(sys.argv[2]))
