"""Writes test/fixtures/safetensors: a file by the reference safetensors library, and what is in it.

Run from the repository's root: python scripts/reference/safetensors_fixture.py
"""

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

OUT = Path("test/fixtures/safetensors")


def float32_bits(tensor):
    return tensor.to(torch.float32).contiguous().view(torch.int32).flatten().numpy().view(np.uint32).tolist()


def raw_bytes(tensor):
    return b"" if tensor.numel() == 0 else tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


NAMES = {
    torch.bool: "BOOL", torch.uint8: "U8", torch.int8: "I8", torch.int16: "I16", torch.uint16: "U16", torch.int32: "I32",
    torch.uint32: "U32", torch.float32: "F32", torch.float64: "F64", torch.int64: "I64", torch.uint64: "U64",
    torch.float16: "F16", torch.bfloat16: "BF16",
}


def weights_hash(tensors):
    """The framing that src/main/engine/weights/weights-hash.ts documents, written down a second time."""
    digest = hashlib.sha256(b"attune-weights-1\0")
    for name in sorted(tensors):
        tensor = tensors[name]
        for text in (name.encode(), NAMES[tensor.dtype].encode()):
            digest.update(struct.pack("<I", len(text)) + text)
        digest.update(struct.pack("<I", tensor.dim()) + b"".join(struct.pack("<Q", size) for size in tensor.shape))
        data = raw_bytes(tensor)
        digest.update(struct.pack("<Q", len(data)) + data)
    return digest.hexdigest()


def make_tensors():
    torch.manual_seed(1)
    return {
        "encoder.weight": torch.randn(3, 5),
        "encoder.half": torch.randn(4, 3).to(torch.float16),
        "encoder.brain": torch.randn(7).to(torch.bfloat16),
        "encoder.double": torch.randn(2, 2, dtype=torch.float64),
        "z.positions": torch.arange(6).reshape(1, 6),
        "z.long": torch.tensor([0, 1, 2**40], dtype=torch.uint64),
        "a.int32": torch.tensor([-5, 70000], dtype=torch.int32),
        "a.uint32": torch.tensor([5, 4000000000], dtype=torch.uint32),
        "a.int16": torch.tensor([-300, 300], dtype=torch.int16),
        "a.uint16": torch.tensor([3, 60000], dtype=torch.uint16),
        "a.int8": torch.tensor([-128, 127, 5], dtype=torch.int8),
        "a.uint8": torch.tensor([0, 255, 9], dtype=torch.uint8),
        "a.bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(0, 4),
        "naïve \"quoted\" 模型": torch.tensor([0.1, -0.0, float("inf"), 1e-45]),
    }


def make_rounding():
    """float32 values that are hard to round, and their 16-bit forms."""
    generator = np.random.default_rng(2)
    words = generator.integers(0, 2**32, 1000, dtype=np.uint64).astype(np.uint32)
    # Exact ties of bfloat16 and of float16 with odd and even kept bits, the edges of overflow and of the subnormals.
    ties = [0x3F808000, 0x3F818000, 0x3F801000, 0x3F803000, 0x477FEFFF, 0x477FF000, 0x7F7F8000, 0x7F7FFFFF, 0x33000000, 0x33000001,
            0x33800000, 0x33C00000, 0x387FE000, 0x387FF000, 0x00008000, 0x00018000, 0x80000000, 0x7F800000, 0xFF800000]
    # NaNs are left out: their payload is not part of the contract.
    words = np.array([*ties, *words], dtype=np.uint32)
    words = words[~np.isnan(words.view(np.float32))]
    values = torch.from_numpy(words.view(np.int32).copy()).view(torch.float32)
    bits = lambda dtype: values.to(dtype).view(torch.int16).numpy().view(np.uint16).tolist()
    return {"float32": words.tolist(), "bfloat16": bits(torch.bfloat16), "float16": bits(torch.float16)}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    tensors = make_tensors()
    save_file(tensors, OUT / "reference.safetensors", metadata={"format": "pt"})
    described = {
        name: {"dtype": NAMES[t.dtype], "shape": list(t.shape), "float32": float32_bits(t), "bytes": raw_bytes(t).hex()}
        for name, t in tensors.items()
    }
    content = {"tensors": described, "weights_hash": weights_hash(tensors), "rounding": make_rounding()}
    (OUT / "reference.json").write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
