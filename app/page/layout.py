"""Where things are on the page, and which handler each of them calls."""

from typing import Any

import gradio as gr
from pydantic import BaseModel

from app.page.calls import Addition, Edit, Example, Judgement, Removal, Turn
from app.page.chat import Chat, Visitor
from app.page.documents import Documents
from app.page.leaving import Leaving
from app.page.ports import Engine, Library
from app.page.uploads import SPLIT, TOO_LARGE, Uploads
from ingest.loaders import MAX_BYTES, SUFFIXES

_BRAND = '<h1 class="brand">Footnote</h1><a class="to-check" href="/check">Check a text</a>'
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
<label data-limit="{MAX_BYTES}" data-refusal="{TOO_LARGE} {SPLIT}">
  <input type="file" multiple accept="{_READ}" aria-label="Add documents">
  Drop documents here, or choose them</label>
<p class="sending" role="status" hidden></p>
<ul class="refused" role="alert" hidden></ul>"""
_FILTER = """
<input type="search" id="filter" placeholder="Filter" aria-label="Filter the documents">
<dialog id="confirm" aria-labelledby="confirm-words"><form method="dialog">
  <p id="confirm-words"></p>
  <div class="tools"><button value="no" autofocus>Keep it</button>
  <button value="yes" class="danger">Remove it</button></div>
</form></dialog>"""

# Here and not in the page's head: Gradio runs a component's script only when its head is loaded.
_SCRIPT = '<script src="/page/page.js"></script>'
# Gradio finds a component's own events by their quoted names in this script.
_CHAT_EVENTS = "footnote.chat(element, trigger, ['ask', 'retry', 'edit', 'sources', 'judge'])"
_DROP_EVENTS = "footnote.uploads(element, trigger, ['given'])"
_DOCUMENT_EVENTS = "footnote.documents(element, trigger, watch, ['remove'])"

# What the event of each handler brings.
EVENTS: dict[str, type[BaseModel]] = {
    "ask_example": Example,
    "retry": Turn,
    "edit": Edit,
    "judge": Judgement,
    "show_sources": Turn,
    "add": Addition,
    "remove": Removal,
}


def build_page(engine: Engine, library: Library, uploads: Uploads) -> gr.Blocks:
    """The page as Gradio blocks, not yet served."""
    chat, documents = Chat(engine, library), Documents(library, uploads)
    page: gr.Blocks
    with gr.Blocks(
        title="Footnote",
        analytics_enabled=False,
        fill_width=True,
    ) as page:
        visitor = gr.State(Visitor())
        with gr.Row(elem_id="top"):
            gr.HTML(_BRAND, js_on_load=None, elem_id="brand")
            model = gr.HTML(js_on_load=None, elem_id="model")
            new = gr.Button("New chat", elem_id="new", size="sm")
        gr.HTML(_TABS, js_on_load=None, elem_id="tabs", apply_default_css=False)
        with gr.Row(elem_id="views"):
            with gr.Column(elem_id="chat"):
                turns = gr.HTML(
                    head=_SCRIPT,
                    js_on_load=_CHAT_EVENTS,
                    elem_id="turns",
                    apply_default_css=False,
                )
                status = gr.HTML(
                    html_template='<p role="status">${value}</p>',
                    js_on_load=None,
                    elem_id="status",
                    apply_default_css=False,
                )
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
                    quoted = gr.HTML(js_on_load=None, apply_default_css=False)
                with gr.Column(elem_id="reader"):
                    gr.HTML(_READER, js_on_load=None, apply_default_css=False)
                with gr.Column(elem_id="documents"):
                    drop = gr.HTML(
                        _DROP,
                        head=_SCRIPT,
                        js_on_load=_DROP_EVENTS,
                        elem_id="drop",
                        apply_default_css=False,
                    )
                    receipt = gr.HTML(js_on_load=None, apply_default_css=False)
                    gr.HTML(_FILTER, js_on_load=None, apply_default_css=False)
                    listed = gr.HTML(
                        head=_SCRIPT, js_on_load=_DOCUMENT_EVENTS, apply_default_css=False
                    )

        view = [turns, quoted, status, box, model]
        own: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        # Each visitor's latest question replaces their earlier one, so none must wait in a queue.
        asking: dict[str, Any] = {**own, "trigger_mode": "multiple", "concurrency_limit": None}
        page.load(chat.open, visitor, view, **own)
        page.load(documents.open, None, listed, **own)
        gr.on([box.submit], chat.ask, [box, visitor], view, **asking)
        turns.ask(chat.ask_example, visitor, view, **asking)
        turns.retry(chat.retry, visitor, view, **asking)
        turns.edit(chat.edit, visitor, view, **asking)
        turns.judge(chat.judge, visitor, turns, **own)
        turns.sources(chat.show_sources, visitor, quoted, **own)
        box.stop(chat.stop, None, None, queue=False, **own)
        new.click(chat.clear, visitor, view, **own)
        # A document may be read for a minute, in a process of its own: the next visitor's has
        # another. Four take at most 4 GB.
        drop.given(documents.add, None, [receipt, listed], **own, concurrency_limit=4)
        listed.remove(documents.remove, None, [receipt, listed], **own)
        page.unload(chat.stop)
        page.unload(Leaving(page).left)
    return page
