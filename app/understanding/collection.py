"""Questions about the documents themselves, told from their words: what is there, what is new,
what one of them is about.

Only whole questions of a known form count, so that one about the world is never taken for one about
the documents. Nothing here reads the catalogue; `telling.py` answers.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Literal

from app.language import lexicon
from app.language.claims import stem
from app.understanding.periods import Period, period
from ingest.catalogue import Document

Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class Listing:
    """Which documents there are; only those about something, where `about` names it."""

    about: str | None = None


@dataclass(frozen=True)
class Changes:
    """What has become of the documents in a period; `only` one kind of it, where that is asked."""

    period: Period
    only: Kind | None = None


@dataclass(frozen=True)
class Summary:
    """What one document is about."""

    document: Document

    @property
    def question(self) -> str:
        """What a model is asked about the passages it is given."""
        return f"What is “{self.document.title}” about? Summarise it."


@dataclass(frozen=True)
class WhichDocument:
    """What a document is about, but none or several of them are what the question names.

    `named` is empty where it names none at all.
    """

    named: str
    candidates: tuple[Document, ...] = ()


@dataclass(frozen=True)
class Greeting:
    """No question about anything: a greeting, thanks, or who it is that answers, and how."""


CorpusQuestion = Listing | Changes | Summary | WhichDocument | Greeting

_POLITE = re.compile(
    r"(?:(?:please|hi|hello|hey|ok|okay|so|and)\b[\s,]*|(?:can|could|would|will) you (?:please )?"
    r"|(?:please )?tell me (?!about)|i(?: would|'d) like to (?:know|see) |i want to (?:know|see) "
    r"|(?:can|could|may) i (?:see|have|get) )+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:[\s,]+(?:please|thanks|thank you|for me|at the moment|right now|currently|now|in total"
    r"|briefly|in short|in detail|in (?:a|one|two|three|four|five|\d+|a few|a couple of)"
    r" (?:short )?(?:words?|sentences?|lines?|paragraphs?|bullet points?)))+$",
    re.IGNORECASE,
)
# Nothing of a known form is longer, and patterns take quadratic time over what repeats itself.
_LONGEST = 300
_WITHIN_A_WEEK = timedelta(days=7)

_OURS = r"(?:all(?: of)? )?(?:the|your|my|our|these|those)"
_DOCUMENTS = r"(?:documents?|docs?)"
_FILES = r"(?:documents?|docs?|files?)"
_HOUSE = (
    r"(?:corpus|library|collection|catalogue|catalog|knowledge base|document base|index|archive"
    r"|folder|documents|docs|files)"
)
_PLACE = rf"(?:in|from|of) (?:the|your|my|our|this) {_HOUSE}"
_HERE = (
    rf"(?:(?:do|did) (?:you|we|i) have(?: access to)?|(?:can|do) you (?:read|see|access|know|use)"
    r"|(?:you|we|i) have|have (?:you|we|i) (?:got|read|indexed|added|loaded)"
    r"|(?:you|i|we) (?:know|can (?:read|see|access|use))"
    rf"|(?:are|is) (?:there|here|available|indexed|loaded|{_PLACE}))(?: here| {_PLACE}|"
    r" available| indexed| loaded)?"
)
_LIST = (
    r"(?:list|show|name|enumerate|display|print|give)(?: me)?(?: (?:the |a )?(?:full |complete )?"
    r"(?:list|titles|names) of)?|(?:the |a )?list of"
)
_TOPIC = r"(?P<about>(?!to\b)\S+(?: \S+){0,7})"
_ABOUT = r"(?:about|on|regarding|concerning|mentioning)"
_TREATS = (
    r"(?:(?:is|are) (?:about|on)|mentions?|talks? about|deals? with|(?:has|have) (?:something|"
    r"anything) (?:about|on))"
)

_LISTINGS = [
    rf"(?:what|which|how many)(?: (?:kinds?|sorts?|types?) of)? {_FILES} {_HERE}",
    rf"how many {_FILES}",
    rf"what (?:are|is) {_OURS} {_FILES}(?: {_HERE}| {_PLACE})?",
    rf"(?:{_LIST})(?: all| {_OURS})?(?: available| indexed)? {_FILES}(?: {_HERE}| {_PLACE})?",
    rf"what is the (?:total )?(?:number|count) of {_FILES}(?: {_HERE}| {_PLACE})?",
    rf"how (?:big|large) is (?:the|your|my|our|this) {_HOUSE}",
    rf"what is (?:there )?(?:in|inside) (?:(?:your|my|our|this) {_HOUSE}|the (?:corpus|catalogue"
    r"|catalog|knowledge base|document (?:base|collection)|documents folder))",
    r"what do you know(?: about)?",
    r"what can (?:i ask(?: you)?|you answer)(?: about)?",
    rf"what (?:topics|subjects) (?:do|does|can|are covered (?:by|in)) (?:you|{_OURS} {_HOUSE})"
    r"(?: cover| know| discuss| answer| deal with| talk about)?(?: about)?",
    rf"what (?:are|do) {_OURS} (?:documents|docs|files) (?:about|cover)",
    rf"(?:what|which|how many) {_DOCUMENTS} {_HERE} {_ABOUT} {_TOPIC}",
    rf"(?:what|which|how many) {_DOCUMENTS} {_TREATS} {_TOPIC}",
    rf"(?:what|which|how many) of {_OURS} {_DOCUMENTS} (?:{_TREATS}|(?:cover|discuss|describe|"
    rf"explain)s?) {_TOPIC}",
    rf"(?:(?:do|have) (?:you|we|i) (?:have|got)|(?:are|is) there)(?: any| a| some)? {_DOCUMENTS} "
    rf"(?:{_ABOUT}|(?:that|which) {_TREATS}) {_TOPIC}",
    rf"(?:{_LIST})(?: all| {_OURS})? {_DOCUMENTS}(?: {_HERE})? (?:{_ABOUT}|(?:that|which) "
    rf"{_TREATS}) {_TOPIC}",
]  # fmt: skip

_OURSELVES = r"(?:you|footnote|this (?:site|page|tool|app|chat))"
_GREETINGS = [
    r"(?:(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|thanks|thank you|thx|cheers|bye"
    r"|goodbye|ok|okay|great|nice|cool|yes|no|help|test|there|so much|very much|a lot|again)\b"
    r"[\s,.!]*)+",
    rf"(?:who|what) (?:are|is) {_OURSELVES}|how are you(?: doing)?(?: today)?",
    rf"what (?:can|do|does) {_OURSELVES} do(?: for me)?|what can i do here"
    r"|(?:how )?can you help(?: me)?",
    rf"how (?:do|can|should) i (?:use|work with) (?:this|it|{_OURSELVES})"
    rf"|how (?:do|does) {_OURSELVES} work",
]

_SCOPE = rf"(?:in|to|among|with|from|of) (?:the|your|my|our|this) {_HOUSE}"
_WHEN = r"(?: (?P<when>.+))?"
_DONE = (
    r"(?P<done>added|new|uploaded|indexed|ingested|changed|updated|modified|edited|removed|deleted)"
)
_DID = r"(?:did|have) (?:i|we|you) (?P<did>add|change|remove|delete|upload)(?:d|ed)?"
_NEW = r"(?P<new>new|newest|latest|recent|recently added)"
# These need to say of what or since when: "What is new?" may be about anything.
_SCOPED_CHANGES = [
    rf"what (?:(?:has|have|was|were|is|got)(?: been)? )?(?:happened|{_DONE})"
    rf"(?: (?P<scope>{_SCOPE}))?{_WHEN}",
    rf"what {_DID}(?: (?P<scope>{_SCOPE}))?{_WHEN}",
    r"(?:what (?:are|were)|list|show(?: me)?|give me)(?: all)?(?: of)?(?: the)?"
    rf"(?: recent| latest)? (?:changes|updates|additions|news)(?: (?P<scope>{_SCOPE}))?{_WHEN}",
]
_CHANGES = [
    rf"(?:what|which|how many) (?:{_FILES}|of {_OURS} {_FILES}) (?:were|was|have|has|had|are|is|got"
    rf"|did i|have i)(?: been)?(?: recently)? {_DONE}(?: (?P<scope>{_SCOPE}))?{_WHEN}",
    rf"(?:what|which) {_FILES} {_DID}{_WHEN}",
    rf"(?:have|has|did|were|was|are|is)(?: any| some| {_OURS})(?: of {_OURS})? {_FILES}"
    rf"(?: been)? (?:change|{_DONE})(?: (?P<scope>{_SCOPE}))?{_WHEN}",
    r"(?:what|which|how many|what (?:are|is)(?: the)?|(?:are|is) there(?: any| a)?|any"
    rf"|do you have(?: any| a)?|{_LIST})(?: all| {_OURS})? {_NEW} {_FILES}(?: {_HERE})?{_WHEN}",
]

_KINDS: dict[str, Kind] = {
    **dict.fromkeys("changed updated modified edited change".split(), "changed"),
    **dict.fromkeys("removed deleted remove delete".split(), "removed"),
}

_ADJECTIVES = r"(?:(?:short|brief|quick|concise|detailed|one-\w+|general|high-level) )*"
_SUMMARISE = [
    r"(?:summari[sz]e|sum up|recap|outline) (?P<object>.+)",
    rf"(?:(?:give|show|write|provide|make|get)(?: me)? )?(?:an? |the )?{_ADJECTIVES}"
    r"(?:summary|overview|outline|synopsis|gist|tl;?dr) (?:of|on|about|for) (?P<object>.+)",
    r"what (?:is the (?:gist|summary|main (?:idea|point)|topic|subject)"
    r"|are the (?:main|key) (?:points?|ideas?|takeaways?|topics?)) (?:of|in|from) (?P<object>.+)",
    r"tl;?dr:? (?P<object>.+)",
    r"what is (?P<object>.+?) (?:all )?about",
    r"what (?P<object>.+?) is about",
]
# These ask about a document only where they say that it is one.
_DESCRIBE = [
    r"(?:describe|tell me about|explain|introduce) (?P<object>.+)",
    r"what does (?P<object>.+?) (?:say|cover|contain|talk about|deal with|discuss|describe)",
    r"what is (?:in|inside) (?P<object>.+)",
    r"(?P<object>\S+\.\w{2,8})",
]
_PLURAL = rf"(?:{_OURS} |all |every )?(?:{_HOUSE})(?: {_HERE})?"
_A_DOCUMENT = re.compile(
    r"(?:(?:the|this|that|my|your|our|a|an) )?"
    r"(?:(?P<noun>document|doc|file|pdf)|(?P<weak>paper|article|report|guide|page|note))"
    r"(?: (?P<link>called|named|titled|entitled|on|about|regarding|concerning|with the title))?"
    r"(?::? (?P<named>.+))?",
    re.IGNORECASE,
)
_THE_X_DOCUMENT = re.compile(
    r"(?:the|this|that|my|your|our) (?P<named>.+) (?:document|doc|file|pdf)", re.IGNORECASE
)


def _any(patterns: Sequence[str], words: str) -> re.Match[str] | None:
    found = (re.fullmatch(pattern, words, re.IGNORECASE) for pattern in patterns)
    return next(filter(None, found), None)


def recognised(
    question: str, documents: Callable[[], Sequence[Document]], now: datetime
) -> CorpusQuestion | None:
    """Return what is asked about the documents, or None for a question they are to answer.

    `documents` is called where a question may name one of them. `now` knows its time zone;
    relative dates are seen from there.
    """
    if len(question) > _LONGEST:
        return None
    if is_greeting(question):
        return Greeting()
    words = _bare(question)
    if re.fullmatch(_PLURAL, words, re.IGNORECASE):
        return Listing()
    listing = _any(_LISTINGS, words)
    if listing:
        about = listing.groupdict().get("about")
        return Listing(_unquoted(about) if about else None)
    return _changes(words, now) or _summary(words, documents)


def is_greeting(question: str) -> bool:
    """Say whether it asks nothing of the documents: a greeting, thanks, or how to ask."""
    if len(question) > _LONGEST:
        return False
    return bool(_any(_GREETINGS, _bare(question)) or _any(_GREETINGS, question.strip(" ?!.")))


def _bare(question: str) -> str:
    """Return the question without what is only polite, "what is" written out, no end mark."""
    words = " ".join(question.replace("’", "'").split()).strip(" ?!.")
    words = re.sub(r"^(what|who|which)'s\b", r"\1 is", words, flags=re.IGNORECASE)
    opening = _POLITE.match(words)
    words = words[opening.end() :] if opening else words
    return _CLOSING.sub("", re.sub(r"^(what)'s\b", r"\1 is", words, flags=re.IGNORECASE))


def _changes(words: str, now: datetime) -> Changes | None:
    scoped, found = _any(_SCOPED_CHANGES, words), _any(_CHANGES, words)
    match = scoped or found
    if match is None:
        return None
    groups = match.groupdict()
    when = period(groups["when"], now) if groups["when"] else None
    if groups["when"] and when is None:
        return None
    if scoped and not groups["scope"] and when is None:
        return None
    done = (groups.get("done") or groups.get("did") or "").lower()
    only = _KINDS.get(done, "added")
    # "What has changed?" and "What is new?" ask for everything that happened.
    everything = (not done and not groups.get("new")) or (scoped and done in ("changed", "new"))
    return Changes(when or Period(now - _WITHIN_A_WEEK), None if everything else only)


def _summary(words: str, all_documents: Callable[[], Sequence[Document]]) -> CorpusQuestion | None:
    asked, described = _any(_SUMMARISE, words), _any(_DESCRIBE, words)
    match = asked or described
    if match is None:
        return None
    object_ = match["object"].strip()
    if asked and re.fullmatch(_PLURAL, object_, re.IGNORECASE):
        return Listing()
    documents = all_documents()
    exact = _called(_unquoted(object_), documents, by_title=asked is not None)
    if exact:
        return _one_of(_unquoted(object_), exact)
    phrase = _A_DOCUMENT.fullmatch(object_)
    if phrase:
        named = _unquoted(phrase["named"] or "")
        if not named and phrase["noun"] and not phrase["link"]:
            return _one_of("", documents)
        certain = bool(phrase["noun"] and phrase["link"])
        return _named(named, documents, certain) if named else None
    phrase = _THE_X_DOCUMENT.fullmatch(object_)
    return _named(_unquoted(phrase["named"]), documents, certain=False) if phrase else None


def _named(named: str, documents: Sequence[Document], certain: bool) -> CorpusQuestion | None:
    """Return the document of that name, title or topic; `certain` when it can be nothing else."""
    topic = stems(named)
    found = _called(named, documents, by_title=True) or [
        document
        for document in documents
        if topic and topic <= stems(f"{document.title} {document.name}")
    ]
    return _one_of(named, found) if found or certain else None


def _called(named: str, documents: Sequence[Document], by_title: bool) -> list[Document]:
    """Return the documents whose name, file name or, with `by_title`, title is exactly this."""
    wanted = named.casefold()
    found = []
    for document in documents:
        path = PurePath(document.name)
        names = {document.name, path.name} | ({path.stem, document.title} if by_title else set())
        if wanted in {name.casefold() for name in names}:
            found.append(document)
    return found


def _one_of(named: str, documents: Sequence[Document]) -> Summary | WhichDocument:
    if len(documents) == 1 and documents[0].status != "failed":
        return Summary(documents[0])
    return WhichDocument(named, tuple(documents))


def _unquoted(words: str) -> str:
    return words.strip(" \"'“”‘’«»`*,")


def stems(words: str) -> frozenset[str]:
    """Return the stems of the words that carry meaning; those of a file name too."""
    found = re.findall(r"[^\W_]+", words)
    return frozenset(stem(word) for word in found if word.lower() not in lexicon.words("function"))
