"""Did the search find it: hit@k, recall@k, MRR@10 and nDCG@10.

Computed by ir_measures (MacAvaney, Macdonald, Ounis: "Streamlining Evaluation with ir-measures",
ECIR 2022) on top of trec_eval. What is ours is only what counts as a relevant item: trec_eval
knows documents with a name, we have gold quotes with a place.
"""

from collections.abc import Sequence

from eval.spans import Place, Target

NAMES = {
    "Success@1": "hit@1",
    "Success@3": "hit@3",
    "Success@5": "hit@5",
    "Success@10": "hit@10",
    "R@5": "recall@5",
    "R@10": "recall@10",
    "RR@10": "MRR@10",
    "nDCG@10": "nDCG@10",
}


def ranking(found: Sequence[Place], targets: Sequence[Target]) -> dict[str, float]:
    """The eight ranking measures of one question; empty when it has no gold.

    `found` is best first. hit@k: something relevant among the first k (1 or 0). recall@k: the
    share of the relevant items among the first k. MRR@10: one over the rank of the first relevant
    one, 0 beyond 10. nDCG@10 (Järvelin and Kekäläinen 2002): the sum of 1/log2(1 + rank) over the
    relevant ones, divided by that of a perfect list.
    """
    if not targets:
        return {}
    import ir_measures

    ranked, relevant = relevant_items(found, targets)
    run = {"q": {item: float(len(ranked) - rank) for rank, item in enumerate(ranked)}}
    qrels = {"q": dict.fromkeys(relevant, 1)}
    measures = [ir_measures.parse_measure(name) for name in NAMES]
    scores = {
        str(one.measure): float(one.value) for one in ir_measures.iter_calc(measures, qrels, run)
    }
    return {ours: scores.get(theirs, 0.0) for theirs, ours in NAMES.items()}


def relevant_items(
    found: Sequence[Place], targets: Sequence[Target]
) -> tuple[list[str], list[str]]:
    """The ranking as named items, and the names that are relevant.

    A passage is relevant for the gold quotes that no better passage has already shown; those it
    shows together are one item, so that no list can score above the perfect one. A passage that
    shows nothing new is an ordinary miss. Quotes that nobody found are an item each.
    """
    missing = list(targets)
    ranked: list[str] = []
    relevant: list[str] = []
    for rank, place in enumerate(found):
        shown = [target for target in missing if target.is_hit_by(place)]
        missing = [target for target in missing if target not in shown]
        ranked.append(f"found {rank}" if shown else f"other {rank}")
        relevant += [f"found {rank}"] if shown else []
    return ranked, relevant + [f"missing {number}" for number in range(len(missing))]
