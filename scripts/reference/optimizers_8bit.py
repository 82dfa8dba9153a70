"""Reference values for AdamW with block-wise 8-bit state, in NumPy, and its codebook beside the dynamic tree of bitsandbytes.

bitsandbytes computes its 8-bit optimizers on a graphics card alone, so the formula is written out here: arXiv:2110.02861 (blocks of 256, each scaled by its
largest magnitude) with a square in place of the tree. Writes test/fixtures/optimizers/block-wise.json (eight steps over two tensors in float32, as
src/main/engine/optimizers/block-wise.ts computes them, with gradients clipped by global norm) and prints how far both codebooks round. Run from the
repository's root:

    python scripts/reference/optimizers_8bit.py
"""

import json
import pathlib

import numpy as np

F = np.float32
BLOCK, STEPS, MAX_NORM = 256, 8, 1.0
SIZES, PADDED = [300, 7], [512, 256]
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
GROUPS = [dict(learning_rate=1e-2, weight_decay=0.1), dict(learning_rate=3e-2, weight_decay=0.0)]
LEAST = F(1e-30)


def largest(x):
    return np.maximum(np.abs(x).max(axis=1, keepdims=True), LEAST)


def encode_signed(x):
    top = largest(x)
    code = np.sqrt(np.abs(x) / top) * F(127)
    return np.trunc((code + F(0.5)) * np.sign(x)).astype(np.int8), top


def decode_signed(code, top):
    c = code.astype(F)
    return c * np.abs(c) * (top * F(1 / 127**2))


def encode_unsigned(x):
    top = largest(x)
    code = np.sqrt(x / top) * F(255)
    return np.trunc(np.maximum(code + F(0.5), np.sign(x))).astype(np.uint8), top


def decode_unsigned(code, top):
    c = code.astype(F)
    return c * c * (top * F(1 / 255**2))


def step_of(state, gradient, clip, t, learning_rate, weight_decay):
    """torch.optim.AdamW, its factors that are the same for all elements worked out in double precision."""
    correction = np.sqrt(1 - BETA2**t)
    mean = decode_signed(state["exp_avg"], state["exp_avg_max"])
    root = decode_unsigned(state["exp_avg_sq"], state["exp_avg_sq_max"])
    mean = mean * F(BETA1) + gradient * F((1 - BETA1) * clip)
    squares = root * root * F(BETA2) + gradient * gradient * F((1 - BETA2) * clip**2)
    root = np.sqrt(squares)
    direction = mean / (root + F(EPSILON * correction))
    kept = state["weight"] * F(1 - learning_rate * weight_decay)
    state["weight"] = kept - direction * F(learning_rate * correction / (1 - BETA1**t))
    state["exp_avg"], state["exp_avg_max"] = encode_signed(mean)
    state["exp_avg_sq"], state["exp_avg_sq_max"] = encode_unsigned(root)


def numbers(x):
    """The shortest text of a float32 is kept, not that of the same number as a double."""
    return [float(str(value)) for value in x.ravel()]


def updates():
    random = np.random.default_rng(3)

    def draw(i, scale):
        flat = np.zeros(PADDED[i], F)
        # Magnitudes over five decades, as in an embedding whose rows are rarely met.
        flat[: SIZES[i]] = random.standard_normal(SIZES[i]) * 10 ** random.uniform(-5, 0, SIZES[i]) * scale
        return flat.reshape(-1, BLOCK)

    states = []
    for i, padded in enumerate(PADDED):
        blocks = padded // BLOCK
        states.append(
            dict(
                weight=draw(i, 1.0),
                exp_avg=np.zeros((blocks, BLOCK), np.int8),
                exp_avg_max=np.zeros((blocks, 1), F),
                exp_avg_sq=np.zeros((blocks, BLOCK), np.uint8),
                exp_avg_sq_max=np.zeros((blocks, 1), F),
            )
        )
    start = [numbers(state["weight"]) for state in states]
    gradients, after = [], []
    for t in range(1, STEPS + 1):
        gradient = [draw(0, 0.05 if t % 4 == 1 else 2.0), draw(1, 0.1)]
        # A third of the first tensor meets no gradient in half of the steps.
        gradient[0].ravel()[:100] *= F(t % 2)
        norm = float(np.sqrt(sum((g.astype(np.float64) ** 2).sum() for g in gradient)))
        clip = min(1.0, MAX_NORM / (norm + 1e-6))
        for state, g, group in zip(states, gradient, GROUPS):
            step_of(state, g, clip, t, **group)
        gradients.append(dict(norm=norm, values=[numbers(g) for g in gradient]))
        after.append([numbers(state["weight"]) for state in states])
    names = ["exp_avg", "exp_avg_max", "exp_avg_sq", "exp_avg_sq_max"]
    last = [{name: numbers(state[name]) for name in names} for state in states]
    settings = dict(beta1=BETA1, beta2=BETA2, epsilon=EPSILON, momentum=0)
    return dict(settings=settings, max_norm=MAX_NORM, groups=GROUPS, start=start, gradients=gradients, after=after, last=last)


def dynamic_tree(signed):
    """bitsandbytes.functional.create_dynamic_map."""
    values = []
    for i in range(7):
        items = 2 ** (i if signed else i + 1) + 1
        bounds = np.linspace(0.1, 1, items)
        means = (bounds[:-1] + bounds[1:]) / 2
        values += list(10.0 ** (i - 6) * means)
        if signed:
            values += list(-(10.0 ** (i - 6)) * means)
    return np.sort(np.array([*values, 0.0, 1.0]))


def rounding():
    """Mean and largest relative error by decade below the block's largest value."""

    def by_decade(x, rounded):
        error = np.abs(rounded - x) / x
        decades = np.ceil(-np.log10(x))
        return {int(d): (float(error[decades == d].mean()), float(error[decades == d].max())) for d in range(1, 6)}

    x = 10 ** -np.linspace(0, 5, 200_001)[1:]

    def nearest(table, values):
        table = table[table >= 0]
        at = np.clip(np.searchsorted(table, values), 1, len(table) - 1)
        return np.where(values - table[at - 1] <= table[at] - values, table[at - 1], table[at])

    square = lambda top: (np.trunc(np.sqrt(x) * top + 0.5) / top) ** 2
    rows = {
        "m, square": by_decade(x, square(127)),
        "m, dynamic tree": by_decade(x, nearest(dynamic_tree(True), x)),
        "root of v, square": by_decade(x, square(255)),
        "root of v, dynamic tree of v": by_decade(x, np.sqrt(nearest(dynamic_tree(False), x**2))),
    }
    for name, decades in rows.items():
        print(name, {d: f"mean {mean:.1%}, most {most:.0%}" for d, (mean, most) in decades.items()})


def main():
    versions = dict(numpy=np.__version__)
    path = pathlib.Path("test/fixtures/optimizers/block-wise.json")
    path.write_text(json.dumps(dict(versions=versions, **updates())) + "\n")
    rounding()


main()
