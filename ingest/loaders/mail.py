"""E-mail (.eml, .msg, .mbox) and web pages saved as one file (.mhtml)."""

import io
import mimetypes
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from functools import partial
from itertools import chain
from pathlib import PurePath
from quopri import decodestring
from typing import Any, TypeAlias

from ingest.errors import DocumentError
from ingest.loaders import SUFFIXES, html
from ingest.loaders.document import LoadedDocument, choose_title, iso_date
from ingest.loaders.encoding import clean, decode
from ingest.loaders.parts import Parts
from ingest.loaders.tree import damaged
from ingest.loaders.writing import below_a_heading, heading, joined

_PLAIN_SHARE = 0.5  # of the page's words: with fewer, the text only says that there is a page
_POSTMARK = re.compile(
    rb"(?:\AFrom [^\r\n]*|\n\r?\nFrom [^\r\n]* \d?\d:\d\d[^\r\n]* \d{4}\b[^\r\n]*)\r?\n(?=[\w-]+:)"
)
_QUOTED_POSTMARK = re.compile(rb"^>(>*From )", re.MULTILINE)
_TEXTS = ("text/plain", "text/html")
_HEADS = ("From", "To", "Cc", "Date", "Subject")


class _Lenient(EmailPolicy):
    """Python's way to read messages, but a header on which its parser stops is as it is written."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        if not value.isascii():  # written as it is, in some encoding
            value = decode(value.encode("utf-8", "surrogateescape"), name)[0]
        try:
            return super().header_fetch_parse(name, value)
        except Exception:
            return value


@dataclass(frozen=True)
class _Said:
    """Some of what a message says: text, or the source of a web page."""

    source: str
    is_page: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How many words a reader sees."""
        if self.is_page and self.source.strip():
            return len(html.parse(self.source, "").get_text(" ").split())
        return len(self.source.split())


_Part: TypeAlias = "MIMEPart[Any, Any]"


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a message with its head and attachments. Raises DocumentError where there is none."""
    message = _parsed(content, name)
    heads = {head: _written(message, head) for head in _HEADS}
    sent = getattr(message["Date"], "datetime", None)
    parts, said = Parts(name), list[_Said]()
    for leaf in _leaves(message, name):
        if isinstance(leaf, _Said):
            said.append(leaf)
        elif _is_attached(leaf) or not leaf["Content-ID"]:  # a picture in the page is counted there
            parts.add(_called(leaf), partial(_content, leaf))
    return _message(name, heads, said, str(sent or ""), parts)


def read_mailbox(content: bytes, name: str) -> LoadedDocument:
    """Load all messages of a mailbox, one after another."""
    messages = list[LoadedDocument]()
    warnings = list[str]()
    for number, source in enumerate(filter(None, _POSTMARK.split(content)), 1):
        try:
            messages.append(read(_QUOTED_POSTMARK.sub(rb"\1", source), f"message {number}"))
        except DocumentError as error:
            warnings.append(f"{error.document}: {error.problem}")
    return LoadedDocument(
        text=joined(message.text for message in messages),
        title=choose_title("", name),
        type="eml",
        warnings=(*warnings, *(told for each in messages for told in each.warnings)),
        hidden=tuple(words for message in messages for words in message.hidden),
    )


def read_page(content: bytes, name: str) -> LoadedDocument:
    """Load the web page that a .mhtml holds, with its style sheets and the pages in its frames."""
    message = _parsed(content, name)
    parts = dict[str, _Part]()
    for part in message.walk():
        parts[f"cid:{str(part['Content-ID'] or '').strip().strip('<>')}"] = part
        parts[str(part["Content-Location"] or "").strip()] = part
    for part in message.walk():
        if part.get_content_type() == "text/html":
            said = _said(part, name)
            soup = html.parse(said.source, name)
            html.put_sheets_in(
                soup, lambda at: _said(parts[at], name).source if at in parts else ""
            )
            for frame in soup.find_all("iframe", src=True):
                if inside := parts.get(str(frame["src"])):
                    page = html.parse(_said(inside, name).source, name)
                    frame.replace_with(*(page.body or page).find_all(True, recursive=False))
            return html.from_source(str(soup), name, "html", said.warnings)
    raise DocumentError(name, "there is no web page in it.", "Save the page again.")


def read_outlook(content: bytes, name: str) -> LoadedDocument:
    """Load a message that Outlook saved."""
    with damaged(name):
        from oxmsg import Message

        message = Message.load(io.BytesIO(content))
        heads = {head: message.message_headers.get(head, "") for head in _HEADS}
        heads["From"] = heads["From"] or message.sender or ""
        heads["To"] = heads["To"] or ", ".join(each.email_address for each in message.recipients)
        heads["Subject"] = message.subject or ""
        sent = message.sent_date
        heads["Date"] = heads["Date"] or str(sent or "")
        body = [_Said(message.body or "")], [_Said(message.html_body or "", is_page=True)]
        attachments = list(message.attachments)
    parts = Parts(name)
    for each in attachments:
        parts.add(each.file_name or "an attached message", partial(_saved, each))
    said = [version for version in _fullest(body) if isinstance(version, _Said)]
    return replace(_message(name, heads, said, str(sent or ""), parts), type="msg")


def _parsed(content: bytes, name: str) -> EmailMessage:
    with damaged(name):
        message = message_from_bytes(content, policy=_Lenient(refold_source="none"))
    if not message.keys() or not isinstance(message, EmailMessage):
        raise DocumentError(name, "there is no message in it.", "Save the message again.")
    return message


def _written(message: EmailMessage, head: str) -> str:
    return " ".join(clean(str(message[head] or ""))[0].split())


def _said(part: _Part, name: str) -> _Said:
    with damaged(name):
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        text, warnings = decode(content, name, part.get_content_charset())
        text = _unflowed(text) if part.get_param("format") == "flowed" else text
    return _Said(text, part.get_content_type() == "text/html", warnings)


def _unflowed(text: str) -> str:
    """Text whose lines were broken for a narrow window after a blank (RFC 3676), whole again."""
    lines: list[tuple[str, str]] = []
    for line in text.split("\n"):
        words = line.lstrip(">")
        quoted, words = line[: len(line) - len(words)], words.removeprefix(" ")
        before = lines[-1] if lines else ("", "")
        if before[1].endswith(" ") and before[1] != "-- " and before[0] == quoted:
            lines[-1] = quoted, before[1] + words
        else:
            lines.append((quoted, words))
    return "\n".join(f"{quoted} {words}" if quoted else words for quoted, words in lines)


def _leaves(part: _Part, name: str) -> Iterator["_Said | _Part"]:
    """What a message says and what comes with it, in order; a message in it is one part."""
    kind = part.get_content_type()
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        inside = [list(_leaves(each, name)) for each in part.iter_parts()]
        yield from _fullest(inside) if kind == "multipart/alternative" else chain(*inside)
    elif kind.startswith("multipart/") or (kind in _TEXTS and not _is_attached(part)):
        yield _said(part, name)  # of damaged parts it is not told what divides them
    else:
        yield part


def _fullest(versions: Sequence[Sequence["_Said | _Part"]]) -> Iterator["_Said | _Part"]:
    """The plainest version that does not only say that there is a fuller one, and all files."""
    words = [sum(each.words for each in some if isinstance(each, _Said)) for some in versions]
    most = max(words, default=0)
    chosen = next((at for at, count in enumerate(words) if count >= _PLAIN_SHARE * most), 0)
    for at, version in enumerate(versions):
        yield from (each for each in version if at == chosen or not isinstance(each, _Said))


def _is_attached(part: _Part) -> bool:
    return bool(part.get_filename()) or part.get_content_disposition() == "attachment"


def _called(part: _Part) -> str:
    """The name of an attachment; its subject's where it is a message."""
    kind = part.get_content_type()
    name = " ".join((part.get_filename() or "").split())
    if kind == "message/rfc822" and not name.lower().endswith(".eml"):
        with suppress(DocumentError):  # which is told where it is read
            name = name or _written(_parsed(_content(part), name), "Subject")
        return f"{name or 'message'}.eml"
    suffix, usual = PurePath(name).suffix.lower(), mimetypes.guess_extension(kind) or ""
    if suffix in SUFFIXES or (suffix and usual not in SUFFIXES):
        return name
    return (name or part.get_content_subtype()) + usual


def _content(part: _Part) -> bytes:
    with damaged(part.get_filename() or "message"):
        if part.get_content_type() == "message/rfc822":
            inside = bytes(part.get_content())
            # No message may be encoded whole, but some are; the parser takes that for its text.
            encoding = str(part["Content-Transfer-Encoding"] or "").strip().lower()
            if encoding == "base64":
                return b64decode(inside + b"==")  # what is too much is passed over
            return decodestring(inside) if encoding == "quoted-printable" else inside
        return bytes(part.get_payload(decode=True) or b"")


def _saved(attachment: Any) -> bytes:
    with damaged(attachment.file_name or ""):
        return bytes(attachment.file_bytes or b"")


def _message(
    name: str,
    heads: Mapping[str, str],
    said: Sequence[_Said],
    sent: str,
    parts: Parts,
) -> LoadedDocument:
    subject = heads["Subject"]
    told = "\n".join(f"{head}: {value}" for head, value in heads.items() if value)
    body = [
        html.from_source(each.source, name, "eml")
        if each.is_page
        else LoadedDocument(each.source, "", "eml")
        for each in said
    ]
    written = (below_a_heading(each.text) for each in body)
    lead = [heading(1, subject)] if subject else []
    return LoadedDocument(
        text=joined([*lead, told, *written, *parts.blocks]),
        title=subject or name,
        type="eml",
        date=iso_date(sent),
        warnings=(
            *(warning for each in said for warning in each.warnings),
            *(warning for each in body for warning in each.warnings),
            *parts.warnings("attachment(s) were"),
        ),
        metadata={"author": heads["From"]},
        hidden=(*(words for each in body for words in each.hidden), *parts.hidden),
    )
