"""Whether a question wants a list, and the words for one kind of thing."""

import re

from app.language.claims import stem

_MANY = (
    "advantages|approaches|benefits|causes|categories|classes|components|cons|criteria|dangers"
    "|defects|defen[cs]es|disadvantages|downsides|drawbacks|effects|elements|examples|factors"
    "|families|faults|features|forms|functions|ingredients|kinds|limitations|limits|measures"
    "|methods|mistakes|objectives|options|parts|phases|pitfalls|principles|problems|programs|pros"
    "|reasons|requirements|risks|rules|safeguards|sorts|stages|steps|strategies|strengths|symptoms"
    "|tasks|techniques|things|tips|tools|types|uses|ways|weaknesses"
)
# Words for one kind of thing: whoever asks for drawbacks means what a document calls downsides.
_ALIKE = (
    "advantages benefits pros strengths upsides",
    "cons disadvantages downsides drawbacks limitations limits weaknesses",
    "approaches methods strategies techniques ways",
    "categories classes families forms kinds sorts types varieties",
    "phases stages steps",
    "dangers hazards risks threats",
    "defects errors faults flaws mistakes pitfalls",
    "countermeasures defences defenses mitigations precautions safeguards",
    "applications uses",
    "components elements ingredients parts",
)
_KIND_OF = {stem(word): stem(group.split()[0]) for group in _ALIKE for word in group.split()}
# "What are its risks?", "Name every stage": what is asked for are several things of one kind.
_LIST = re.compile(
    r"^\W*(?:please |can you |could you )*(?:list|name|enumerate|outline)\b"
    r"|\b(?:list|overview|all) of\b|\bbird['’]s[- ]eye\b|\bstep[- ]by[- ]step\b"
    r"|\bone (?:line|word|sentence) (?:per|for)\b"
    r"|(?<=\S )\bevery (?!(?:other|second|minute|hour|day|night|week|month|year|time|now)\b)[a-z]"
    r"|\b(?:which are|what are (?:all|its|some|the|their)|(?:what|which) (?:does|do) .*\b"
    r"(?:comprise|consist|include))\b"
    rf"|\b(?:what|which)(?: \w+){{0,4}}? (?:{_MANY})\b"
    rf"|^\W*(?:and )?(?:the )?(?:(?:common|frequent|key|main|major|possible|typical|usual) )?"
    rf"(?:{_MANY})\b",
    re.IGNORECASE,
)


def asks_for_list(question: str) -> bool:
    """Say whether a question wants several things of one kind, as a list or a table has them."""
    return _LIST.search(question) is not None


def kind_named(word: str) -> str:
    """Return one of the words that name the same kind of thing ("pros", "benefits"); stems."""
    return _KIND_OF.get(word, word)
