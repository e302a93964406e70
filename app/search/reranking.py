"""A LlamaIndex postprocessor, a cross-encoder say, as what reorders passages.

Imported where one is set: importing LlamaIndex takes seconds.
"""

from collections.abc import Sequence
from dataclasses import replace

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, TextNode

from app.search.retriever import Found, Reranker


def reranker(postprocessor: BaseNodePostprocessor) -> Reranker:
    """Return what gives passages the order, and the scores, that their nodes are given."""

    def reranked(query: str, found: Sequence[Found]) -> list[Found]:
        hits = {str(hit.passage.id): hit for hit in found}
        nodes = postprocessor.postprocess_nodes([_node(hit) for hit in found], query_str=query)
        return [replace(hits[node.node_id], score=node.score or 0.0) for node in nodes]

    return reranked


def _node(hit: Found) -> NodeWithScore:
    passage = hit.passage
    told = {"title": passage.title, "section": passage.section}
    node = TextNode(id_=str(passage.id), text=passage.text, metadata=told)
    return NodeWithScore(node=node, score=hit.score)
