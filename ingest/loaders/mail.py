"""E-mail (.eml, .msg) and web pages saved as one file (.mhtml)."""

import io
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from functools import partial
from pathlib import PurePath
from typing import Any

from ingest.errors import DocumentError
from ingest.loaders import html
from ingest.loaders.document import LoadedDocument, iso_date
from ingest.loaders.encoding import clean
from ingest.loaders.parts import Parts
from ingest.loaders.tree import damaged
from ingest.loaders.writing import heading, joined

_PLAIN_SHARE = 0.5  # of the page's words: with fewer, the text only says that there is a page
_HEADS = ("From", "To", "Cc", "Date", "Subject")


@dataclass(frozen=True)
class _Body:
    """What a message says, as text and as a web page, either of which may be empty."""

    text: str
    page: str

    @property
    def is_page(self) -> bool:
        """Whether the page says more than the text does."""
        words = len(html.parse(self.page, "").get_text(" ").split()) if self.page.strip() else 0
        return len(self.text.split()) < _PLAIN_SHARE * words


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a message with its head and attachments. Raises DocumentError where there is none."""
    message = _parsed(content, name)
    heads = {head: _written(message, head) for head in _HEADS}
    sent = message["Date"].datetime if message["Date"] else None
    parts = Parts(name)
    said: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    for part in _leaves(message):
        kind, is_named = part.get_content_type(), part.get_filename() or part.is_attachment()
        if kind in said and not is_named:
            said[kind].append(_text(part, name))
        elif is_named or not part["Content-ID"]:  # a picture in the page is counted there
            parts.add(_called(part), partial(_content, part))
    body = _Body(*map("\n\n".join, said.values()))
    return _message(name, heads, body, str(sent or ""), parts)


def read_page(content: bytes, name: str) -> LoadedDocument:
    """Load the web page that a .mhtml holds."""
    message = _parsed(content, name)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            source = _text(part, name)
            return replace(html.from_source(source, name, "html"), type="html")
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
        body = _Body(message.body or "", message.html_body or "")
        attachments = list(message.attachments)
    parts = Parts(name)
    for each in attachments:
        parts.add(each.file_name or "an attached message", partial(_saved, each))
    return replace(_message(name, heads, body, str(sent or ""), parts), type="msg")


def _parsed(content: bytes, name: str) -> EmailMessage:
    with damaged(name):
        message = message_from_bytes(content, policy=policy.default)
    if not message.keys() or not isinstance(message, EmailMessage):
        raise DocumentError(name, "there is no message in it.", "Save the message again.")
    return message


def _written(message: EmailMessage, head: str) -> str:
    return " ".join(str(message[head] or "").split())


def _text(part: "MIMEPart[Any, Any]", name: str) -> str:
    with damaged(name):
        charset = part.get_content_charset() or "utf-8"
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        try:
            text = content.decode(charset)
        except (LookupError, UnicodeDecodeError):
            text = content.decode("utf-8", "replace")
    text = clean(text)[0]
    return _unflowed(text) if part.get_param("format") == "flowed" else text


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


def _leaves(part: "MIMEPart[Any, Any]") -> Iterator["MIMEPart[Any, Any]"]:
    """The parts of a message that are no parts of parts; a message in it is one."""
    if part.get_content_maintype() == "multipart":
        for each in part.iter_parts():
            yield from _leaves(each)
    else:
        yield part


def _called(part: "MIMEPart[Any, Any]") -> str:
    """The name of an attachment; its subject's where it is a message."""
    kind = part.get_content_type()
    name = " ".join((part.get_filename() or "").split())
    if kind == "message/rfc822" and not name.lower().endswith(".eml"):
        return f"{name or part.get_content()['Subject'] or 'message'}.eml"
    if PurePath(name).suffix:
        return name
    return (name or part.get_content_subtype()) + (mimetypes.guess_extension(kind) or "")


def _content(part: "MIMEPart[Any, Any]") -> bytes:
    with damaged(_called(part)):
        if part.get_content_type() == "message/rfc822":
            return bytes(part.get_content())
        return bytes(part.get_payload(decode=True) or b"")


def _saved(attachment: Any) -> bytes:
    with damaged(attachment.file_name or ""):
        return bytes(attachment.file_bytes or b"")


def _message(
    name: str,
    heads: Mapping[str, str],
    body: _Body,
    sent: str,
    parts: Parts,
) -> LoadedDocument:
    subject = heads["Subject"]
    told = "\n".join(f"{head}: {value}" for head, value in heads.items() if value)
    page = html.from_source(body.page, name, "eml") if body.is_page else None
    lead = [heading(1, subject)] if subject else []
    return LoadedDocument(
        text=joined([*lead, told, page.text if page else body.text, *parts.blocks]),
        title=subject or name,
        type="eml",
        date=iso_date(sent),
        warnings=(*(page.warnings if page else ()), *parts.warnings("attachment(s) were")),
        metadata={"author": heads["From"]},
        hidden=(*(page.hidden if page else ()), *parts.hidden),
    )
