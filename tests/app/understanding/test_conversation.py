"""Which questions lean on what was said before, and what is made of them."""

import pytest

from app.understanding.conversation import (
    Turn,
    joined_question,
    leans_on_conversation,
    resolved_question,
    usable_rewrite,
)

EARLIER = [Turn("How do GANs work?", "Two networks compete: a generator and a discriminator. [1]")]


@pytest.mark.parametrize(
    "question",
    [
        "And what are its drawbacks?",
        "What about images?",
        "Why?",
        "Can they write code?",
        "Tell me more.",
        "give an example",
        "Which one is faster?",
        "So is that legal?",
        "the latter?",
        "Where in today's large language models?",
    ],
)
def test_a_question_that_points_back_or_goes_on_leans(question: str) -> None:
    assert leans_on_conversation(question)


@pytest.mark.parametrize(
    "question",
    [
        "What do diffusion models struggle with?",
        "How does RLHF change a pretrained language model?",
        "Who introduced the transformer architecture?",
        "What is BLEU?",
        "Where in South Carolina did nobles settle?",
        "When in history was bread baked first?",
    ],
)
def test_a_question_that_names_what_it_asks_about_stands_alone(question: str) -> None:
    assert not leans_on_conversation(question)


def test_joining_puts_the_latest_question_before() -> None:
    earlier = [Turn("What is a GAN?", "…"), Turn("What is a VAE?", "…")]
    assert joined_question("And in speech?", earlier) == "What is a VAE? And in speech?"
    assert joined_question("And its use?", []) == "And its use?"


def test_a_rewriting_is_usable_when_it_is_about_what_was_said() -> None:
    question = "What are their drawbacks?"
    assert usable_rewrite("What are the drawbacks of GANs?", question, EARLIER)
    assert usable_rewrite("What drawbacks has the generator?", question, EARLIER)
    assert not usable_rewrite("What is the capital of France?", question, EARLIER)
    assert not usable_rewrite("", question, EARLIER)
    assert not usable_rewrite("GANs?\nDrawbacks?", question, EARLIER)
    assert not usable_rewrite("GANs " * 80, question, EARLIER)


def test_a_rewriting_that_says_no_more_of_where_there_is_is_not_usable() -> None:
    earlier = [Turn("When does the harbour close?", "The harbour closes at dusk.")]
    question = "Who may still moor there?"
    assert not usable_rewrite("Who may moor there?", question, earlier)
    assert usable_rewrite("Who may moor in the harbour?", question, earlier)
    assert usable_rewrite("Is there a ferry?", "Is there a ferry?", earlier)


def test_a_rewriting_that_asks_an_earlier_question_again_is_not_usable() -> None:
    earlier = [Turn("How heavy is a GAN?", "It weighs two gigabytes."), Turn("Is it safe?", "…")]
    assert not usable_rewrite("How heavy is a GAN?", "And what would it cost?", earlier)
    assert usable_rewrite("What would a GAN cost?", "And what would it cost?", earlier)
    assert usable_rewrite("Why is a GAN safe?", "Why?", earlier)


@pytest.mark.parametrize(
    ("before", "question", "resolved"),
    [
        (["What is a VAE?"], "And its use?", "And a VAE's use?"),
        (["What are ferries?"], "Who built them?", "Who built ferries?"),
        (["Explain tea to me."], "What are its effects?", "What are tea's effects?"),
        (
            ["When was the Wasserstein GAN published?"],
            "Is it fast?",
            "Is the Wasserstein GAN fast?",
        ),
        (["How large is Phi-3-mini?"], "does it apply to cats?", "does Phi-3-mini apply to cats?"),
        (["What is Ollama?", "When did it appear?"], "Who owns it?", "Who owns Ollama?"),
        (["What is the capital of France?"], "How large is it?", None),
        (["Did Ada meet Carl?"], "When was it?", None),
        (["What is tea?"], "Is it possible to grow coffee?", None),
        (["What is tea?"], "How is it unlike its rivals?", None),
        (["What is tea?"], "Does Assam hold its flavour?", None),
        (["What is tea?"], "Is the leaf dried when it is green?", None),
        (["What is tea?"], "And does it grow in Assam?", "And does tea grow in Assam?"),
        (["How do ferries float?"], "Why do they?", None),
        ([], "Why is it?", None),
    ],
)
def test_what_it_stands_for_is_put_in_where_that_is_plain(
    before: list[str], question: str, resolved: str | None
) -> None:
    assert resolved_question(question, [Turn(each, "") for each in before]) == resolved


def test_a_rewriting_may_use_another_word_and_leave_out_idle_ones() -> None:
    earlier = [Turn("Is QLoRA good?", "Yes.")]
    assert usable_rewrite(
        "How much memory does QLoRA require?", "how much memory does that need?", earlier
    )
    assert usable_rewrite(
        "What is done against QLoRA?", "ok, and what is done against that?", earlier
    )


def test_a_question_that_names_its_topic_first_leans_on_nothing() -> None:
    assert not leans_on_conversation("The first mill, was that a water mill?")
    assert leans_on_conversation("And then, was that a water mill?")
    assert leans_on_conversation("In that case, is it a water mill?")


def test_a_rewriting_that_states_what_was_asked_is_not_usable() -> None:
    earlier = [Turn("What is QLoRA?", "A way to tune.")]
    assert not usable_rewrite("QLoRA is fast.", "is that fast?", earlier)
    assert usable_rewrite("Explain QLoRA.", "explain that", earlier)


def test_what_points_back_to_the_question_before_it_in_one_message_does_not_lean() -> None:
    assert not leans_on_conversation("Which kinds of tea exist? Name all of them.")
    assert leans_on_conversation("Which of them exist? Name all of them.")
    assert leans_on_conversation("Why? Is it old?")
