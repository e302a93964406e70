"""MiniLM's weights → the same model as an ONNX graph whose matrix products are of 8-bit numbers.

Method: SmoothQuant (Xiao et al. 2023, section 4): the few inputs of a product that are far larger
than the rest are divided by a factor by which its weights are multiplied. How large each one gets
is seen by running the graph in full precision on texts. So the scales are constants, and a vector
does not depend on the texts beside it. Cosine to full precision on 400 sentences of squad, on
average and at least: 0.997 and 0.989; scales found anew for each batch gave 0.993 and 0.974.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import ModelProto

Numbers = NDArray[np.float32]
Ranges = Mapping[str, tuple[Numbers, Numbers]]

# Raise it when the same weights would give another graph.
QUANTISING_VERSION = 1

# Seven bits: of eight, two products overflow the 16 bits in which processors without VNNI add them.
_LARGEST_WEIGHT = 63

# How much of an input's size its weights take over (the paper's alpha); 0.65 to 0.8 do as well.
_TAKEN_OVER = 0.75

_OPSET = 21
_FUSED = "com.microsoft"  # ONNX Runtime's own operators: a whole attention, a whole normalisation


def quantised(folder: Path) -> bytes:
    """Return the model in a sentence-transformers `folder` as an ONNX file's content.

    It takes `ids` and `mask`, int32 of shape (texts, tokens), and gives `tokens`, the tokens'
    vectors, shape (texts, tokens, dimensions). Takes some seconds.
    """
    exact = _Graph(folder)
    ranges = _ranges(exact, _calibration(folder))
    return bytes(_Graph(folder, ranges).model.SerializeToString())


def _calibration(folder: Path) -> Iterable[list[int]]:
    """Yield token ids to see ranges on: the model's own description, and tokens by chance."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    for line in (folder / "README.md").read_text("utf-8").splitlines():
        yield tokenizer.encode(line).ids
    first, last = tokenizer.encode("").ids
    chance = np.random.default_rng(0)
    for _ in range(100):
        yield [first, *chance.integers(1_000, tokenizer.get_vocab_size(), 30).tolist(), last]


def _ranges(exact: "_Graph", texts: Iterable[list[int]]) -> Ranges:
    """Return, for each product, the least and the largest that each of its inputs was."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        exact.model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    lowest = {name: np.float32(0) for name in exact.inputs}
    highest = dict(lowest)
    for ids in texts:
        read = np.array([ids], np.int32)
        fed = {"ids": read, "mask": np.ones_like(read)}
        for name, seen in zip(
            exact.inputs, session.run(list(exact.inputs.values()), fed), strict=True
        ):
            lowest[name] = np.minimum(lowest[name], seen.min(axis=(0, 1)))
            highest[name] = np.maximum(highest[name], seen.max(axis=(0, 1)))
    return {name: (np.asarray(lowest[name]), np.asarray(highest[name])) for name in exact.inputs}


class _Graph:
    """The model as a graph: in full precision, or with `ranges` of the inputs in 8-bit numbers.

    `inputs` are the names of what goes into each product, by the product's.
    """

    def __init__(self, folder: Path, ranges: Ranges | None = None) -> None:
        from safetensors.numpy import load_file

        config = json.loads((folder / "config.json").read_text("utf-8"))
        self._weights = load_file(folder / "model.safetensors")
        self._ranges = ranges
        self._heads = config["num_attention_heads"]
        self._epsilon = config["layer_norm_eps"]
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self.inputs: dict[str, str] = {}
        hidden = self._embeddings()
        for layer in range(config["num_hidden_layers"]):
            hidden = self._layer(hidden, f"encoder.layer.{layer}.")
        self.model = self._finished(hidden, config["hidden_size"])

    def _embeddings(self) -> str:
        weights, name = self._weights, "embeddings."
        # Every token is of the first segment.
        segment = weights[f"{name}token_type_embeddings.weight"][0]
        places = weights[f"{name}position_embeddings.weight"] + segment
        words = self._constant("words", weights[f"{name}word_embeddings.weight"])
        norm = self._norm(f"{name}LayerNorm.")
        taken = ["ids", "", words, self._constant("places", places), "", *norm, "mask"]
        return self._fused(
            "EmbedLayerNormalization", taken, ["embedded", "lengths"], epsilon=self._epsilon
        )

    def _layer(self, hidden: str, name: str) -> str:
        parts = [f"{name}attention.self.{part}" for part in ("query", "key", "value")]
        weights = np.concatenate([self._weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        attended = self._product(hidden, weights, bias, f"{name}attention", attends=True)
        hidden = self._added(attended, hidden, f"{name}attention.output.")
        inner = self._dense(hidden, f"{name}intermediate.dense")
        active = self._fused("Gelu", [inner], [f"{name}active"])
        return self._added(active, hidden, f"{name}output.")

    def _added(self, value: str, hidden: str, name: str) -> str:
        """What a block gives, added to what it was given, normalised."""
        dense = self._dense(value, f"{name}dense")
        taken = [dense, hidden, *self._norm(f"{name}LayerNorm.")]
        return self._fused("SkipLayerNormalization", taken, [f"{name}sum"], epsilon=self._epsilon)

    def _norm(self, name: str) -> list[str]:
        return [self._constant(name + part, self._weights[name + part]) for part in _NORM]

    def _dense(self, value: str, name: str) -> str:
        weights, bias = self._weights[f"{name}.weight"].T, self._weights[f"{name}.bias"]
        return self._product(value, weights, bias, name)

    def _product(
        self, value: str, weights: Numbers, bias: Numbers, name: str, attends: bool = False
    ) -> str:
        """`value` times `weights`, and `bias`; with `attends`, the attention of these."""
        self.inputs[name] = value
        added = self._constant(f"{name}.bias", bias)
        if self._ranges is None:
            kept = self._constant(f"{name}.weights", weights)
            if attends:
                return self._attention("Attention", [value, kept, added, "lengths"], name)
            product = self._node("MatMul", [value, kept], [f"{name}.product"])
            return self._node("Add", [product, added], [name])
        lowest, highest = self._ranges[name]
        factors = _smoothing(np.maximum(highest, -lowest), weights)
        smooth = self._node(
            "Mul", [value, self._constant(f"{name}.smoothing", 1 / factors)], [f"{name}.smooth"]
        )
        step, zero = _scale(lowest / factors, highest / factors)
        scale = [self._constant(f"{name}.scale", step), self._constant(f"{name}.zero", zero)]
        small = self._node("QuantizeLinear", [smooth, *scale], [f"{name}.small"])
        numbers, steps = _in_eight_bits(weights * factors[:, np.newaxis])
        kept = self._constant(f"{name}.weights", numbers)
        zeros = self._constant(f"{name}.zeros", np.zeros(len(steps), np.int8))
        widths = self._constant(f"{name}.steps", steps)
        if attends:
            taken = [small, kept, added, scale[0], widths, "lengths", scale[1], zeros]
            return self._attention("QAttention", taken, name)
        taken = [small, kept, scale[0], widths, scale[1], zeros, added]
        return self._fused("MatMulIntegerToFloat", taken, [name])

    def _attention(self, operator: str, taken: list[str], name: str) -> str:
        return self._fused(operator, taken, [name], num_heads=self._heads)

    def _fused(self, operator: str, taken: list[str], given: list[str], **settings: Any) -> str:
        return self._node(operator, taken, given, domain=_FUSED, **settings)

    def _node(self, operator: str, taken: list[str], given: list[str], **settings: Any) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(operator, taken, given, **settings))
        return given[0]

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _finished(self, hidden: str, dimensions: int) -> "ModelProto":
        from onnx import TensorProto, helper

        self._node("Identity", [hidden], ["tokens"])
        shape = ["texts", "tokens"]
        taken = [
            helper.make_tensor_value_info(name, TensorProto.INT32, shape)
            for name in ("ids", "mask")
        ]
        given = [
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [*shape, dimensions]),
            # Seen by the calibration only.
            *(
                helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
                for name in self.inputs.values()
                if self._ranges is None
            ),
        ]
        graph = helper.make_graph(self._nodes, "model", taken, given, self._constants)
        versions = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=10)


_NORM = ("weight", "bias")


def _smoothing(sizes: Numbers, weights: Numbers) -> Numbers:
    """The factor for each input of a product, from how large it gets and how large its weights."""
    inputs = np.maximum(sizes, 1e-3) ** _TAKEN_OVER
    factors = inputs / np.maximum(np.abs(weights).max(axis=1), 1e-3) ** (1 - _TAKEN_OVER)
    smoothing: Numbers = (factors / np.exp(np.log(factors).mean())).astype(np.float32)
    return smoothing


def _scale(lowest: Numbers, highest: Numbers) -> tuple[NDArray[Any], NDArray[Any]]:
    """The width of a step and the number that stands for 0, to have a range in 0 to 255."""
    least, most = min(float(lowest.min()), 0.0), max(float(highest.max()), 0.0)
    step = np.float32((most - least) / 255)
    return np.array(step), np.array(round(-least / float(step)), np.uint8)


def _in_eight_bits(weights: Numbers) -> tuple[NDArray[np.int8], Numbers]:
    """The weights in whole steps, and the width of a step in each column."""
    steps = (np.abs(weights).max(axis=0) / _LARGEST_WEIGHT).astype(np.float32)
    return np.rint(weights / steps).astype(np.int8), steps
