"""E-mail (.eml, .msg) and web pages saved as one file (.mhtml)."""

import io
from collections.abc import Mapping
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from typing import Any

from ingest.errors import DocumentError
from ingest.loaders import html
from ingest.loaders.document import LoadedDocument, iso_date
from ingest.loaders.encoding import clean
from ingest.loaders.tree import damaged
from ingest.loaders.writing import heading, joined

_HEADS = ("From", "To", "Cc", "Date", "Subject")


def read(content: bytes, name: str) -> LoadedDocument:
    """Load a message with its head. Raises DocumentError where there is none."""
    message = _parsed(content, name)
    heads = {head: _written(message, head) for head in _HEADS}
    body = message.get_body(("plain", "html"))
    is_page = body is not None and body.get_content_type() == "text/html"
    text = _text(body, name) if body is not None else ""
    sent = message["Date"].datetime if message["Date"] else None
    attached = [
        part.get_filename() or part.get_content_type() for part in message.iter_attachments()
    ]
    return _message(name, heads, text, is_page, str(sent or ""), attached)


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
        attached = [each.file_name or "a file" for each in message.attachments]
        is_page = not message.body and bool(message.html_body)
        text = message.body or message.html_body or ""
    return replace(_message(name, heads, text, is_page, str(sent or ""), attached), type="msg")


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
    if part.get_param("format") == "flowed":
        text = clean(text)[0].replace("\n-- \n", "\n--\n").replace(" \n", " ")
    return clean(text)[0]


def _message(
    name: str,
    heads: Mapping[str, str],
    text: str,
    is_page: bool,
    sent: str,
    attached: list[str],
) -> LoadedDocument:
    subject = heads["Subject"]
    told = "\n".join(f"{head}: {value}" for head, value in heads.items() if value)
    page = html.from_source(text, name, "eml") if is_page else None
    body = page.text if page else text
    warnings = page.warnings if page else ()
    if attached:
        warnings += (f"{len(attached)} attachment(s) were not read: {', '.join(attached)}.",)
    lead = [heading(1, subject)] if subject else []
    return LoadedDocument(
        text=joined([*lead, told, body]),
        title=subject or name,
        type="eml",
        date=iso_date(sent),
        warnings=warnings,
        metadata={"author": heads["From"]},
        hidden=page.hidden if page else (),
    )
