"""What a question wants: a yes or a no, a list, an explanation, a word on each of several."""

import re

from app.language.claims import stem

# "Is it larger than…", "A or B?": one question about two things, of which each has its passages.
_SEVERAL = re.compile(
    r"\b(?:and|or|both|between|than|vs|versus|unlike|compar\w+|contrast\w*|differ\w*)\b",
    re.IGNORECASE,
)

# "How does it work?": more than one passage has a part of the answer.
_EXPLAIN = re.compile(
    r"^\W*(?:please )?(?:what are|how (?:do|does|did) .*\bwork|explain|describe|what should)\b",
    re.IGNORECASE,
)
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
# "The old mill, was that for sale?"
_TOPIC = (
    r"(?!(?:how|what|when|where|which|who|why)\b)[^,]{3,60},\s+"
    r"(?=\w+\s(?:it|that|they|this|those)\b)"
)
_TOPIC_FIRST = re.compile(rf"\W*(?!(?:and|but|ok|okay|so|then|well)\b){_TOPIC}", re.IGNORECASE)
_GOES_ON = r"(?:(?:and|but|so|then|well)\b,?\s+)?"
_AUXILIARY = (
    "am|is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would"
)
_WHETHER = re.compile(
    rf"^{_GOES_ON}"
    r"(?:(?:if|when|as|since|because|after|before|while|with|in|on|for)\b[^,]*,\s+"
    rf"|{_TOPIC})?"
    rf"(?:{_AUXILIARY}|need)(?:n['’]t)?\s",
    re.IGNORECASE,
)
# "Surely I may row?", "So it is free?": statements by their words.
_STATED = re.compile(
    rf"^{_GOES_ON}"
    r"(?:surely|presumably|i (?:assume|guess|presume|suppose|take it)"
    rf"|(?:i|you|we|they|he|she|it|that|this|there)(?:['’](?:s|re|m|ll)|\s(?:{_AUXILIARY})))\b"
    r"(?!.*\b(?:how|what|when|where|which|who|whom|whose|why)\b).*\?$",
    re.IGNORECASE,
)
_TELL_ME = re.compile(
    r"(?:(?:please|can you|could you) )*(?:explain|describe|define|tell me about) "
    r"(?!(?:what|which|who|when|where|why|how|if|whether|it|this|that|these|those|more|me|my)\b)"
    r"(?P<thing>[\w'’-]+(?: [\w'’-]+){0,5}?)"
    r"(?: (?:please|briefly|to me|for me|to (?:a|an|my) \w+"
    r"|in (?:simple|plain|other|your own|a few) (?:words|terms|language|english)))*[.!?]*",
    re.IGNORECASE,
)
_SINGULAR_S = re.compile(r"(?:ss|us|is|as|os|ics)$", re.IGNORECASE)
# "A or B?" wants one of two; "can you explain…", "do you know how…" want no yes.
_NOT_WHETHER = re.compile(
    r"\bor\b|\b(?:do|does|did)\s\w+\s(?:know|say|tell)\b|\b(?:can|could|will|would)\s(?:you|we|i)\s"
    r"(?:please\s)?(?:tell|explain|give|list|show|describe|summar\w+|recommend|name|compare|define"
    r"|outline|elaborate|suggest|get|have|see)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def as_question(message: str) -> str:
    """Return what "Explain tea in simple words." asks: "What is tea?"; others as they are.

    Asked whether the passages hold the answer to a command, a small model says no.
    """
    told = _TELL_ME.fullmatch(message.strip())
    if told is None:
        return message
    noun = re.split(r"\s(?:of|in|for|to|from|by|with|between)\s", told["thing"])[0]
    several = noun.endswith("s") and not _SINGULAR_S.search(noun)
    return f"What {'are' if several else 'is'} {told['thing']}?"


def names_several(question: str) -> bool:
    """Say whether a question may be about more than one thing, as every comparison is."""
    return _SEVERAL.search(question) is not None


def asks_for_list(question: str) -> bool:
    """Say whether a question wants several things of one kind, as a list or a table has them."""
    return _LIST.search(question) is not None


def kind_named(word: str) -> str:
    """Return one of the words that name the same kind of thing ("pros", "benefits"); stems."""
    return _KIND_OF.get(word, word)


def asks_broadly(question: str) -> bool:
    """Say whether a question wants an explanation or a list, rather than a fact or two."""
    return asks_for_list(question) or _EXPLAIN.search(question) is not None


def names_its_topic(question: str) -> bool:
    """Say whether what "it" stands for comes first: "The old mill, was that for sale?"."""
    return _TOPIC_FIRST.match(question) is not None


def asks_whether(question: str) -> bool:
    """Say whether the last thing asked wants a yes or a no: "My son is ten. May he row?"."""
    sentences = _SENTENCE_END.split(question.strip())
    last = next((each for each in reversed(sentences) if each.endswith("?")), sentences[-1])
    is_so = _WHETHER.match(last) or _STATED.match(last)
    return is_so is not None and _NOT_WHETHER.search(last) is None
