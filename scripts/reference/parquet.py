"""Parquet files of every codec, and a folder as Hugging Face `datasets` saves one, for test/unit/main/data/importers/{parquet,dataset-folder}.test.ts.

Run: python scripts/reference/parquet.py (pyarrow 26.0.1, datasets 5.2.0). The rows are invented.
"""

import datetime
import json
import pathlib

import datasets
import pyarrow as pa
import pyarrow.parquet as pq

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "test" / "fixtures"
OUT = FIXTURES / "parquet"
ROWS = 120


def row(i: int) -> dict:
    return {
        "text": None if i % 17 == 3 else f"Brief {i}: Grüße, 漢字, שלום, 😀 {'x' * (i % 9)}",
        "label": ["urgent", "soon", "routine"][i % 3],
        "big": 9007199254740993 + i,
        "number": i / 8,
        "flag": i % 2 == 0,
        "day": datetime.date(2026, 1, 1) + datetime.timedelta(days=i),
        "moment": datetime.datetime(2026, 1, 1, 12, 30) + datetime.timedelta(hours=i),
        "tags": [f"t{k}" for k in range(i % 4)],
        "nested": {"a": i, "b": "x"},
    }


def cell(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def files() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    rows = [row(i) for i in range(ROWS)]
    table = pa.Table.from_pylist(rows)
    for codec in ["none", "snappy", "gzip", "brotli", "lz4", "zstd"]:
        for version in ["1.0", "2.0"]:
            # Small pages and row groups: what is read a piece at a time must come together again.
            pq.write_table(
                table,
                OUT / f"{codec}-{version[0]}.parquet",
                compression=codec,
                data_page_version=version,
                data_page_size=400,
                write_batch_size=7,
                row_group_size=50,
                use_dictionary=["label"],
            )
    expected = [{name: cell(value) for name, value in one.items() if name != "nested"} for one in rows]
    (OUT / "expected.json").write_text(json.dumps(expected, ensure_ascii=False))


def folder() -> None:
    features = datasets.Features(
        {
            "sentence": datasets.Value("string"),
            "label": datasets.ClassLabel(names=["negative", "positive"]),
            "topics": datasets.List(datasets.ClassLabel(names=["price", "staff", "place"])),
        }
    )
    root = FIXTURES / "datasets-folder" / "data"
    root.mkdir(parents=True, exist_ok=True)
    for part, count in [("train", 8), ("validation", 3), ("test", 4)]:
        rows = {
            "sentence": [f"{part} sentence {i}" for i in range(count)],
            "label": [-1 if part == "test" and i == 0 else i % 2 for i in range(count)],
            "topics": [list(range(i % 4)) for i in range(count)],
        }
        shards = 2 if part == "train" else 1
        whole = datasets.Dataset.from_dict(rows, features=features)
        for i in range(shards):
            whole.shard(shards, i, contiguous=True).to_parquet(root / f"{part}-{i:05d}-of-{shards:05d}.parquet")


files()
folder()
