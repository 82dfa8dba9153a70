"""Writes test/fixtures/tokenizers: four tiny tokenizers, and what transformers' fast tokenizers make of awkward texts.

Run from the repository root with Python and the packages transformers and tokenizers:
    python scripts/reference/tokenizers_fixture.py
"""

import collections
import hashlib
import json
import math
import pathlib
import shutil

import tokenizers
import transformers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = pathlib.Path("test/fixtures/tokenizers")

CORPUS = [
    "The patient was seen in the clinic today and reported no new symptoms since the last visit.",
    "We would be grateful for an urgent review of this patient, who presents with chest pain.",
    "The tenant shall indemnify the landlord against any loss arising from the use of the premises.",
    "This agreement may be terminated by either party on thirty days' written notice.",
    "Le patient a été vu à l'hôpital; l'évolution était très favorable après le traitement.",
    "Der Vertrag läuft über fünf Jahre und verlängert sich danach automatisch.",
    "Übergrößenträger können jederzeit zurückgeben.",
    "Пациент был осмотрен в клинике сегодня.",
    "患者は今日クリニックで診察を受けました。",
    "合同自签署之日起生效。",
    "המטופל נבדק היום במרפאה.",
    "تم فحص المريض اليوم في العيادة.",
    "Costs were £1,234.50 (approx. $1,600) on 12/03/2021 at 14:30; see www.example.org/a?b=c#d.",
    "It's great 😀 👍🏽, really great 👨‍👩‍👧 !!!",
    "re-examination, follow-up, post-operative, anti-inflammatory, un-believ-able",
]

TEXTS = [
    "",
    " ",
    "     \t \n ",
    "a",
    "The patient was seen today.",
    "THE PATIENT WAS SEEN TODAY!!!",
    "  leading and   many   spaces  ",
    "line one\nline two\r\nline three\ttabbed",
    "caf\u00e9 na\u00efve r\u00e9sum\u00e9 \u00dcbergr\u00f6\u00dfe \u00e6\u00f8\u00e5 \u0141\u00f3d\u017a",
    "cafe\u0301 nai\u0308ve combining a\u0328\u0302 \u1e9b\u0323",
    "Z\u0351\u036b\u0343a\u0321\u0358l\u0335g\u0321o\u0321",
    "\u0130stanbul I\u0131 \u1e9e \ufb01nance \u210c \u00bd \u2168 \uff21\uff22\uff23",
    "\U0001f600\U0001f44d\U0001f3fd",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 flag \U0001f1eb\U0001f1f7 heart \u2764\ufe0f",
    "\u60a3\u8005\u306f\u4eca\u65e5\u30af\u30ea\u30cb\u30c3\u30af\u3067\u3001mixed English\u3068\u6570\u5b57123\u3002",
    "\u5408\u540c\u81ea\u7b7e\u7f72\u4e4b\u65e5\u8d77\u751f\u6548",
    "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab",
    "four bytes: \U00020000\U0002a6d6 \U0001d11e \U00010348 \U000e0041",
    "\u05d4\u05de\u05d8\u05d5\u05e4\u05dc \u05e0\u05d1\u05d3\u05e7 \u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
    "\u0627\u0644\u0645\u0631\u064a\u0636 \u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f mixed \u202eRTL\u202c text",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22",
    "control \u0000\u0001\u0007\u001b[31m\u007f\u0085 chars",
    "zero\u200bwidth\ufeffbom soft\u00adhyphen nbsp\u00a0here \u2028line\u2029para \u3000wide",
    "replacement \ufffd and private \ue000 \U000f0000 nonchar \uffff",
    "It's can't won't I'm you're they've we'd she'll 'quoted' \"double\" \u2018curly\u2019 \u201cquotes\u201d",
    "www.example.org/a?b=c#d user@example.org 12/03/2021 14:30 1,234.50 3.14e-10 $\u00a3\u20ac\u00a5",
    "snake_case camelCase kebab-case <b>html</b> &amp; {\"json\": [1, 2]} `code` ~!@#$%^&*()_+|\\",
    "literal [CLS] and [SEP] and [MASK] [PAD] [UNK] tokens",
    "literal <s> and </s> and <mask> <pad> <unk> tokens <s><mask>x",
    "\u2581already\u2581marked \u0120G \u00e2\u0080\u0099 ##ing ## #",
    "abc" * 40,
    "unbelievable anti-inflammatory re-examination " * 6,
    "The tenant shall indemnify the landlord against any loss arising from the use of the premises. " * 3,
]

# Written once here, made again by the test: text repeated so many times.
LONG = [
    {"repeat": "The patient was seen. ", "times": 4546},
    {"repeat": "x", "times": 100000},
    {"repeat": "\U0001f600\u00e9\u60a3 ", "times": 25000},
]

PAIRS = [
    (4, 5),
    (0, 4),
    (4, 0),
    (0, 0),
    (2, 2),
    (32, 3),
    (3, 32),
    (32, 31),
    (31, 32),
    (8, 14),
    (13, 19),
    (24, 24),
    (27, 28),
    (32, 4),
    (4, 32),
]
SINGLE_LENGTHS = [3, 4, 7, 16, 40]
PAIR_LENGTHS = [5, 6, 9, 16, 33]
WINDOWS = [(8, 0), (9, 3), (16, 13)]


def word_piece(lowercase):
    """A WordPiece vocabulary chosen by counting, so that it is the same each time: the library's trainer is not."""
    normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    words = collections.Counter()
    for text in CORPUS:
        for word, _ in pre_tokenizers.BertPreTokenizer().pre_tokenize_str(normalizer.normalize_str(text)):
            words[word] += 1
    characters = sorted({c for word in words for c in word})
    suffixes = collections.Counter()
    for word, count in words.items():
        for size in range(2, 6):
            if len(word) > size:
                suffixes["##" + word[-size:]] += count
    best = sorted(words, key=lambda w: (-words[w], w))[:120]
    endings = sorted(suffixes, key=lambda w: (-suffixes[w], w))[:120]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters, *["##" + c for c in characters], *best, *endings]
    vocabulary = {token: i for i, token in enumerate(dict.fromkeys(tokens))}
    return vocabulary


def bert(folder, lowercase, tokenizer_class):
    tokenizer = tokenizer_class(vocab=word_piece(lowercase), do_lower_case=lowercase)
    tokenizer.save_pretrained(folder)


def roberta(folder):
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.BpeTrainer(
        vocab_size=450, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    trained.train_from_iterator(CORPUS, trainer)
    model = json.loads(trained.to_str())["model"]
    merges = [tuple(m) for m in model["merges"]]
    # As the published checkpoints have it: the mask takes the space before it along.
    mask = tokenizers.AddedToken("<mask>", lstrip=True, normalized=False, special=True)
    transformers.RobertaTokenizer(vocab=model["vocab"], merges=merges, mask_token=mask).save_pretrained(folder)


def unigram_normalizer():
    return normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])


def unigram_pre_tokenizer():
    return pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])


def unigram_pieces():
    """Pieces and log-probabilities by counting, so that they are the same each time: the library's trainer is not."""
    counts = collections.Counter()
    for text in CORPUS:
        for word, _ in unigram_pre_tokenizer().pre_tokenize_str(unigram_normalizer().normalize_str(text)):
            for size in range(1, 7):
                counts.update(word[i : i + size] for i in range(len(word) - size + 1))
    single = sorted(piece for piece in counts if len(piece) == 1)
    longer = sorted((piece for piece in counts if len(piece) > 1), key=lambda p: (-counts[p] * (len(p) - 1), p))[:220]
    total = sum(counts.values())
    scored = [(piece, round(math.log(counts[piece] / total), 4)) for piece in [*single, *longer]]
    return [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *scored]


def xlm_roberta(folder):
    """As XLM-R's, with NFKC in place of its character map."""
    tokenizer = Tokenizer(models.Unigram(unigram_pieces(), unk_id=3))
    tokenizer.normalizer = unigram_normalizer()
    tokenizer.pre_tokenizer = unigram_pre_tokenizer()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([tokenizers.AddedToken("<mask>", lstrip=True, normalized=False)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("<s>", "</s>")],
    )
    names = dict(bos_token="<s>", eos_token="</s>", sep_token="</s>", cls_token="<s>", unk_token="<unk>")
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", mask_token="<mask>", **names)
    fast.save_pretrained(folder)


def content(tokenizer, text):
    return tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]


def encoded(tokenizer, length, *texts):
    # A list of one: transformers takes a second text that is the empty string for no second text, but only outside a list.
    columns = [[text] for text in texts]
    result = tokenizer(*columns, truncation=True, max_length=length, return_token_type_ids=True)
    return [result["input_ids"][0], result["token_type_ids"][0]]


def windows(tokenizer, text, length, stride):
    options = dict(return_overflowing_tokens=True, return_token_type_ids=True)
    return tokenizer(text, truncation=True, max_length=length, stride=stride, **options)["input_ids"]


def digest(ids):
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()


def long_case(tokenizer, repeat, times):
    ids = content(tokenizer, repeat * times)
    return {"repeat": repeat, "times": times, "tokens": len(ids), "sha256": digest(ids), "head": encoded(tokenizer, 12, repeat * times)}


def golden(tokenizer):
    roles = ("pad", "unk", "cls", "sep", "mask")
    return {
        "size": len(tokenizer),
        "special": {role: getattr(tokenizer, f"{role}_token_id") for role in roles},
        "content": [content(tokenizer, text) for text in TEXTS],
        "decoded": [tokenizer.backend_tokenizer.decode(content(tokenizer, text)) for text in TEXTS],
        "single": {n: [encoded(tokenizer, n, text) for text in TEXTS] for n in SINGLE_LENGTHS},
        "pair": {n: [encoded(tokenizer, n, TEXTS[a], TEXTS[b]) for a, b in PAIRS] for n in PAIR_LENGTHS},
        "windows": [
            {"text": i, "length": n, "stride": s, "ids": windows(tokenizer, TEXTS[i], n, s)} for n, s in WINDOWS for i in (0, 4, 8, 24)
        ],
        "long": [long_case(tokenizer, **case) for case in LONG],
    }


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    builders = {
        "bert-uncased": lambda folder: bert(folder, True, transformers.BertTokenizer),
        "distilbert-cased": lambda folder: bert(folder, False, transformers.DistilBertTokenizer),
        "roberta": roberta,
        "xlm-roberta": xlm_roberta,
    }
    values = {}
    for name, build in builders.items():
        folder = OUT / name
        folder.mkdir(parents=True)
        build(folder)
        compact = json.loads((folder / "tokenizer.json").read_text())
        (folder / "tokenizer.json").write_text(json.dumps(compact, ensure_ascii=False, separators=(",", ":")) + "\n")
        values[name] = golden(transformers.AutoTokenizer.from_pretrained(folder))
    versions = {"tokenizers": tokenizers.__version__, "transformers": transformers.__version__}
    document = {"made_by": "scripts/reference/tokenizers_fixture.py", "versions": versions, "texts": TEXTS, "pairs": PAIRS}
    document["tokenizers"] = values
    (OUT / "golden.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
