"""Arrow files as pyarrow, pandas and Hugging Face datasets write them, with what they hold. Run from the repository's root:

    python scripts/reference/arrow.py
"""
import datetime
import json
import shutil
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.ipc as ipc

OUT = Path("test/fixtures/arrow")
shutil.rmtree(OUT, ignore_errors=True)
OUT.mkdir(parents=True)

ROWS = 60
texts = [None if i == 7 else f"letter {i} with Grüße, 漢字 and 😀 " + "again and again " * (i % 5) for i in range(ROWS)]
table = pa.table(
    {
        "text": texts,
        "kind": pa.array(["routine", "soon", "urgent"] * (ROWS // 3)).dictionary_encode(),
        "score": [i / 4 for i in range(ROWS)],
        "count": pa.array(range(ROWS), pa.int64()),
        "ok": [i % 2 == 0 for i in range(ROWS)],
        "day": [datetime.date(2026, 3, 1) + datetime.timedelta(days=i) for i in range(ROWS)],
        "moment": pa.array([datetime.datetime(2026, 3, 1, 12, 30, i % 60) for i in range(ROWS)], pa.timestamp("us")),
        "topics": [["price", "staff"][: i % 3] for i in range(ROWS)],
        "where": [{"ward": "a", "bed": i} for i in range(ROWS)],
        "long": pa.array(texts, pa.large_string()),
    }
)
for compression in ["uncompressed", "lz4", "zstd"]:
    feather.write_feather(table, OUT / f"{compression}.feather", compression=compression, chunksize=25)
with ipc.new_stream(OUT / "stream.arrow", table.schema) as writer:
    for batch in table.to_batches(max_chunksize=25):
        writer.write_batch(batch)

features = datasets.Features({"sentence": datasets.Value("string"), "label": datasets.ClassLabel(names=["negative", "positive"])})
part = lambda name, n: datasets.Dataset.from_dict(
    {"sentence": [f"{name} sentence {i}" for i in range(n)], "label": [i % 2 for i in range(n)]}, features=features
)
datasets.DatasetDict({"train": part("train", 6), "test": part("test", 3)}).save_to_disk(OUT / "saved")
shown = table.drop(["where"]).to_pylist()
expected = [
    {
        **row,
        "score": row["score"],
        "day": row["day"].isoformat(),
        "moment": row["moment"].strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }
    for row in shown
]
(OUT / "expected.json").write_text(
    json.dumps({"pyarrow": pa.__version__, "datasets": datasets.__version__, "rows": expected}, ensure_ascii=False, indent=0) + "\n"
)
