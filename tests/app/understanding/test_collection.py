"""Which questions are about the documents themselves, and which are for the documents to answer.

Now is Sunday, 22 November 2026, three in the afternoon.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.understanding.collection import (
    Changes,
    Greeting,
    Listing,
    Summary,
    WhichDocument,
    recognised,
)
from app.understanding.periods import Period
from ingest.catalogue import Document

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def document(name: str, title: str) -> Document:
    return Document(
        name, f"/docs/{name}", "0", "markdown", title, None, {}, (), (), 3, "", "indexed"
    )


DIFFUSION = document("diffusion-models.md", "Diffusion models")
GANS = document("guides/gans-and-vaes.md", "GANs and VAEs")
IMAGES = document("image-generation.md", "Image generation")
VIDEOS = document("video.html", "Video and 3D generation")
OXYGEN = document("Oxygen.md", "Oxygen")
DOCUMENTS = [DIFFUSION, GANS, IMAGES, VIDEOS, OXYGEN]


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


LAST_WEEK = Period(day(11, 9), day(11, 16))


@pytest.mark.parametrize(
    "question",
    [
        "what documents do you have?",
        "What documents do you have",
        "which documents are there?",
        "Which files are available?",
        "what files can you read?",
        "What kinds of documents are in the corpus?",
        "list the documents",
        "List all documents.",
        "Please list all of the documents",
        "Can you list your documents, please?",
        "show me the files",
        "Could you show me a list of your documents?",
        "Give me the titles of all documents",
        "how many documents are there?",
        "How many documents do you have?",
        "How many files have you indexed?",
        "What is the number of documents in the library?",
        "How big is the corpus?",
        "What's in your library?",
        "What is in the knowledge base?",
        "What do you know about?",
        "What can I ask you about?",
        "What topics do the documents cover?",
        "What are the documents about?",
        "Tell me which documents you have",
        "Summarise all documents",
        "Give me an overview of the corpus",
        "the documents",
    ],
)
def test_a_list_of_the_documents_is_asked_for(question: str) -> None:
    assert recognised(question, lambda: DOCUMENTS, NOW) == Listing()


@pytest.mark.parametrize(
    "question",
    [
        "Hello!",
        "Good morning",
        "thanks",
        "Thank you very much!",
        "ok, great",
        "help",
        "Who are you?",
        "What is this tool?",
        "What can you do for me?",
        "How do I use this?",
        "How does Footnote work?",
    ],
)
def test_a_greeting_is_no_question_to_the_documents(question: str) -> None:
    assert recognised(question, lambda: DOCUMENTS, NOW) == Greeting()


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("Which documents are about diffusion?", "diffusion"),
        ("which documents mention Marie Curie?", "Marie Curie"),
        ("What documents do you have about image generation?", "image generation"),
        ("Do you have any documents on “token limits”?", "token limits"),
        ("Is there a document about GANs?", "GANs"),
        ("Are there any docs on transformers", "transformers"),
        ("List all documents about attention", "attention"),
        ("Show me the documents that mention CLIP", "CLIP"),
        ("How many documents are about video?", "video"),
        ("Which of the documents discuss latency?", "latency"),
    ],
)
def test_a_list_of_documents_about_something_is_asked_for(question: str, about: str) -> None:
    assert recognised(question, lambda: DOCUMENTS, NOW) == Listing(about)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What has changed since last week?", Changes(Period(day(11, 9)))),
        ("what changed today", Changes(Period(day(11, 22)))),
        ("What is new since 2026-11-01?", Changes(Period(day(11, 1)))),
        ("What's new since 1 November?", Changes(Period(day(11, 1)))),
        ("What has been added since Monday?", Changes(Period(day(11, 16)), "added")),
        ("Which documents were added today?", Changes(Period(day(11, 22)), "added")),
        ("which documents have changed since yesterday", Changes(Period(day(11, 21)), "changed")),
        (
            "Which files were removed yesterday?",
            Changes(Period(day(11, 21), day(11, 22)), "removed"),
        ),
        ("What was deleted this month?", Changes(Period(day(11, 1)), "removed")),
        (
            "Have any documents changed in the last 3 days?",
            Changes(Period(NOW - timedelta(days=3)), "changed"),
        ),
        ("Are there any new documents?", Changes(Period(NOW - timedelta(days=7)), "added")),
        ("List the latest documents", Changes(Period(NOW - timedelta(days=7)), "added")),
        ("What has changed in the corpus?", Changes(Period(NOW - timedelta(days=7)))),
        ("What is new in the documents this week?", Changes(Period(day(11, 16)))),
        ("Show me the changes since 2026-11-20", Changes(Period(day(11, 20)))),
        ("What happened in the library last month?", Changes(Period(day(10, 1), day(11, 1)))),
        ("What did I add yesterday?", Changes(Period(day(11, 21), day(11, 22)), "added")),
        ("Which documents did I add today?", Changes(Period(day(11, 22)), "added")),
        ("Which documents are new?", Changes(Period(NOW - timedelta(days=7)), "added")),
        ("How many documents were added last week?", Changes(LAST_WEEK, "added")),
    ],
)  # fmt: skip
def test_what_has_changed_is_asked_for(question: str, wanted: Changes) -> None:
    assert recognised(question, lambda: DOCUMENTS, NOW) == wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("summarise the document on diffusion", DIFFUSION),
        ("Summarize the document about GANs, please.", GANS),
        ("Give me an overview of diffusion-models.md", DIFFUSION),
        ("give me a short summary of gans-and-vaes.md", GANS),
        ("Summarise “Diffusion models” in three sentences.", DIFFUSION),
        ("Summarise diffusion models", DIFFUSION),
        ("What is the document GANs and VAEs about?", GANS),
        ("What is Image generation about?", IMAGES),
        ("what is image-generation.md about?", IMAGES),
        ("Can you tell me what the document on oxygen is about?", OXYGEN),
        ("What does the document on diffusion say?", DIFFUSION),
        ("What's in video.html?", VIDEOS),
        ("tell me about guides/gans-and-vaes.md", GANS),
        ("Describe the file Oxygen.md", OXYGEN),
        ("tl;dr: diffusion-models.md", DIFFUSION),
        ("TL;DR of the diffusion document", DIFFUSION),
        ("What are the key points of the diffusion models document?", DIFFUSION),
        ("sum up the file called video.html", VIDEOS),
        ("Could you please summarise the article on oxygen?", OXYGEN),
        ("diffusion-models.md", DIFFUSION),
        ("What is the gist of the document titled 'GANs and VAEs'?", GANS),
    ],
)
def test_a_summary_of_one_document_is_asked_for(question: str, wanted: Document) -> None:
    assert recognised(question, lambda: DOCUMENTS, NOW) == Summary(wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Summarise the document", WhichDocument("", tuple(DOCUMENTS))),
        ("What is this document about?", WhichDocument("", tuple(DOCUMENTS))),
        ("Summarise the document on generation", WhichDocument("generation", (IMAGES, VIDEOS))),
        ("Summarise the document about bread", WhichDocument("bread")),
    ],
)
def test_where_the_document_is_not_clear_it_is_asked_which(
    question: str, wanted: WhichDocument
) -> None:
    assert recognised(question, lambda: DOCUMENTS, NOW) == wanted


def test_the_only_document_needs_no_name() -> None:
    assert recognised("Summarise the document", lambda: [OXYGEN], NOW) == Summary(OXYGEN)


def test_a_document_that_could_not_be_read_has_no_summary() -> None:
    broken = replace(OXYGEN, status="failed")
    asked = recognised("Summarise Oxygen.md", lambda: [broken], NOW)
    assert asked == WhichDocument("Oxygen.md", (broken,))


@pytest.mark.parametrize(
    "question",
    [
        "What changed in GPT-4?",
        "What has changed in image generation since 2022?",
        "What has changed since the invention of the transformer?",
        "What has changed?",
        "What is new in transformers?",
        "What is new?",
        "What was added to the model in 2020?",
        "What are the documents required for a visa?",
        "Which documents are required to travel?",
        "Which documents are about to expire?",
        "Which documents were changed by the treaty?",
        "How many documents did the court review?",
        "What files are there in a Debian package?",
        "How many documents fit into a context window?",
        "List the steps of training a model",
        "List the advantages of diffusion models",
        "Show me how attention works",
        "Summarise the difference between GANs and VAEs",
        "Summarise how diffusion models work",
        "Summarise the first document signed in 1648",
        "Summarise the paper that introduced attention",
        "Give me an overview of sampling methods",
        "Give me a summary of the history of image generation",
        "What is a document embedding?",
        "What is attention about?",
        "What is image generation?",
        "What do diffusion models struggle with?",
        "What does a tokeniser do?",
        "What does the document on diffusion say about guidance?",
        "Tell me about diffusion models",
        "Tell me about oxygen",
        "Describe image generation",
        "Explain GANs and VAEs",
        "How are documents split into passages in RAG?",
        "How do I summarise a document with an LLM?",
        "Can you summarise what RAG does with documents?",
        "What is the main idea of attention?",
        "What is in a model card?",
        "What topics does Oxygen cover",
        "What did the report say?",
        "Is there a limit on the number of documents?",
        "What is it about?",
        "Summarise it",
        "Hello, what is RAG?",
        "Thanks, what else?",
        "Help me with embeddings",
        "How does this work?",
        "What is this?",
        "Who are the authors?",
        "List the documents about " + "very " * 100 + "much",
        "",
        "?",
    ],
)
def test_what_the_documents_are_to_answer_is_left_to_them(question: str) -> None:
    assert recognised(question, lambda: DOCUMENTS, NOW) is None
