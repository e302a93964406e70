"""Twenty visitors at once, who ask two questions each: nothing fails, crosses or piles up.

Fifty of them, for two minutes: `python -m tests.load.visitors`.
"""

from pathlib import Path

from tests.load.running import Held, settled
from tests.load.visitors import Crowd, crowd, questions_of, troubles, visits_alone
from tests.loops import awaited
from tests.security.attacking import running

VISITORS, QUESTIONS = 20, 2
THINGS = (
    "moss", "tide", "slate", "heron", "cedar", "amber", "flint", "otter", "maple", "coral",
    "basil", "clove", "raven", "birch", "agate", "tulip", "finch", "pearl", "thyme", "lotus",
    "robin", "olive", "topaz", "hazel", "crane", "poppy", "onyx", "mint", "wren", "sage",
    "opal", "fern", "lark", "plum", "jade", "iris", "kelp", "rook", "reed", "dill",
)  # fmt: skip
DOCUMENTS = {
    f"{thing}.md": f"# About {thing}\n\n## Weight of {thing}\n\nA piece of {thing} weighs "
    f"{number + 10} grams.\n"
    for number, thing in enumerate(THINGS)
}


def test_what_a_crowd_sees_is_what_each_would_see_alone(tmp_path: Path) -> None:
    with running(tmp_path, documents=DOCUMENTS) as server:
        assert server.process is not None
        questions = questions_of(server.home, VISITORS * QUESTIONS)
        alone = awaited(visits_alone(server.address, questions, QUESTIONS))
        assert len({str(chat) for chat in alone.values()}) == VISITORS
        assert all("grams" in turn.answer for chat in alone.values() for turn in chat)
        before = settled(server.process.pid)
        seen = awaited(crowd(server.address, alone, VISITORS, seconds=300, rounds=1))
        after = settled(server.process.pid)
        said = server.said
    assert len(seen.seconds) == VISITORS * QUESTIONS
    assert troubles(before, after, seen, said) == []


def test_what_must_not_be_is_told() -> None:
    before, after = Held(40, 500, 20), Held(90, 700, 20)
    found = troubles(before, after, Crowd([1.0], ["timed out"], ["How? So."]), "Traceback (most")
    assert [each.partition(":")[0] for each in found] == [
        "failed", "crossed", "descriptors", "memory", "in the log",
    ]  # fmt: skip
    assert troubles(before, before, Crowd([1.0]), "") == []
