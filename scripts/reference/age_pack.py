"""Opens an encrypted pack of Attune with pyrage (age in Rust), and encrypts a plain one for Attune to open.

    python scripts/reference/age_pack.py PLAIN.attune ENCRYPTED.attune PASSPHRASE OUT.attune

PLAIN and ENCRYPTED are packs of the same export. Prints one JSON line; ends with 1 where what pyrage decrypts is not PLAIN. OUT is
`test/fixtures/packs/pyrage.attune`, which `test/unit/main/export/pack/pack.test.ts` opens.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from pyrage import DecryptError, passphrase


def refuses(encrypted: bytes, wrong: str) -> bool:
    try:
        passphrase.decrypt(encrypted, wrong)
    except DecryptError:
        return True
    return False


def work_factor(encrypted: bytes) -> int:
    return int(encrypted.split(b"\n")[1].split(b" ")[3])


def main(plain: str, encrypted: str, secret: str, out: str) -> int:
    content, ours = Path(plain).read_bytes(), Path(encrypted).read_bytes()
    theirs = passphrase.encrypt(content, secret)
    Path(out).write_bytes(theirs)
    result = {
        "opens_ours": passphrase.decrypt(ours, secret) == content,
        "refuses_another_passphrase": refuses(ours, secret + "!"),
        "bytes": len(content),
        "work_factor_of_ours": work_factor(ours),
        "work_factor_of_theirs": work_factor(theirs),
        "pyrage": version("pyrage"),
        "age-encryption": json.loads(Path("node_modules/age-encryption/package.json").read_text())["version"],
    }
    print(json.dumps(result))
    return 0 if result["opens_ours"] and result["refuses_another_passphrase"] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
