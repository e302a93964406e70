"""Where things are on the page, and which handler each of them calls."""

from typing import Any

import gradio as gr

from app.conversations import Conversations
from app.engine import Engine
from app.library import Library
from app.page.chat import Chat
from app.page.documents import Documents
from app.page.leaving import Leaving
from app.page.listed import Listed
from app.page.speaking import Speaking
from app.page.uploads import Uploads
from app.page.visitors import Visitors
from app.quoting.lines import counted
from app.speakers import Speakers
from ingest.loaders import MAX_BYTES, SUFFIXES

_TOP = """
<button type="button" class="plain" data-drawer aria-controls="aside" aria-expanded="false"
  aria-label="Conversations">☰</button>
<a class="new" href="/" data-go aria-label="New chat">+</a>
<p id="away" role="alert" hidden>Footnote does not answer. What is shown and typed stays; it is
  looked for until it is back.</p>
<dialog id="confirm" aria-labelledby="confirm-words"><form method="dialog">
  <p id="confirm-words"></p>
  <div class="tools"><button value="no" autofocus>Keep it</button>
  <button value="yes" class="danger"></button></div>
</form></dialog>"""
_ASIDE = """
<div class="head"><h1 class="brand"><a href="/" data-go>Footnote</a></h1>
  <a class="new" href="/" data-go>New chat</a></div>
<input type="search" id="find" placeholder="Search" aria-label="Search the conversations">"""
_ASIDE_FOOT = """
<a class="to-check" href="/check">Check a text</a>
<p class="kept">{kept} <button type="button" data-act="forget-all">Delete all</button></p>
<label class="theme">Theme <select id="theme"><option value="">System</option>
  <option value="light">Light</option><option value="dark">Dark</option></select></label>"""
_TABS = """
<div class="tabs" role="tablist" aria-label="Beside the chat">
  <button type="button" role="tab" id="tab-chat" data-tab="chat" aria-controls="chat">Chat</button>
  <button type="button" role="tab" id="tab-sources" data-tab="sources" aria-controls="sources"
    >Sources</button>
  <button type="button" role="tab" id="tab-reader" data-tab="reader" aria-controls="reader"
    >Reader</button>
  <button type="button" role="tab" id="tab-documents" data-tab="documents" aria-controls="documents"
    >Documents</button>
</div>"""
_READER = """
<p class="empty">Choose a footnote or a document, and it opens here.</p>
<iframe name="reader" title="Reader" sandbox="allow-same-origin allow-popups" hidden></iframe>"""
_READ = ",".join(sorted(SUFFIXES))
_DROP = f"""
<label data-limit="{MAX_BYTES}">
  <input type="file" multiple accept="{_READ}" aria-label="Add documents">
  Drop documents here, or choose them</label>
<form class="pasted"><textarea rows="1" aria-label="Text or an address"
  placeholder="Or paste text, or the address of a page"></textarea>
  <button>Add</button></form>
<div class="sending" hidden><span role="status"></span> <button type="button">Cancel</button></div>
<ul class="refused" role="alert" hidden></ul>"""
_FILTER = """
<div class="shelf">
  <input type="search" id="filter" placeholder="Filter" aria-label="Filter the documents">
  <label>Sort by <select id="sort"><option value="name">name</option>
    <option value="title">title</option><option value="date">date</option>
    <option value="read">when read</option><option value="kind">kind</option></select></label>
</div>
<form id="chosen" hidden><span role="status"></span>
  <button type="button" data-act="ask-chosen">Ask these</button>
  <button type="button" data-act="remove-chosen">Remove</button>
  <button type="button" data-act="read-again">Read again</button>
  <span class="gathering"><input list="collections" maxlength="100" placeholder="Collection"
    aria-label="Collection">
  <button type="submit" value="in">Put in</button>
  <button type="submit" value="out">Take out</button></span></form>"""

# Here and not in the page's head: Gradio runs a component's script only when its head is loaded.
_SCRIPT = '<script src="/page/page.js"></script>'
# Gradio finds a component's own events by their quoted names in this script.
_CHAT_EVENTS = (
    "footnote.chat(element, trigger, watch, "
    "['visit', 'ask', 'retry', 'edit', 'branch', 'sources', 'judge'])"
)
_LIST_EVENTS = "footnote.conversations(element, trigger, ['find', 'rename', 'pin', 'forget'])"
_ASKING_EVENTS = "footnote.asking(element, trigger, ['narrow'])"
_ASKED = "question => footnote.asked(question)"
_HERE = "() => footnote.here()"
_DROP_EVENTS = "footnote.uploads(element, trigger, ['given', 'fetch', 'cancel'])"
_MODEL_EVENTS = (
    "footnote.models(element, trigger, "
    "['look', 'speak', 'pull', 'stop_pull', 'connect', 'set_profile'])"
)
_DOCUMENT_EVENTS = (
    "footnote.documents(element, trigger, watch, "
    "['look', 'remove', 'read_again', 'bring_back', 'gather', 'describe', 'close'])"
)


def build_page(
    engine: Engine,
    library: Library,
    uploads: Uploads,
    visitors: Visitors,
    keep_days: int | None,
    speakers: Speakers | None = None,
) -> gr.Blocks:
    """The page as Gradio blocks, not yet served. The engine must have a journal.

    Without `speakers` one model answers everybody, and nobody is asked for another.
    """
    assert engine.journal is not None
    kept = Conversations(engine.journal)
    engine_of = speakers.engine_of if speakers else lambda _: engine
    chat = Chat(engine_of, kept, library, visitors, keep_days)
    listing, documents = Listed(kept, visitors), Documents(library, uploads)
    page: gr.Blocks
    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as page:
        at = gr.Textbox(visible=False)
        with gr.Row(elem_id="top"):
            _html(_TOP, "menu")
            model = _html("", "model")
            models = _html("", "models", _MODEL_EVENTS)
        with gr.Column(elem_id="aside"):
            _html(_ASIDE)
            listed = _html("", "listed", _LIST_EVENTS)
            gr.HTML(_ASIDE_FOOT.format(kept=_kept(keep_days)), js_on_load=None)
        _html(_TABS, "tabs")
        with gr.Row(elem_id="views"):
            with gr.Column(elem_id="chat"):
                turns = _html("", "turns", _CHAT_EVENTS)
                status = _html("", "status", html_template='<p role="status">${value}</p>')
                asked = _html("", "asking", _ASKING_EVENTS)
                box = gr.Textbox(
                    elem_id="question",
                    label="Your question",
                    show_label=False,
                    placeholder="Ask a question",
                    lines=1,
                    max_lines=6,
                    submit_btn="Ask",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
                )
            with gr.Column(elem_id="beside"):
                with gr.Column(elem_id="sources"):
                    quoted = _html()
                with gr.Column(elem_id="reader"):
                    _html(_READER)
                with gr.Column(elem_id="documents"):
                    drop = _html(_DROP, "drop", _DROP_EVENTS)
                    receipt = _html("", "receipt")
                    _html(_FILTER, "finding")
                    shelf = _html(events=_DOCUMENT_EVENTS)

        view = [turns, quoted, status, box, model, listed, asked]
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        # Each visitor's latest question replaces their earlier one, so none must wait in a queue.
        asking: dict[str, Any] = {**own, "trigger_mode": "multiple", "concurrency_limit": None}
        page.load(documents.open, None, shelf, **own)
        gr.on([box.submit], chat.ask, [box, at], view, js=_ASKED, **asking)
        turns.visit(chat.visit, None, view, **asking)
        turns.ask(chat.ask_example, None, view, **asking)
        turns.retry(chat.retry, None, view, **asking)
        turns.edit(chat.edit, None, view, **asking)
        turns.branch(chat.branch, None, view, **asking)
        asked.narrow(chat.narrow, None, view, **asking)
        turns.judge(chat.judge, None, turns, **own)
        turns.sources(chat.show_sources, None, quoted, **own)
        box.stop(chat.stop, at, None, js=_HERE, queue=False, **own)
        listed.find(listing.find, None, listed, **asking)
        listed.rename(listing.rename, None, listed, **own)
        listed.pin(listing.pin, None, listed, **own)
        listed.forget(listing.forget, None, listed, **own)
        if speakers is not None:
            speaking = Speaking(speakers, visitors)
            panel = [models, model]
            models.look(speaking.look, None, panel, **asking)
            models.speak(speaking.speak, None, panel, **own)
            models.connect(speaking.connect, None, panel, **own)
            models.set_profile(speaking.set_profile, None, panel, **own)
            models.pull(speaking.pull, None, panel, **asking)
            models.stop_pull(speaking.stop_pull, None, None, queue=False, **own)
        # A document may be read for a minute, in a process of its own: the next visitor's has
        # another. Four take at most 4 GB.
        drop.given(documents.add, None, [receipt, shelf], **own, concurrency_limit=4)
        drop.fetch(documents.fetch, None, [receipt, shelf], **own, concurrency_limit=4)
        drop.cancel(documents.cancel, None, None, queue=False, **own)
        shelf.look(documents.open, None, shelf, **own)
        shelf.close(documents.close, None, receipt, **own)
        both = [receipt, shelf]
        shelf.read_again(documents.read_again, None, both, **own, concurrency_limit=4)
        shelf.bring_back(documents.bring_back, None, both, **own, concurrency_limit=4)
        shelf.remove(documents.remove, None, both, **own)
        shelf.gather(documents.gather, None, both, **own)
        shelf.describe(documents.describe, None, both, **own)
        page.unload(chat.left)
        page.unload(Leaving(page).left)
    return page


def _html(markup: str = "", name: str = "", events: str = "", **more: Any) -> gr.HTML:
    """A piece of the page; with `events`, the script that gives it events of its own."""
    return gr.HTML(
        markup or None,
        elem_id=name or None,
        head=_SCRIPT if events else None,
        js_on_load=events or None,
        apply_default_css=False,
        **more,
    )


def _kept(days: int | None) -> str:
    if days is None:
        return "Kept on this machine until you delete it."
    return f"Kept on this machine for {counted(days, 'day')}; what is pinned, longer."
