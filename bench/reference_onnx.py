"""PyTorch's side of bench/onnx.ts: transformers without gradients, on a BERT that `write` has written. Commands come on stdin, one JSON a line."""

import json
import os
import sys
import time

import torch


def write(folder: str, width: int, layers: int) -> None:
    """Writes a random BERT with three labels as a Hugging Face folder."""
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    heads = width // (64 if width == 768 else 32)
    config = BertConfig(
        hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=4 * width, vocab_size=30522, num_labels=3
    )
    BertForSequenceClassification(config).save_pretrained(folder)


def serve(job: dict) -> None:
    import transformers

    torch.set_num_threads(job["threads"])
    model = transformers.BertForSequenceClassification.from_pretrained(job["folder"], attn_implementation=job["attention"]).eval()
    about = f"torch {torch.__version__}, transformers {transformers.__version__}, {job['attention']}, {job['threads']} threads"
    print(json.dumps({"ready": True, "pid": os.getpid(), "flop": 0, "about": about}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        ids = torch.tensor(command["ids"])
        mask = torch.ones_like(ids)
        milliseconds, begin = [], time.process_time()
        with torch.inference_mode():
            for _ in range(command["run"]):
                start = time.perf_counter()
                logits = model(input_ids=ids, attention_mask=mask, token_type_ids=torch.zeros_like(ids)).logits
                milliseconds.append((time.perf_counter() - start) * 1000)
        cpu = time.process_time() - begin
        print(json.dumps({"milliseconds": milliseconds, "cpuSeconds": cpu, "logits": logits.flatten().tolist()}), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        serve(json.loads(sys.argv[2]))
